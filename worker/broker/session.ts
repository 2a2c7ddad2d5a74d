/**
 * The link's owner: after every connect, and after every loss of the broker's servers, the broker is read
 * anew, and only a picture of the generation that the link is in then declares it READY (BRK-1, BRK-12).
 */
import type {
  BrokerEvent,
  BrokerPort,
  BrokerPosition,
  ConnectionState,
} from '../../broker/port.js';
import type { Logger } from '../../config/logger.js';
import type { Broker } from '../../domain/broker/abilities.js';
import type { Snapshot } from '../../domain/broker/snapshot.js';
import { around } from '../../failpoints/failpoint.js';
import { recordAccounts, type AccountRow } from '../../store/accounts.js';
import { recordGeneration } from '../../store/connections.js';
import type { Database } from '../../store/database.js';
import { knownOrders } from '../../store/known-orders.js';
import type { Inbox } from './inbox.js';
import type { LeaseKeeper } from './lease-keeper.js';
import type { MarketKeeper } from './market-keeper.js';
import type { PictureCause, SnapshotKeeper } from './snapshot-keeper.js';

/** After a sync that did not succeed the next try waits this long, then twice as long, … */
const RESYNC_FIRST_MS = 500;
/** … but not longer: as soon as the broker can be read again, positions are looked after again. */
const RESYNC_MAX_MS = 8_000;

export interface SessionOptions {
  readonly db: Database;
  readonly broker: BrokerPort;
  /** What its accounts are recorded with; absent: IBKR. */
  readonly kind?: Broker;
  readonly lease: Pick<LeaseKeeper, 'current'>;
  readonly inbox: Pick<Inbox, 'accept'>;
  readonly keeper: Pick<SnapshotKeeper, 'refresh'>;
  readonly market: Pick<MarketKeeper, 'refreshAccount' | 'resubscribe'>;
  readonly userId: string;
  readonly log: Logger;
  /** The link's state, or that of its sync, is another one now. */
  readonly onChange: () => void;
  /** The link was declared READY, after a start or a break. */
  readonly onSynced: () => void;
  /** The broker told what an account holds of a contract. */
  readonly onPosition?: (position: BrokerPosition) => void;
}

export class BrokerSession {
  private accountRows: AccountRow[] = [];
  private syncing: Promise<void> | null = null;
  private readonly unsubscribe: () => void;
  private readyWaiters: (() => void)[] = [];
  private wake: () => void = () => undefined;
  private cause: PictureCause = 'connect';
  private stopped = false;
  /** Since when the link is READY without a break; null while it isn't. */
  readySinceMs: number | null = null;
  /** Since when it isn't; null while it is. */
  downSinceMs: number | null = Date.now();

  constructor(private readonly options: SessionOptions) {
    this.unsubscribe = options.broker.onEvent((event) => this.onEvent(event));
  }

  /** Accounts that the broker reports on this link; empty before the first sync. */
  get accounts(): readonly AccountRow[] {
    return this.accountRows;
  }

  /** Opens the link; it keeps itself open until `stop`. */
  open(): void {
    this.options.broker.open();
  }

  /** Resolves once the link is READY; rejects after `timeoutMs`. */
  async ready(timeoutMs: number): Promise<void> {
    if (this.options.broker.state().ready) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.readyWaiters = this.readyWaiters.filter((waiter) => waiter !== done);
        const { reason } = this.options.broker.state();
        reject(new Error(`the broker link is not ready (${reason}); it re-connects by itself`));
      }, timeoutMs);
      const done = () => {
        clearTimeout(timer);
        resolve();
      };
      this.readyWaiters.push(done);
    });
  }

  /** Closes the socket, which frees the client id; what waited to be written never is. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.options.broker.close();
    this.unsubscribe();
  }

  private onEvent(event: BrokerEvent): void {
    switch (event.kind) {
      case 'order':
      case 'execution':
      case 'commission':
      case 'order_error':
        this.options.inbox.accept(event);
        return;
      case 'connection':
        this.onConnection(event.state);
        return;
      case 'position':
        this.options.onPosition?.(event.position);
        return;
      case 'snapshot_due':
        this.options.log.warn({ reason: event.reason }, 'a message of the broker was lost');
        void this.options.keeper.refresh('restored');
        return;
      case 'notice':
        this.options.log[event.errorClass === 'unknown' ? 'warn' : 'info'](
          { code: event.code },
          event.message,
        );
        return;
      default: // quotes and account values are the market keeper's, a lost message the pictures'
    }
  }

  private onConnection(state: ConnectionState): void {
    const { log, onChange } = this.options;
    const { socket, ready, generation, reason } = state;
    log.info({ socket, ready, generation, reason }, 'broker link');
    this.readySinceMs = ready ? (this.readySinceMs ?? Date.now()) : null;
    this.downSinceMs = ready ? null : (this.downSinceMs ?? Date.now());
    if (socket !== 'up') this.cause = 'connect';
    if (ready) for (const waiter of this.readyWaiters.splice(0)) waiter();
    this.wake();
    this.startSync();
    onChange();
  }

  private needsSync(): boolean {
    const state = this.options.broker.state();
    return !this.stopped && !state.ready && canSync(state);
  }

  private startSync(): void {
    if (this.syncing || !this.needsSync()) return;
    this.syncing = this.syncUntilReady().finally(() => {
      this.syncing = null;
      // What came while the last round ended found one that was still under way.
      this.startSync();
    });
  }

  private async syncUntilReady(): Promise<void> {
    const { log } = this.options;
    let pauseMs = RESYNC_FIRST_MS;
    while (this.needsSync()) {
      const problem = await this.syncOnce().catch((error: unknown) => String(error));
      if (!this.needsSync()) return;
      log.warn({ problem }, 'not in sync with the broker yet; trying again');
      await this.changeOr(pauseMs);
      pauseMs = Math.min(pauseMs * 2, RESYNC_MAX_MS);
    }
  }

  /** Waits, or until the link changes: what a sync failed of may be over then. */
  private changeOr(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, durationMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Null when the link was declared ready, else why it could not be. */
  private async syncOnce(): Promise<string | null> {
    const { db, broker, lease, keeper, market, log } = this.options;
    const startedAtMs = Date.now();
    const { generation } = broker.state();
    await around('generation.record', {}, () => recordGeneration(db, lease.current, generation));
    await this.learn(broker.state());
    const snapshot = await keeper.refresh(this.cause);
    const problem = notProof(snapshot, generation);
    if (problem !== null) return problem;
    await this.refreshAccounts();
    // The port refuses when that generation ended meanwhile: what it said declares nothing.
    await around('sync.ready', {}, async () => broker.declareSynced(snapshot.generation));
    log.info({ generation, tookMs: Date.now() - startedAtMs }, 'in sync with the broker');
    this.cause = 'restored';
    void market.resubscribe();
    this.options.onSynced();
    return null;
  }

  /** The accounts' rows, and whose the orders are that an earlier process has sent. */
  private async learn({ accounts, paperAccounts }: ConnectionState): Promise<void> {
    const { db, broker, kind, lease, userId } = this.options;
    const { connectionId } = lease.current;
    const by = { broker: kind ?? 'ibkr', ...(paperAccounts && { paperAccounts }) };
    this.accountRows = await recordAccounts(db, connectionId, userId, accounts, by);
    broker.learnOrders(await knownOrders(db, connectionId));
  }

  /** Plans want fresh values, protection needs none: their lack keeps nothing from being looked after. */
  private async refreshAccounts(): Promise<void> {
    const { market, log } = this.options;
    for (const { brokerAccountId } of this.accountRows) {
      await market.refreshAccount(brokerAccountId).catch((error: unknown) => {
        log.warn({ account: brokerAccountId, error: String(error) }, 'no account values yet');
      });
    }
  }
}

/** Why a picture does not show the broker as it is in this generation; null when it does. */
export function notProof(snapshot: Snapshot, generation: number): string | null {
  if (!snapshot.isComplete) return snapshot.problem ?? 'a list of the broker came without its end';
  if (snapshot.generation === generation) return null;
  return `the picture is of generation ${snapshot.generation}, the link was in ${generation}`;
}

function canSync(state: ConnectionState): boolean {
  return (
    state.socket === 'up' &&
    state.brokerServers &&
    state.nextValidId !== null &&
    state.accounts.length > 0
  );
}
