/**
 * The guard of a link's accounts (TRD-3): every 30 s (a setting) and after each re-sync it looks, from a picture of the
 * broker, whether what is held is covered and whether exits could fill more than there is. It needs no
 * Temporal. Repair comes first: the trade's workflow is reminded, and if the breach is still there 3 s
 * later the guard calls the same idempotent operation itself. After a re-sync it doesn't wait for the
 * workflow: what that had asked for may have died with the worker before this one.
 */
import type { Logger } from '../../config/logger.js';
import type { Snapshot } from '../../domain/broker/snapshot.js';
import { isLive } from '../../domain/orders/machine.js';
import {
  breachesOf,
  excessAtBroker,
  missingAtBroker,
  type Breach,
  type GuardedTrade,
  type Missing,
} from '../../domain/trade/guard.js';
import { isStopUnderWay } from '../../domain/trade/stop-delay.js';
import { viewOf } from '../../domain/trade/view.js';
import type { Book } from '../../domain/trade/book.js';
import { loadBook } from '../../store/book/load.js';
import type { Database } from '../../store/database.js';
import { BreachCount, WINDOW_MS } from './breach-count.js';
import type { SnapshotKeeper, Taken } from './snapshot-keeper.js';
import { filterInSlices } from './slices.js';
import { Turns } from './turns.js';

/** What the workflow has not mended by then, the guard mends. */
const REPAIR_AFTER_MS = 3_000;
/**
 * A breach that repairs don't end is repaired again at growing pauses, up to this: half of the time within which
 * breaches count together, so that one which lasts is counted all along.
 */
export const REPAIR_AGAIN_MAX_MS = WINDOW_MS / 2;
/** Beyond so many doublings the pause is the longest anyway. */
const ROUNDS_MAX = 10;
/** How often breaches are looked at whose time has come. */
const CHECK_EVERY_MS = 500;
/** Repairs at once: each needs database and line. The next begins as soon as one has ended. */
const REPAIRS_AT_ONCE = 5;

export interface GuardOptions {
  readonly db: Database;
  readonly keeper: Pick<SnapshotKeeper, 'refresh' | 'onTaken'>;
  /** Whether the link is READY: nothing can be mended before. */
  readonly isReady: () => boolean;
  /** Reminds the trade's workflow of how the trade stands. */
  readonly remind: (tradeId: string) => void;
  /** The idempotent repair (`pursue`). */
  readonly repair: (tradeId: string) => Promise<unknown>;
  /** A breach that was still there after its time to mend, told once. */
  readonly onBreach: (breach: Breach) => Promise<void>;
  /** So many breaches at once that nothing is flattened any more: entries are to be halted. */
  readonly onMassBreach: (tradeIds: readonly string[]) => Promise<void>;
  /** The broker holds fewer shares than the books say, and exits could fill more, or are gone; each trade of it, in turn. */
  readonly onUnexplained: (unexplained: Unexplained) => Promise<void>;
  readonly log: Logger;
  readonly nowMs: () => number;
  readonly lookEveryMs: number;
}

/** What lasts from picture to picture, and no book says. */
export interface Unexplained {
  readonly tradeId: string;
  /** The picture that showed it last. */
  readonly snapshot: Snapshot;
  /** All that the picture was compared with. */
  readonly trades: readonly GuardedTrade[];
  /** Since when pictures show it. */
  readonly sinceMs: number;
}

/** A stop that is placed after the fill is repaired like a breach, and counted as its own time (stop-delay.ts). */
type Found = Breach & { readonly isAwaited?: boolean };

const isCounted = ({ isAwaited = false }: Found): boolean => !isAwaited;

export class Guard {
  /** When each trade that may be in breach is to be looked at. */
  private readonly dueAtMs = new Map<string, number>();
  /** How often each was repaired in vain. */
  private readonly rounds = new Map<string, number>();
  /** Of whose breach people were told. */
  private readonly told = new Set<string>();
  /** Since when exits exceed the broker's position, by trade. */
  private excess = new Map<string, number>();
  /** Under way, or waiting for their turn. */
  private readonly repairing = new Set<string>();
  private readonly turns = new Turns(REPAIRS_AT_ONCE);
  /** Found while the link was not READY: mended as soon as it is. */
  private readonly afterSync = new Set<string>();
  private readonly count: BreachCount;
  private readonly timers: NodeJS.Timeout[] = [];
  /** Looks still to come that show whether an excess lasts. */
  private readonly secondLooks = new Set<NodeJS.Timeout>();
  private openTrades = 0;
  private explaining: Promise<void> = Promise.resolve();
  private checking = false;
  private isStopped = false;

  constructor(private readonly options: GuardOptions) {
    const { keeper, isReady, lookEveryMs } = options;
    this.count = new BreachCount(options.nowMs);
    keeper.onTaken((taken) => this.look(taken));
    const look = (): void => {
      if (isReady()) void keeper.refresh('guard');
    };
    this.timers.push(setInterval(look, lookEveryMs));
    this.timers.push(setInterval(() => void this.check(), CHECK_EVERY_MS));
  }

  /** A change of the trade was committed: shares without enough armed stops are looked at in 3 s. */
  committed(tradeId: string, { unarmedSinceMs }: Pick<Book, 'unarmedSinceMs'>): void {
    if (unarmedSinceMs !== null) this.watch(tradeId);
  }

  /** False while so much is in breach that no sale may follow from it (TRD-3). */
  mayFlatten(): boolean {
    return !this.count.isMass(this.openTrades);
  }

  /** Breaches and share-seconds since this process began, for health and metrics. */
  numbers(): ReturnType<BreachCount['numbers']> {
    return this.count.numbers();
  }

  stop(): void {
    this.isStopped = true;
    for (const timer of this.timers) clearInterval(timer);
    for (const timer of this.secondLooks) clearTimeout(timer);
    this.dueAtMs.clear();
    this.afterSync.clear();
  }

  private async look({ snapshot, trades, touched }: Taken): Promise<void> {
    this.openTrades = trades.length;
    const wasReady = this.options.isReady();
    const found = await filterInSlices(trades, (trade) => breachesOf(trade).length > 0);
    for (const { tradeId } of found) this.options.remind(tradeId);
    const suspects = new Set([...found.map(({ tradeId }) => tradeId), ...touched]);
    for (const tradeId of suspects) this.watch(tradeId);
    if (!wasReady) for (const tradeId of suspects) this.afterSync.add(tradeId);
    this.lookAtPositions(snapshot, trades);
  }

  /** One picture may catch a fill half told: what the next one shows too is unexplained. */
  private lookAtPositions(snapshot: Snapshot, trades: readonly GuardedTrade[]): void {
    const { positions, startedAtMs: atMs } = snapshot;
    const excess = excessAtBroker(trades, positions);
    const named = new Set(excess.map(({ tradeId }) => tradeId));
    const gone = missingAtBroker(trades, positions).filter(({ tradeId }) => !named.has(tradeId));
    const found = [...excess, ...gone];
    const before = this.excess;
    this.excess = new Map(found.map(({ tradeId }) => [tradeId, before.get(tradeId) ?? atMs]));
    const isNew = found.some(({ tradeId }) => !before.has(tradeId));
    if (isNew) this.lookAgain();
    const lasting = found.filter(
      ({ tradeId }) => atMs - this.excess.get(tradeId)! >= REPAIR_AFTER_MS,
    );
    this.explaining = this.explaining.then(() => this.explain(lasting, snapshot, trades));
  }

  /** One after the other: what is found of one trade changes what is left for the next. */
  private async explain(
    lasting: readonly Missing[],
    snapshot: Snapshot,
    trades: readonly GuardedTrade[],
  ): Promise<void> {
    const { onUnexplained, log } = this.options;
    for (const { tradeId, shares } of lasting) {
      log.error({ tradeId, shares }, 'the broker holds fewer shares than the books say');
      const sinceMs = this.excess.get(tradeId) ?? snapshot.startedAtMs;
      await onUnexplained({ tradeId, snapshot, trades, sinceMs }).catch((error: unknown) =>
        log.error({ tradeId, error: String(error) }, 'it could not be looked into'),
      );
      // What was booked leaves exits that are too many: they go though no workflow is there to see to it.
      this.watch(tradeId);
    }
  }

  private lookAgain(): void {
    const timer = setTimeout(() => {
      this.secondLooks.delete(timer);
      void this.options.keeper.refresh('guard');
    }, REPAIR_AFTER_MS);
    this.secondLooks.add(timer);
  }

  private watch(tradeId: string): void {
    if (!this.dueAtMs.has(tradeId)) {
      const pauseMs = REPAIR_AFTER_MS * 2 ** (this.rounds.get(tradeId) ?? 0);
      this.dueAtMs.set(tradeId, this.options.nowMs() + Math.min(pauseMs, REPAIR_AGAIN_MAX_MS));
    }
  }

  private async check(): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    try {
      await this.mendAfterSync();
      const nowMs = this.options.nowMs();
      const due = [...this.dueAtMs].filter(([, atMs]) => atMs <= nowMs).map(([id]) => id);
      const found: Found[] = [];
      for (const tradeId of due) found.push(...(await this.breachesNow(tradeId)));
      // All are looked at first, for it counts how many there are; repair comes before words.
      await this.mend([...new Set(found.map(({ tradeId }) => tradeId))]);
      await this.tell(found);
    } finally {
      this.checking = false;
    }
  }

  /**
   * All are looked at first, for that counts how many there are: too many, and nothing is sold. Nobody is told
   * yet: what is still in breach at its time is looked at as ever.
   */
  private async mendAfterSync(): Promise<void> {
    const { isReady, log } = this.options;
    if (!isReady()) return;
    const suspects = [...this.afterSync];
    this.afterSync.clear();
    const found: string[] = [];
    for (const tradeId of suspects) {
      try {
        if ((await this.countedNow(tradeId)).length > 0) found.push(tradeId);
      } catch (error) {
        log.warn({ tradeId, error: String(error) }, 'the guard could not look after a re-sync');
      }
    }
    for (const tradeId of found) this.startRepair(tradeId);
  }

  /** What is wrong with it by its book of now. */
  private async countedNow(tradeId: string): Promise<readonly Found[]> {
    const { book } = await loadBook(this.options.db, tradeId);
    const breaches = breachesOf(guardedOf(book));
    const isAwaited = isStopUnderWay(book, this.options.nowMs());
    const found = breaches.map((breach) =>
      isAwaited && breach.kind === 'unprotected' ? { ...breach, isAwaited } : breach,
    );
    this.count.take(tradeId, found.filter(isCounted), book.unarmedSinceMs);
    return found;
  }

  /** None when nobody can tell now: then the trade is looked at again, and holds up no other. */
  private async breachesNow(tradeId: string): Promise<readonly Found[]> {
    try {
      const breaches = await this.countedNow(tradeId);
      this.dueAtMs.delete(tradeId);
      if (breaches.length > 0) return breaches;
      this.rounds.delete(tradeId);
      this.told.delete(tradeId);
    } catch (error) {
      this.options.log.warn({ tradeId, error: String(error) }, 'the guard could not look');
      this.dueAtMs.delete(tradeId);
      this.watch(tradeId);
    }
    return [];
  }

  /** Each trade's breaches once; what could not be told is told when the trade is looked at again. */
  private async tell(breaches: readonly Found[]): Promise<void> {
    const { onBreach, log } = this.options;
    const untold = breaches.filter((one) => isCounted(one) && !this.told.has(one.tradeId));
    for (const breach of untold) {
      const { tradeId } = breach;
      await onBreach(breach).then(
        () => this.told.add(tradeId),
        (error: unknown) => log.error({ tradeId, error: String(error) }, 'a breach was not told'),
      );
    }
  }

  /** Repairs what is in breach; each is looked at again until it isn't. */
  private async mend(tradeIds: readonly string[]): Promise<void> {
    const { isReady, onMassBreach, log } = this.options;
    if (tradeIds.length === 0) return;
    for (const tradeId of tradeIds) this.watch(tradeId);
    if (!this.mayFlatten()) {
      log.error({ trades: this.count.breached() }, 'too many breaches at once: nothing is sold');
      await onMassBreach(this.count.breached()).catch((error: unknown) =>
        log.error(
          { error: String(error) },
          'entries could not be paused: tried with the next look',
        ),
      );
    }
    if (!isReady()) return;
    for (const tradeId of tradeIds) {
      if (!this.startRepair(tradeId)) continue;
      this.rounds.set(tradeId, Math.min((this.rounds.get(tradeId) ?? 0) + 1, ROUNDS_MAX));
    }
  }

  /** False where one is under way, or waits for its turn. */
  private startRepair(tradeId: string): boolean {
    if (this.repairing.has(tradeId)) return false;
    this.repairing.add(tradeId);
    this.turns
      .run(() => this.repairInTurn(tradeId))
      .catch((error: unknown) =>
        this.options.log.error({ tradeId, error: String(error) }, 'not repaired'),
      )
      .finally(() => this.repairing.delete(tradeId));
    return true;
  }

  private async repairInTurn(tradeId: string): Promise<void> {
    const { isReady, repair, log } = this.options;
    if (this.isStopped) return;
    if (!isReady()) {
      this.afterSync.add(tradeId);
      return;
    }
    log.warn({ tradeId }, 'not protected as it should be: the guard repairs');
    await repair(tradeId);
  }
}

/** A trade as pictures give it, from its book. */
export function guardedOf(book: Book): GuardedTrade {
  const { id: tradeId, account, symbol, side, exits, unarmedSinceMs, instrument } = book;
  return {
    ...{ tradeId, account, symbol, side, unarmedSinceMs, securityType: instrument.securityType },
    brokerContractId: instrument.brokerContractId ?? null,
    held: viewOf(book).heldQuantity,
    stopPrice: exits.stopPrice,
    legs: book.legs.filter((leg) => isLive(leg)),
  };
}
