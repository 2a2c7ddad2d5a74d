/**
 * The only reader of the broker's lists (BRK-12). What a picture tells is committed before anybody sees
 * the picture: what differs from the books as facts, then what it proves of orders that it lacks.
 */
import { setImmediate } from 'node:timers/promises';
import type { BrokerPort } from '../../broker/port.js';
import type { Logger } from '../../config/logger.js';
import type { Snapshot } from '../../domain/broker/snapshot.js';
import type { GuardedTrade } from '../../domain/trade/guard.js';
import type { Database } from '../../store/database.js';
import { bookedExecutions } from '../../store/known-orders.js';
import type { Adopter } from './adopter.js';
import type { Inbox } from './inbox.js';
import type { BaselineKeeper } from './baseline-keeper.js';
import type { Judge } from './judge.js';
import { PictureDifference } from './picture-difference.js';
import type { RecoveryWatch } from './recovery-watch.js';

/** Why a picture was asked for. A look-up compares what is in doubt, everything else all open trades. */
export type PictureCause = 'connect' | 'restored' | 'interval' | 'look-up' | 'guard' | 'reconcile';

/** What came of a picture that was compared with all open trades. */
export interface Taken {
  readonly snapshot: Snapshot;
  /** As they were before the picture's facts were booked. */
  readonly trades: readonly GuardedTrade[];
  /** Trades that the picture told something of. */
  readonly touched: ReadonlySet<string>;
}

/** One picture, and what it was asked for by now: whoever asked first, for a sync it is a sync's. */
interface Taking {
  readonly causes: Set<PictureCause>;
  /** It is taken in once for a purpose: compared with all open trades, or not. */
  readonly ways: Map<boolean, Promise<Snapshot>>;
}

export interface SnapshotKeeperOptions {
  readonly db: Database;
  readonly connectionId: string;
  readonly broker: Pick<BrokerPort, 'snapshot'>;
  readonly inbox: Pick<
    Inbox,
    'accept' | 'drained' | 'learn' | 'learnBooked' | 'outlive' | 'stuckTrades'
  >;
  /** Takes over what this system placed and the database lost. */
  readonly adopter: Pick<Adopter, 'look'>;
  /** Judges the trades that a complete picture says something suspicious of. */
  readonly judge: Pick<Judge, 'judge'>;
  /** Looks for what the account held before. */
  readonly baseline: Pick<BaselineKeeper, 'look'>;
  /** Looks whether so much is unexplained that nothing may be opened. */
  readonly recovery: Pick<RecoveryWatch, 'look'>;
  readonly log: Logger;
}

export class SnapshotKeeper {
  /** Pictures that are being taken in, and those that were. */
  private readonly taken = new WeakMap<Snapshot, Taking>();
  private readonly listeners: ((taken: Taken) => void | Promise<void>)[] = [];
  private readonly difference: PictureDifference;
  private inTurn: Promise<unknown> = Promise.resolve();
  private newestAtMs: number | null = null;
  private hasBooked = false;
  private readonly stopping = new AbortController();
  private readonly stopped: Promise<void>;

  constructor(private readonly options: SnapshotKeeperOptions) {
    this.difference = new PictureDifference(options);
    const { signal } = this.stopping;
    this.stopped = new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** Tells of each complete picture that was compared with all open trades. */
  onTaken(listener: (taken: Taken) => void | Promise<void>): void {
    this.listeners.push(listener);
  }

  /**
   * Takes a picture; its facts are committed when this resolves. A call made while one is read shares
   * it, unless something was written since it began. Never rejects: what proves nothing isn't complete,
   * and says why (`problem`). After `stop` it resolves at once, incomplete.
   */
  async refresh(why: PictureCause): Promise<Snapshot> {
    const ended = this.stopped.then(() => nothing('the worker stops'));
    return Promise.race([ended, this.read(why)]);
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

  private async read(why: PictureCause): Promise<Snapshot> {
    try {
      await this.learnBooked();
      return await this.shared(await this.options.broker.snapshot(), why);
    } catch (error) {
      this.options.log.warn({ why, error: String(error) }, 'a picture could not be taken in');
      return nothing(String(error));
    }
  }

  /** The broker tells all executions of its day with each session: their rows are known before. */
  private async learnBooked(): Promise<void> {
    if (this.hasBooked) return;
    const { db, connectionId, inbox } = this.options;
    inbox.learnBooked(await bookedExecutions(db, connectionId, Date.now()));
    this.hasBooked = true;
  }

  /** One picture may serve several who asked; it is taken in once, and one picture after the other. */
  private shared(snapshot: Snapshot, why: PictureCause): Promise<Snapshot> {
    const whole = why !== 'look-up';
    const shared: Taking = this.taken.get(snapshot) ?? { causes: new Set(), ways: new Map() };
    this.taken.set(snapshot, shared);
    const { causes, ways } = shared;
    causes.add(why);
    const known = ways.get(true) ?? ways.get(whole);
    if (known) return known;
    const taking = this.inTurn.then(() => this.takeIn(snapshot, whole, causes));
    this.inTurn = taking.catch(() => undefined);
    ways.set(whole, taking);
    return taking;
  }

  private async takeIn(
    snapshot: Snapshot,
    whole: boolean,
    causes: ReadonlySet<PictureCause>,
  ): Promise<Snapshot> {
    const { inbox, adopter, judge, baseline, recovery, log } = this.options;
    const startedAtMs = performance.now();
    // Before it is compared: what an older session told of a live order changes no book from here on.
    if (whole && snapshot.isComplete) inbox.outlive(snapshot.generation);
    // What is being committed is in the books then: a commit in between would go over the picture unseen.
    await inbox.drained();
    if (this.stopping.signal.aborted) return nothing('the worker stops');
    if (whole && snapshot.isComplete) await adopter.look(snapshot);
    const found = await this.difference.find(snapshot, whole);
    for (const fact of found.facts) inbox.accept(fact);
    await inbox.drained();
    if (this.stopping.signal.aborted) return nothing('the worker stops');
    found.booked();
    if (!snapshot.isComplete) {
      log.warn(
        { why: [...causes], problem: snapshot.problem },
        'a picture of the broker is incomplete',
      );
      return snapshot;
    }
    await baseline.look(snapshot);
    // A book that lacks what the broker told is no measure of a picture.
    const stuck = inbox.stuckTrades();
    const suspects = new Set([...found.suspects].filter((tradeId) => !stuck.has(tradeId)));
    await judge.judge(snapshot, suspects);
    await setImmediate();
    if (whole) await recovery.look(snapshot, causes.has('connect') || causes.has('restored'));
    this.newestAtMs = snapshot.startedAtMs;
    const tookMs = Math.round(performance.now() - startedAtMs);
    const facts = found.facts.length;
    log.debug(
      { why: [...causes], facts, suspects: suspects.size, trades: found.trades.length, tookMs },
      'picture',
    );
    if (whole) {
      const touched = new Set([...found.touched, ...found.suspects]);
      for (const listener of this.listeners) {
        // Each reckons over all trades: the beats of this process come in between.
        await setImmediate();
        await listener({ snapshot, trades: found.trades, touched });
      }
    }
    return snapshot;
  }
}

/** A picture that proves nothing. */
function nothing(problem: string): Snapshot {
  const nowMs = Date.now();
  return {
    generation: 0,
    generationSinceMs: nowMs,
    startedAtMs: nowMs,
    endedAtMs: nowMs,
    isComplete: false,
    problem,
    orders: [],
    completed: [],
    executions: [],
    positions: [],
  };
}
