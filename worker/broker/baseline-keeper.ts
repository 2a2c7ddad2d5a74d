/** Sees to it that each account of the link gets its baseline, by the first complete pictures (REC-2). */
import type { Logger } from '../../config/logger.js';
import type { Snapshot } from '../../domain/broker/snapshot.js';
import { APART_MS } from '../../domain/sending/picture.js';
import { lookAtBaseline, type BaselineAccount } from '../../store/baseline.js';
import type { Database } from '../../store/database.js';

/** A picture that is begun then is far enough from the last one. */
const LOOK_AGAIN_MS = APART_MS + 500;

export interface BaselineOptions {
  readonly db: Database;
  readonly accounts: () => readonly BaselineAccount[];
  /** Facts of the account wait that can't be booked: what its books lack may be in them. */
  readonly hasStuck: (brokerAccountId: string) => boolean;
  /** Another picture is wanted. */
  readonly lookAgain: () => void;
  readonly log: Logger;
}

export class BaselineKeeper {
  /** Accounts whose baseline no later picture can change. */
  private readonly settled = new Set<string>();
  private timer: NodeJS.Timeout | null = null;
  private isStopped = false;

  constructor(private readonly options: BaselineOptions) {}

  /** Looks at a complete picture whose facts are booked. Never rejects: nothing waits for a baseline. */
  async look(snapshot: Snapshot): Promise<void> {
    const { db, accounts, hasStuck, log } = this.options;
    const open = accounts().filter(
      ({ id, brokerAccountId }) => !this.settled.has(id) && !hasStuck(brokerAccountId),
    );
    for (const account of open) {
      try {
        if (await lookAtBaseline(db, account, snapshot)) this.settled.add(account.id);
        else this.again();
      } catch (error) {
        log.error({ account: account.brokerAccountId, error: String(error) }, 'no baseline yet');
      }
    }
  }

  stop(): void {
    this.isStopped = true;
    if (this.timer) clearTimeout(this.timer);
  }

  /** Once: from then on the guard's pictures are soon enough. */
  private again(): void {
    if (this.timer !== null || this.isStopped) return;
    this.timer = setTimeout(() => this.options.lookAgain(), LOOK_AGAIN_MS);
  }
}
