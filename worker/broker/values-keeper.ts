/**
 * Keeps an account's values of now: what a day has made, its limits and every share of equity are reckoned with them, and
 * nobody may plan for hours. Plans ask for newer ones by themselves.
 */
import type { BrokerPort } from '../../broker/port.js';
import type { Logger } from '../../config/logger.js';

/** Two messages; TWS itself reckons them anew every three minutes, and with each change of a position. */
const EVERY_MS = 60_000;
/** The parts of a fill come together, and the broker has reckoned with them by then. */
const AFTER_CHANGE_MS = 2_000;

export class ValuesKeeper {
  private timer: NodeJS.Timeout;
  private dueMs: number;
  private isStopped = false;

  constructor(
    private readonly broker: Pick<BrokerPort, 'state'>,
    /** Asks for an account's values, and stores them. */
    private readonly ask: (account: string) => Promise<void>,
    private readonly log: Logger,
    private readonly everyMs = EVERY_MS,
  ) {
    [this.timer, this.dueMs] = this.after(everyMs);
  }

  /** A position of an account is another one now. */
  moved(): void {
    if (this.isStopped || this.dueMs <= Date.now() + AFTER_CHANGE_MS) return;
    clearTimeout(this.timer);
    [this.timer, this.dueMs] = this.after(AFTER_CHANGE_MS);
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private after(waitMs: number): [NodeJS.Timeout, number] {
    return [setTimeout(() => void this.refresh(), waitMs).unref(), Date.now() + waitMs];
  }

  private async refresh(): Promise<void> {
    // A change that is told meanwhile is another reason to ask.
    [this.timer, this.dueMs] = this.after(this.everyMs);
    const { ready, accounts } = this.broker.state();
    // The link's own sync asks for the first values.
    if (!ready) return;
    for (const account of accounts) {
      await this.ask(account).catch((error: unknown) => {
        this.log.info({ account, error: String(error) }, 'no account values of now');
      });
    }
  }
}
