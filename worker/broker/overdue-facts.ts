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
  overdueOf,
} from '../../domain/trade/overdue.js';
import type { GuardedTrade } from '../../domain/trade/guard.js';
import { alertTrade } from '../../store/alerts.js';
import type { Database } from '../../store/database.js';
import type { Taken } from './snapshot-keeper.js';
import { Turns } from './turns.js';

export interface OverdueFactsOptions {
  readonly db: Database;
  /** Reminds the trade's workflow of how the trade stands. */
  readonly remind: (tradeId: string) => void;
  /** The idempotent repair (`pursue`). */
  readonly repair: (tradeId: string) => Promise<unknown>;
  readonly log: Logger;
  readonly nowMs: () => number;
}

/** A repair may take 45 s: so many at once, as the guard does. */
const REPAIRS_AT_ONCE = 5;

export class OverdueFacts {
  /** What is under way, by trade. */
  private readonly inHand = new Map<string, Promise<void>>();
  private readonly turns = new Turns(REPAIRS_AT_ONCE);

  constructor(private readonly options: OverdueFactsOptions) {}

  /** Called with each picture of all open trades; a trade that is in hand is left to that. */
  look({ trades }: Pick<Taken, 'trades'>): void {
    const nowMs = this.options.nowMs();
    for (const trade of trades) {
      const { tradeId, legs } = trade;
      if (this.inHand.has(tradeId) || !isOverdue(legs, nowMs, FACTS_OVERDUE_MS)) continue;
      const work = this.turns.run(() => this.pursue(trade));
      this.inHand.set(
        tradeId,
        work.finally(() => this.inHand.delete(tradeId)),
      );
    }
  }

  /** When all that was looked at is done. */
  async done(): Promise<void> {
    await Promise.all(this.inHand.values());
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
      summary: `${symbol}: executions that never came (${missing}): compare with the broker's own statement`,
      detail: { missing },
    });
  }
}
