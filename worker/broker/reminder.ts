/**
 * Reminds workflows that were passed by (TRD-15): the books count a change as told, and the workflow has
 * not seen it. An activity's answer marks its snapshot as told, and Temporal may throw the answer away when
 * it had given that attempt up. Each change is asked for once; asking is a query and leaves no history.
 * A workflow that has seen more than the books ever gave belongs to books that were lost: these are a restored
 * backup's, and their numbers are raised above it.
 */
import type { Client } from '@temporalio/client';
import { seenSeq } from '../../client/trades.js';
import type { Logger } from '../../config/logger.js';
import type { Database } from '../../store/database.js';
import { overtakeStory, quietTrades, type QuietTrade } from '../../store/delivery.js';

/** An answer is on its way for a moment; what is older than this was lost. */
const QUIET_MS = 60_000;
/** Asked in one look: after a start, thousands are to be asked. */
const ASKED_MAX = 50;
const AT_ONCE = 10;
/** A workflow that could not answer is asked again after that. */
const ASK_AGAIN_MS = 5 * 60_000;

export interface ReminderOptions {
  readonly db: Database;
  readonly temporal: Client;
  readonly accountIds: () => readonly string[];
  readonly remind: (tradeId: string) => void;
  readonly log: Logger;
}

export class Reminder {
  /** The last change of each trade that its workflow is known to have seen. */
  private readonly seen = new Map<string, number>();
  /** Those that could not be asked, and when they may be. */
  private readonly notBeforeMs = new Map<string, number>();

  constructor(private readonly options: ReminderOptions) {}

  /** Looks at the trades that have a running workflow. */
  async look(running: readonly string[]): Promise<void> {
    const { db, accountIds } = this.options;
    this.forgetAllBut(new Set(running));
    const quiet = await quietTrades(db, accountIds(), running, QUIET_MS);
    const asked = quiet.filter((trade) => this.isDoubtful(trade)).slice(0, ASKED_MAX);
    for (let first = 0; first < asked.length; first += AT_ONCE) {
      const some = asked.slice(first, first + AT_ONCE);
      const answers = await Promise.all(some.map((trade) => this.ask(trade)));
      // No worker is there to answer for any of them: the others would wait in vain, too.
      if (!answers.includes(true)) return;
    }
  }

  private isDoubtful({ tradeId, wakeSeq }: QuietTrade): boolean {
    if ((this.notBeforeMs.get(tradeId) ?? 0) > performance.now()) return false;
    return (this.seen.get(tradeId) ?? -1) < wakeSeq;
  }

  /** True when the workflow answered. */
  private async ask({ tradeId, wakeSeq, seq: booked }: QuietTrade): Promise<boolean> {
    const { db, temporal, remind, log } = this.options;
    try {
      const seq = await seenSeq(temporal, tradeId);
      if (seq > booked) {
        log.warn(
          { tradeId, seq, booked },
          'its workflow knows more than the books: a restored backup',
        );
        await overtakeStory(db, tradeId, seq);
        return true;
      }
      if (seq >= wakeSeq) {
        this.seen.set(tradeId, seq);
        return true;
      }
      log.warn({ tradeId, seq, wakeSeq }, 'its workflow was passed by: it is reminded');
      remind(tradeId);
      return true;
    } catch (error) {
      this.notBeforeMs.set(tradeId, performance.now() + ASK_AGAIN_MS);
      log.info({ tradeId, error: String(error) }, 'its workflow could not be asked');
      return false;
    }
  }

  private forgetAllBut(running: ReadonlySet<string>): void {
    for (const known of [this.seen, this.notBeforeMs]) {
      for (const tradeId of known.keys()) if (!running.has(tradeId)) known.delete(tradeId);
    }
  }
}
