/**
 * The link's owner: re-syncs after every connect and only then lets anything be sent (BRK-1).
 *
 * A sync feeds the broker's own lists (orders of all clients, completed orders, executions) through the
 * same inbox as live callbacks, so what happened while this process was away is known before READY.
 */
import type { BrokerEvent, BrokerPort, ConnectionState, Listing } from '../../broker/port.js';
import type { Logger } from '../../config/logger.js';
import { around, failpoint } from '../../failpoints/failpoint.js';
import { recordAccounts, type AccountRow } from '../../store/accounts.js';
import type { Snapshot } from '../../domain/broker/snapshot.js';
import { factsOf } from '../../domain/sending/picture.js';
import { publishHealth, recordGeneration } from '../../store/connections.js';
import type { Database } from '../../store/database.js';
import { knownOrders } from '../../store/known-orders.js';
import type { Inbox } from './inbox.js';
import type { LeaseKeeper } from './lease-keeper.js';
import type { MarketKeeper } from './market-keeper.js';

/** After a sync that did not complete (a list without its end marker) the next try waits this long. */
const RESYNC_AFTER_MS = 1_000;

export interface SessionOptions {
  readonly db: Database;
  readonly broker: BrokerPort;
  readonly lease: LeaseKeeper;
  readonly inbox: Inbox;
  readonly market: MarketKeeper;
  readonly userId: string;
  readonly log: Logger;
}

export class BrokerSession {
  private accountRows: AccountRow[] = [];
  private syncing: Promise<void> | null = null;
  private readonly unsubscribe: () => void;
  private readyWaiters: (() => void)[] = [];
  private stopped = false;
  /** Since when the link is READY without a break; null while it isn't. */
  readySinceMs: number | null = null;
  /** When the newest complete picture was begun; null before the first. */
  pictureAtMs: number | null = null;

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

  async stop(): Promise<void> {
    this.stopped = true;
    this.unsubscribe();
    await this.options.broker.close();
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
      case 'notice':
        this.options.log[event.errorClass === 'unknown' ? 'warn' : 'info'](
          { code: event.code },
          event.message,
        );
        return;
      default: // quotes and account values are the market keeper's
    }
  }

  private onConnection(state: ConnectionState): void {
    const { log } = this.options;
    log.info({ socket: state.socket, ready: state.ready, reason: state.reason }, 'broker link');
    if (canSync(state) && !state.ready) this.startSync();
    this.readySinceMs = state.ready ? (this.readySinceMs ?? Date.now()) : null;
    if (state.ready) {
      for (const waiter of this.readyWaiters.splice(0)) waiter();
    }
    void this.publish();
  }

  private startSync(): void {
    this.syncing ??= this.syncUntilDone().finally(() => {
      this.syncing = null;
    });
  }

  private async syncUntilDone(): Promise<void> {
    const { broker, log } = this.options;
    while (!this.stopped && canSync(broker.state()) && !broker.state().ready) {
      try {
        if (await this.syncOnce()) return;
        log.warn('a list of the broker came without its end: syncing again');
      } catch (error) {
        log.warn({ error: String(error) }, 'the sync with the broker failed; trying again');
      }
      await new Promise((resolve) => setTimeout(resolve, RESYNC_AFTER_MS));
    }
  }

  /** True when every list was complete and the link could be declared ready. */
  private async syncOnce(): Promise<boolean> {
    const { db, broker, lease, inbox, market, userId, log } = this.options;
    const startedAtMs = Date.now();
    const { connectionId } = lease.current;
    const { accounts, generation } = broker.state();
    await recordGeneration(db, lease.current, generation);
    this.accountRows = await recordAccounts(db, connectionId, userId, accounts);
    broker.learnOrders(await knownOrders(db, connectionId));
    if (!(await this.readLists())) return false;
    await inbox.drained();
    for (const account of this.accountRows) await market.refreshAccount(account.brokerAccountId);
    await around('sync.ready', {}, async () => broker.declareSynced(generation));
    log.info({ tookMs: Date.now() - startedAtMs }, 'in sync with the broker');
    void market.resubscribe();
    return true;
  }

  /**
   * Feeds the broker's lists through the inbox; false when one came without its end. Executions first,
   * so that a filled order is not seen as finished before its fills.
   */
  async readLists(): Promise<boolean> {
    const { broker, inbox } = this.options;
    const now = () => Date.now();
    const executions = await this.readExecutions();
    await failpoint('sync.lists.between');
    const completed = feed(await broker.completedOrders(), (report) =>
      inbox.accept({ kind: 'order', report, receivedAtMs: now(), listed: true }),
    );
    await failpoint('sync.lists.between');
    const open = feed(await broker.openOrders(), (report) =>
      inbox.accept({ kind: 'order', report, receivedAtMs: now(), listed: true }),
    );
    return executions && completed && open;
  }

  /** Takes a picture of the broker; its facts are committed when this resolves. */
  async picture(): Promise<Snapshot> {
    const { broker, inbox } = this.options;
    const snapshot = await broker.snapshot();
    for (const fact of factsOf(snapshot, Date.now())) inbox.accept(fact);
    await inbox.drained();
    if (snapshot.isComplete) this.pictureAtMs = snapshot.startedAtMs;
    return snapshot;
  }

  /** Feeds the executions of today through the inbox; false when their list came without its end. */
  async readExecutions(): Promise<boolean> {
    const { broker, inbox } = this.options;
    return feed(await broker.executions(), (report) =>
      inbox.accept({ kind: 'execution', report, receivedAtMs: Date.now() }),
    );
  }

  /** Publishes the link's health; called on each change and by the owner's clock. */
  async publish(): Promise<void> {
    const { db, broker, lease, log } = this.options;
    if (!lease.isHeld()) return;
    const { ready, lastMessageAtMs, clockSkewMs, ...detail } = broker.state();
    const health = { ready, lastMessageAtMs, clockSkewMs, detail: { ...detail } };
    const publish = () => publishHealth(db, lease.current, health);
    await around('health.publish', {}, publish).catch((error: unknown) =>
      log.warn({ error: String(error) }, 'health was not published'),
    );
  }
}

function feed<T>(list: Listing<T>, take: (item: T) => void): boolean {
  for (const item of list.items) take(item);
  return list.complete;
}

function canSync(state: ConnectionState): boolean {
  return (
    state.socket === 'up' &&
    state.brokerServers &&
    state.nextValidId !== null &&
    state.accounts.length > 0
  );
}
