/**
 * Fills that a status told of, and whose executions don't come (TRD-3, TRD-11): what the account holds is
 * protected by then, whether or not a workflow is there, and a person is told what is known.
 */
import type { Logger } from '../../config/logger.js';
import { tradeLeg } from '../../domain/trade/leg.js';
import {
  FACTS_FOR_PERSON_MS,
  FACTS_OVERDUE_MS,
  isOverdue,
  missingText,
  overdueAtMs,
  overdueOf,
} from '../../domain/trade/overdue.js';
import type { Book } from '../../domain/trade/book.js';
import type { GuardedTrade } from '../../domain/trade/guard.js';
import { alertTrade } from '../../store/alerts.js';
import { loadBook } from '../../store/book/load.js';
import type { Database } from '../../store/database.js';
import { guardedOf } from './guard.js';
import type { Taken } from './snapshot-keeper.js';
import { Turns } from './turns.js';

export interface OverdueFactsOptions {
  readonly db: Database;
  /** Whether the link is READY: nothing can be mended before. */
  readonly isReady: () => boolean;
  /** Reminds the trade's workflow of how the trade stands. */
  readonly remind: (tradeId: string) => void;
  /** The idempotent repair (`pursue`). */
  readonly repair: (tradeId: string) => Promise<unknown>;
  readonly log: Logger;
  readonly nowMs: () => number;
}

/** Whether the link is READY again is asked so often, as by the guard, while something waits for it. */
const READY_POLL_MS = 500;
/** A repair may take 45 s: so many at once, as the guard does. */
const REPAIRS_AT_ONCE = 5;
/** What a repair sends is answered, and committed, within moments: that calls for no further look. */
const LOOK_AGAIN_MS = 1_000;
/** An order that is refused again and again is a commit each time: pauses grow up to a picture's. */
const LOOK_AGAIN_MAX_MS = 30_000;
/** After so long without a look by a commit the pauses begin anew. */
const CALM_AFTER_MS = 2 * LOOK_AGAIN_MAX_MS;

/** The last look that a commit called for. */
interface Look {
  readonly atMs: number;
  /** None sooner after it. */
  readonly pauseMs: number;
}

export class OverdueFacts {
  /** What is under way, by trade. */
  private readonly inHand = new Map<string, Promise<void>>();
  private readonly turns = new Turns(REPAIRS_AT_ONCE);
  /** Looks that commits call for, by trade. */
  private readonly due = new Map<string, NodeJS.Timeout>();
  private readonly looks = new Map<string, Look>();
  /** Found, or come due, while the link was not READY: begun as soon as it is. */
  private readonly afterSync = new Set<string>();
  private readyPoll: NodeJS.Timeout | null = null;
  private isStopped = false;

  constructor(private readonly options: OverdueFactsOptions) {}

  /**
   * Called with each picture of all open trades; a trade that is in hand is left to that. The picture of a sync
   * comes before READY, and may bring what is missing: the book is asked again then.
   */
  look({ trades }: Pick<Taken, 'trades'>): void {
    const { isReady, nowMs } = this.options;
    const atMs = nowMs();
    for (const trade of trades) {
      if (!isOverdue(trade.legs, atMs, FACTS_OVERDUE_MS)) continue;
      if (isReady()) this.begin(trade.tradeId, () => this.pursue(trade));
      else this.keep(trade.tradeId);
    }
  }

  /** A change of the trade was committed: it is looked at as soon as what it waits for is overdue. */
  committed(tradeId: string, { legs }: Pick<Book, 'legs'>): void {
    const nowMs = this.options.nowMs();
    const atMs = overdueAtMs(legs, nowMs);
    if (atMs === null) this.forget(tradeId);
    else if (!this.due.has(tradeId)) this.lookAt(tradeId, atMs, nowMs);
  }

  stop(): void {
    this.isStopped = true;
    if (this.readyPoll) clearInterval(this.readyPoll);
    this.afterSync.clear();
    for (const tradeId of [...this.due.keys()]) this.forget(tradeId);
  }

  /** When all that was looked at is done. */
  async done(): Promise<void> {
    await Promise.all(this.inHand.values());
  }

  /** `pursue` never fails. */
  private begin(tradeId: string, pursue: () => Promise<void>): void {
    if (this.inHand.has(tradeId)) return;
    const work = this.turns.run(pursue);
    this.inHand.set(
      tradeId,
      work.finally(() => this.inHand.delete(tradeId)),
    );
  }

  /** Keeps it for when the link is READY. */
  private keep(tradeId: string): void {
    if (this.isStopped) return;
    this.afterSync.add(tradeId);
    this.readyPoll ??= setInterval(() => this.beginKept(), READY_POLL_MS);
  }

  private beginKept(): void {
    if (!this.options.isReady()) return;
    if (this.readyPoll) clearInterval(this.readyPoll);
    this.readyPoll = null;
    const kept = [...this.afterSync];
    this.afterSync.clear();
    for (const tradeId of kept) void this.beginAfterSync(tradeId);
  }

  /** What is still in hand was begun on the link that was lost. */
  private async beginAfterSync(tradeId: string): Promise<void> {
    await this.inHand.get(tradeId);
    this.begin(tradeId, () => this.pursueByBook(tradeId));
  }

  /** A book that can't be read now is asked for again. */
  private async pursueByBook(tradeId: string): Promise<void> {
    const { db, nowMs, log } = this.options;
    if (this.isStopped) return;
    try {
      const { book } = await loadBook(db, tradeId);
      if (isOverdue(book.legs, nowMs(), FACTS_OVERDUE_MS)) await this.pursue(guardedOf(book));
    } catch (error) {
      log.warn({ tradeId, error: String(error) }, 'not looked at after a re-sync');
      this.keep(tradeId);
    }
  }

  private forget(tradeId: string): void {
    clearTimeout(this.due.get(tradeId));
    this.due.delete(tradeId);
    this.looks.delete(tradeId);
  }

  /** Looks then, or when the pause after the last look is over. */
  private lookAt(tradeId: string, atMs: number, nowMs: number): void {
    if (this.isStopped) return;
    const last = this.looks.get(tradeId);
    const wantedMs = Math.max(atMs, last ? last.atMs + last.pauseMs : 0);
    const timer = setTimeout(() => {
      // From here on a commit calls for the next one: what this one reads may be older.
      this.due.delete(tradeId);
      this.lookNow(tradeId).catch((error: unknown) =>
        this.options.log.warn({ tradeId, error: String(error) }, 'left to the next picture'),
      );
    }, wantedMs - nowMs);
    this.due.set(tradeId, timer);
  }

  private async lookNow(tradeId: string): Promise<void> {
    const { db, isReady } = this.options;
    this.noteLook(tradeId);
    // What is under way may have been planned before the commit.
    await this.inHand.get(tradeId);
    const { book } = await loadBook(db, tradeId);
    const nowMs = this.options.nowMs();
    const atMs = overdueAtMs(book.legs, nowMs);
    if (atMs === null) this.forget(tradeId);
    else if (atMs <= nowMs && !isReady()) this.keep(tradeId);
    else if (atMs <= nowMs) this.begin(tradeId, () => this.pursue(guardedOf(book)));
    else if (!this.due.has(tradeId)) this.lookAt(tradeId, atMs, nowMs);
  }

  private noteLook(tradeId: string): void {
    const atMs = this.options.nowMs();
    const last = this.looks.get(tradeId);
    const isCalm = last === undefined || atMs - last.atMs >= CALM_AFTER_MS;
    const pauseMs = isCalm ? LOOK_AGAIN_MS : Math.min(2 * last.pauseMs, LOOK_AGAIN_MAX_MS);
    this.looks.set(tradeId, { atMs, pauseMs });
  }

  /** Never fails: what could not be done is tried with a later picture. */
  private async pursue(trade: GuardedTrade): Promise<void> {
    const { repair, remind, log } = this.options;
    const { tradeId } = trade;
    log.warn({ tradeId }, 'executions are overdue: protected by the position meanwhile');
    remind(tradeId);
    await this.tell(trade).catch((error: unknown) =>
      log.error({ tradeId, error: String(error) }, 'overdue executions were not told'),
    );
    await repair(tradeId).catch((error: unknown) =>
      log.error({ tradeId, error: String(error) }, 'not repaired'),
    );
  }

  /** Once for each fill that is missing. */
  private async tell({ tradeId, symbol, legs }: GuardedTrade): Promise<void> {
    const late = overdueOf(legs, this.options.nowMs(), FACTS_FOR_PERSON_MS);
    if (late.length === 0) return;
    const missing = missingText(late.map(tradeLeg));
    await alertTrade(this.options.db, tradeId, {
      kind: 'executions_missing',
      dedupeKey: `executions-missing:${tradeId}:${missing}`,
      summary: `${symbol}: executions that never came (${missing}): compare with the broker's own statement, and book them by the command that "ballast doctor" names`,
      detail: { missing },
    });
  }
}
