/**
 * The sweep of unwatched trades (TRD-15, R-16): a trade that isn't over, or isn't settled, has a
 * running workflow, and one that has none, whatever ended it, gets one. One that runs and was passed by is
 * reminded.
 */
import { isTradeRunning, runningTrades } from '../../client/trades.js';
import type { Logger } from '../../config/logger.js';
import { mustBeWatched, newestSnapshot, noteTakenUp, tradesToWatch } from '../../store/delivery.js';
import { Reminder } from './reminder.js';
import { takeUp, type TakeUpOptions } from './take-up.js';

const SWEEP_EVERY_MS = 10_000;
/** A workflow was started, or ended with its last change, within this: nothing is missing yet. */
const AGE_MS = 10_000;
/** Started in one sweep: after the loss of all of Temporal's data they come back some at a time. */
const STARTS_MAX = 200;

export interface SweepOptions extends TakeUpOptions {
  /** Account rows whose trades are swept from here. */
  readonly accountIds: () => readonly string[];
  readonly log: Logger;
  /** Tells a trade's workflow how the trade stands, also what it was told before. */
  readonly remind: (tradeId: string) => void;
  readonly everyMs?: number;
}

export class Sweep {
  private timer: NodeJS.Timeout;
  private stopped = false;
  private readonly reminder: Reminder;

  constructor(private readonly options: SweepOptions) {
    this.reminder = new Reminder(options);
    this.timer = this.schedule();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private schedule(): NodeJS.Timeout {
    return setTimeout(() => void this.sweepForEver(), this.options.everyMs ?? SWEEP_EVERY_MS);
  }

  private async sweepForEver(): Promise<void> {
    try {
      await this.sweep();
    } catch (error) {
      this.options.log.warn({ error: String(error) }, 'the sweep of unwatched trades failed');
    }
    if (!this.stopped) this.timer = this.schedule();
  }

  private async sweep(): Promise<void> {
    const { db, temporal, accountIds } = this.options;
    const open = await tradesToWatch(db, accountIds(), AGE_MS);
    const running = await runningTrades(temporal);
    const missing = open.filter((tradeId) => !running.has(tradeId)).slice(0, STARTS_MAX);
    for (const tradeId of missing) {
      if (this.stopped) return;
      if (!(await isTradeRunning(temporal, tradeId))) await this.restart(tradeId);
    }
    if (!this.stopped) await this.reminder.look([...running]);
  }

  private async restart(tradeId: string): Promise<void> {
    const { db, log } = this.options;
    if (!(await mustBeWatched(db, tradeId))) return;
    const snapshot = await newestSnapshot(db, tradeId);
    log.warn({ tradeId, state: snapshot?.state }, 'an open trade had no workflow: it gets one');
    await takeUp(this.options, tradeId, snapshot);
    await noteTakenUp(db, tradeId, 'it had no running workflow: its story was taken up again');
  }
}
