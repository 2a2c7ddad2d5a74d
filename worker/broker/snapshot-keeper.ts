/**
 * The only reader of the broker's lists (BRK-12): one picture at a time, shared by all who ask while it
 * is taken. What a picture tells is committed before anybody sees the picture.
 */
import type { BrokerPort } from '../../broker/port.js';
import type { Logger } from '../../config/logger.js';
import type { Snapshot } from '../../domain/broker/snapshot.js';
import { factsOf } from '../../domain/sending/picture.js';
import type { Inbox } from './inbox.js';

/** Why a picture was asked for; for the log. */
export type PictureCause = 'connect' | 'restored' | 'interval' | 'look-up' | 'guard';

export interface SnapshotKeeperOptions {
  readonly broker: Pick<BrokerPort, 'snapshot'>;
  readonly inbox: Pick<Inbox, 'accept' | 'drained'>;
  readonly log: Logger;
}

export class SnapshotKeeper {
  /** Pictures whose facts are being committed, and those that were: each is taken in once. */
  private readonly taken = new WeakMap<Snapshot, Promise<Snapshot>>();
  private newestAtMs: number | null = null;
  private readonly stopping = new AbortController();

  constructor(private readonly options: SnapshotKeeperOptions) {}

  /**
   * Takes a picture; its facts are committed when this resolves. A call made while one is read shares
   * it, unless something was written since it began. Never rejects: what proves nothing isn't complete,
   * and says why (`problem`). After `stop` it resolves at once, incomplete.
   */
  async refresh(why: PictureCause): Promise<Snapshot> {
    const snapshot = await this.options.broker.snapshot();
    let taking = this.taken.get(snapshot);
    if (!taking) this.taken.set(snapshot, (taking = this.takeIn(snapshot, why)));
    return taking;
  }

  /** When the newest complete picture was begun; null before the first. */
  pictureAtMs(): number | null {
    return this.newestAtMs;
  }

  /** Ends every wait of this keeper's. */
  stop(): Promise<void> {
    this.stopping.abort();
    return Promise.resolve();
  }

  private async takeIn(snapshot: Snapshot, why: PictureCause): Promise<Snapshot> {
    const { inbox, log } = this.options;
    for (const fact of factsOf(snapshot, Date.now())) inbox.accept(fact);
    await inbox.drained();
    if (snapshot.isComplete) this.newestAtMs = snapshot.startedAtMs;
    else log.warn({ why, problem: snapshot.problem }, 'a picture of the broker is incomplete');
    return snapshot;
  }
}
