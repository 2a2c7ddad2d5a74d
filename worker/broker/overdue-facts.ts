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
  /** Whether the link is READY: nothing can be mended before, and a picture is taken then. */
  readonly isReady: () => boolean;
  /** Reminds the trade's workflow of how the trade stands. */
  readonly remind: (tradeId: string) => void;
  /** The idempotent repair (`pursue`). */
  readonly repair: (tradeId: string) => Promise<unknown>;
  readonly log: Logger;
  readonly nowMs: () => number;
}

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
  private isStopped = false;

  constructor(private readonly options: OverdueFactsOptions) {}

  /** Called with each picture of all open trades; a trade that is in hand is left to that. */
  look({ trades }: Pick<Taken, 'trades'>): void {
    if (!this.options.isReady()) return;
    const nowMs = this.options.nowMs();
    for (const trade of trades) {
      if (isOverdue(trade.legs, nowMs, FACTS_OVERDUE_MS)) this.begin(trade);
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
    for (const tradeId of [...this.due.keys()]) this.forget(tradeId);
  }

  /** When all that was looked at is done. */
  async done(): Promise<void> {
    await Promise.all(this.inHand.values());
  }

  private begin(trade: GuardedTrade): void {
    const { tradeId } = trade;
    if (this.inHand.has(tradeId)) return;
    const work = this.turns.run(() => this.pursue(trade));
    this.inHand.set(
      tradeId,
      work.finally(() => this.inHand.delete(tradeId)),
    );
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
    else if (atMs <= nowMs && isReady()) this.begin(guardedOf(book));
    else if (atMs > nowMs && !this.due.has(tradeId)) this.lookAt(tradeId, atMs, nowMs);
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
