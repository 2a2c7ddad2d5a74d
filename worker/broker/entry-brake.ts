/**
 * The brake on resting entries (RSK-5): while a halt, a reduction, a pause or the day's loss is in force, what
 * of an entry is unfilled goes. Nobody tells a trade of a switch, so every 2 s this looks for entries that a switch
 * forbids, and has each cancelled by the trade's own idempotent operation. It needs no Temporal.
 */
import type { Logger } from '../../config/logger.js';
import type { Database } from '../../store/database.js';
import { forbiddenEntries } from '../../store/resting-entries.js';

const LOOK_EVERY_MS = 2_000;
/** Looked up at once; the next look finds the others. */
const BATCH = 200;
/** Cancelled at once: each needs database and line. */
const AT_ONCE = 20;
/** An entry that is still there after its trade was seen to is tried again after that. */
const AGAIN_MS = 10_000;

export interface EntryBrakeOptions {
  readonly db: Database;
  /** Account rows whose entries are looked at. */
  readonly accountIds: () => readonly string[];
  /** Whether the link is READY: nothing can be cancelled before. */
  readonly isReady: () => boolean;
  readonly isHaltFile: () => boolean;
  /** The idempotent repair (`pursue`): it reads the switches itself, and cancels. */
  readonly repair: (tradeId: string) => Promise<unknown>;
  readonly log: Logger;
}

export class EntryBrake {
  /** Trades in hand, and those that were a moment ago. */
  private readonly known = new Set<string>();
  private readonly queue: string[] = [];
  private atWork = 0;
  private timer: NodeJS.Timeout;
  private stopped = false;

  constructor(private readonly options: EntryBrakeOptions) {
    this.timer = this.schedule();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private schedule(): NodeJS.Timeout {
    return setTimeout(() => void this.lookForEver(), LOOK_EVERY_MS);
  }

  private async lookForEver(): Promise<void> {
    try {
      if (this.options.isReady()) await this.look();
    } catch (error) {
      this.options.log.warn({ error: String(error) }, 'could not look for forbidden entries');
    }
    if (!this.stopped) this.timer = this.schedule();
  }

  private async look(): Promise<void> {
    const { db, accountIds, isHaltFile, log } = this.options;
    // What waits for its turn is enough to do: the rest is looked up when that is done.
    if (this.queue.length > 0) return;
    const query = { accountIds: accountIds(), isHalted: isHaltFile(), limit: BATCH };
    const found = await forbiddenEntries(db, { ...query, except: [...this.known] });
    if (found.length > 0) log.warn({ trades: found.length }, 'entries that must go are cancelled');
    for (const tradeId of found) this.known.add(tradeId);
    this.queue.push(...found);
    this.workOn();
  }

  private workOn(): void {
    while (!this.stopped && this.atWork < AT_ONCE) {
      const tradeId = this.queue.shift();
      if (tradeId === undefined) return;
      this.atWork += 1;
      void this.cancel(tradeId).finally(() => {
        this.atWork -= 1;
        this.workOn();
      });
    }
  }

  private async cancel(tradeId: string): Promise<void> {
    const { repair, log } = this.options;
    try {
      await repair(tradeId);
    } catch (error) {
      log.error({ tradeId, error: String(error) }, 'its entry was not cancelled');
    }
    setTimeout(() => this.known.delete(tradeId), AGAIN_MS).unref();
  }
}
