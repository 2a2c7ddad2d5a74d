/**
 * The exchange and the broker's books behind it. Every command and every quote is one batch: it is
 * carried out to the end, written to the journal, and only then told.
 */
import { ZERO } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import { toldValues } from './account-lag.js';
import { pnlOf, positionView } from './accounts.js';
import type { Exchange, ExchangeEvent, OrderRequest, WhatIfResult } from './api.js';
import { cancel, cancelAll } from './cancel.js';
import { dayOf, expireOrders, runTasks, startDay } from './clock.js';
import { WHAT_IF_NOT_TRANSMITTED } from './codes.js';
import type { CodedError } from './codes.js';
import { Batch } from './core.js';
import type { Core } from './core.js';
import { vanishOne } from './dead-orders.js';
import { nextValidId } from './identity.js';
import { Journal } from './journal.js';
import { effectOf } from './margin.js';
import { cancelByHand, IMMEDIATE_FAULTS } from './market-faults.js';
import { matchAwake, matchQuote } from './matching.js';
import { resolveOptions } from './options.js';
import type { ExchangeOptions } from './options.js';
import { isLive, orderView } from './orders.js';
import { batchRecords, restore, snapshotOf } from './persistence.js';
import { place } from './place.js';
import { orderKey } from './state.js';
import { isRefused, validate } from './validation.js';

type ImmediateFault = keyof typeof IMMEDIATE_FAULTS;
const DAY_TURN = 'midnight-execution-loss';
type DayTurn = typeof DAY_TURN;

/** An exchange that looks at the clock by itself and must be closed. */
export interface RunningExchange extends Exchange {
  /** Looks at the clock now: expiry, scheduled faults, the broker's midnight. */
  tick(): void;
  /** Orders and executions held in memory, to watch its bounds. */
  counts(): { live: number; completed: number; executions: number; staged: number };
  /** An account's cash to the last decimal, in dollars, as it is now: for onlookers, whom no fault tells late. */
  cash(account: string): Decimal;
  /** Stops its timer and its journal; nothing is told after this. */
  close(): void;
}

class PaperExchange implements RunningExchange {
  readonly accounts: readonly string[];
  private readonly core: Core;
  private readonly journal: Journal;
  private readonly listeners = new Set<(event: ExchangeEvent) => void>();
  /** Events that are written but not yet told. */
  private queue: ExchangeEvent[] = [];
  private depth = 0;
  private isTelling = false;
  private isClosed = false;
  private readonly delayed = new Set<NodeJS.Timeout>();
  private readonly timer: NodeJS.Timeout | undefined;
  private readonly unsubscribe: () => void;

  constructor(options: ExchangeOptions) {
    const settings = resolveOptions(options);
    this.accounts = settings.accounts;
    this.journal = new Journal(settings.stateDir);
    const { snapshot, batches } = this.journal.load();
    const state = restore(snapshot, batches);
    const none = { batch: new Batch(), budgets: new Map(), lagging: new Map(), awake: [] };
    this.core = { settings, state, ...none };
    this.setUp();
    // A journal brings back what had left memory; twice in the archive is better than never.
    this.boundToday();
    this.journal.compact(snapshotOf(state));
    this.unsubscribe = settings.market.onQuote((symbol, quote) =>
      this.run(() => matchQuote(this.core, symbol, quote)),
    );
    const immediate = [...Object.keys(IMMEDIATE_FAULTS), DAY_TURN] as (ImmediateFault | DayTurn)[];
    settings.faults.onDue(immediate, (name) => this.strike(name as ImmediateFault | DayTurn));
    settings.faults.onDue(['order-vanished'], () => this.run(() => vanishOne(this.core)));
    settings.faults.onDue(['manual-cancel'], () => this.run(() => cancelByHand(this.core)));
    if (settings.tickMs > 0) this.timer = setInterval(() => this.tick(), settings.tickMs);
    this.timer?.unref();
  }

  /** Opens accounts that are new, and lets no halt outlive a restart unnoticed. */
  private setUp(): void {
    const { state, settings } = this.core;
    const nowMs = settings.nowMs();
    state.id ||= Math.floor(nowMs / 1000);
    state.day ||= dayOf(nowMs);
    for (const name of settings.accounts) {
      if (state.accounts.has(name)) continue;
      const { startingCash } = settings;
      state.accounts.set(name, {
        ...{ name, cash: startingCash, dayStartNetLiquidation: startingCash },
      });
    }
    for (const task of state.tasks.values()) {
      if (task.kind === 'resume') settings.market.setHalted(task.symbol, true);
    }
  }

  /** Carries out one command or quote as a batch. */
  private run(work: () => void): void {
    if (this.isClosed) return;
    this.depth += 1;
    try {
      work();
      if (this.depth > 1) return;
      matchAwake(this.core);
      this.commit();
    } finally {
      this.depth -= 1;
    }
    this.tell();
  }

  private commit(): void {
    const { batch, state } = this.core;
    if (batch.isEmpty()) return;
    this.core.batch = new Batch();
    this.boundToday();
    const isLong = this.journal.append(batchRecords(state, batch));
    if (isLong) this.journal.compact(snapshotOf(state));
    this.queue.push(...batch.events);
  }

  /** Tells what is written, in order, even if a listener gives commands meanwhile. */
  private tell(): void {
    if (this.isTelling || this.depth > 0) return;
    this.isTelling = true;
    try {
      while (this.queue.length > 0) {
        const events = this.queue;
        this.queue = [];
        for (const event of events) for (const listener of this.listeners) listener(event);
      }
    } finally {
      this.isTelling = false;
    }
  }

  private boundToday(): void {
    const { state, settings } = this.core;
    const archived: unknown[] = [];
    for (const order of state.completed.values()) {
      if (state.completed.size <= settings.todayMax) break;
      state.forget(order);
      archived.push({ order });
    }
    for (const [execId, execution] of state.executions) {
      if (state.executions.size <= settings.todayMax) break;
      state.executions.delete(execId);
      archived.push({ execution });
    }
    this.journal.archive(state.day, archived);
  }

  /** The broker's midnight: today's orders and executions are put aside, the accounts start anew. */
  private turnDay(): void {
    const { state, settings } = this.core;
    const orders = [...state.completed.values()];
    const executions = [...state.executions.values()];
    const records = [
      ...orders.map((order) => ({ order })),
      ...executions.map((entry) => ({ execution: entry })),
    ];
    this.journal.archive(state.day, records);
    for (const order of orders) state.forget(order);
    state.executions.clear();
    for (const key of state.stagedIds) if (!state.staged.has(key)) state.stagedIds.delete(key);
    startDay(this.core);
    state.day = dayOf(settings.nowMs());
    this.journal.compact(snapshotOf(state));
  }

  private strike(name: ImmediateFault | DayTurn): void {
    const fault = this.isClosed ? undefined : this.core.settings.faults.take(name, {});
    if (!fault) return;
    this.run(() => {
      if (name === DAY_TURN) this.turnDay();
      else IMMEDIATE_FAULTS[name](this.core, fault.params);
    });
  }

  /** Runs a command now, or after the latency on its way in. */
  private arrive(work: () => void): void {
    const { latencyMs } = this.core.settings;
    if (latencyMs <= 0) {
      this.run(work);
      return;
    }
    const timer = setTimeout(() => {
      this.delayed.delete(timer);
      this.run(work);
    }, latencyMs);
    this.delayed.add(timer);
  }

  tick(): void {
    const nowMs = this.core.settings.nowMs();
    this.run(() => {
      expireOrders(this.core, nowMs);
      runTasks(this.core, nowMs);
    });
    if (dayOf(nowMs) !== this.core.state.day) this.run(() => this.turnDay());
  }

  onEvent(listener: (event: ExchangeEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  nextValidId(clientId: number): number {
    let id = 0;
    this.run(() => (id = nextValidId(this.core, clientId)));
    return id;
  }

  place(clientId: number, orderId: number, request: OrderRequest): void {
    this.arrive(() => place(this.core, clientId, orderId, request));
  }

  whatIf(request: OrderRequest): WhatIfResult | { error: CodedError } {
    if (!request.transmit) return { error: WHAT_IF_NOT_TRANSMITTED };
    const validated = validate(this.core, request);
    if (isRefused(validated)) return { error: validated };
    return effectOf(this.core, validated.account, validated.listing, validated.request);
  }

  cancel(clientId: number, orderId: number): void {
    this.arrive(() => cancel(this.core, clientId, orderId));
  }

  globalCancel(): void {
    this.arrive(() => cancelAll(this.core));
  }

  liveOrder(clientId: number, orderId: number) {
    const order = this.core.state.byId.get(orderKey(clientId, orderId));
    return order && isLive(order) ? orderView(order) : undefined;
  }

  openOrders(clientId?: number) {
    const live = [...this.core.state.live.values()];
    const wanted =
      clientId === undefined ? live : live.filter((order) => order.clientId === clientId);
    return wanted.map(orderView);
  }

  completedOrders() {
    const completed = [...this.core.state.completed.values()];
    return completed.filter((order) => !order.vanished).map(orderView);
  }

  vanishedOrders() {
    const completed = [...this.core.state.completed.values()];
    return completed.filter((order) => order.vanished).map(orderView);
  }

  executions() {
    return [...this.core.state.executions.values()].map((entry) => ({
      execution: entry.execution,
      ...(entry.reported && { commission: entry.commission }),
    }));
  }

  positions() {
    const held = [...this.core.state.positions.values()];
    const open = held.filter((position) => !position.quantity.isZero());
    return open.map((position) => positionView(this.core, position));
  }

  accountValues(account: string) {
    return this.accounts.includes(account) ? toldValues(this.core, account) : [];
  }

  cash(account: string) {
    return this.core.state.accounts.get(account)?.cash ?? ZERO;
  }

  pnl(account: string, conId?: number) {
    if (this.accounts.includes(account)) return pnlOf(this.core, account, conId);
    return { daily: ZERO, unrealized: ZERO, realized: ZERO, position: ZERO, value: ZERO };
  }

  counts() {
    const { live, completed, executions, staged } = this.core.state;
    return {
      ...{ live: live.size, completed: completed.size },
      ...{ executions: executions.size, staged: staged.size },
    };
  }

  close(): void {
    this.isClosed = true;
    this.unsubscribe();
    clearInterval(this.timer);
    for (const timer of this.delayed) clearTimeout(timer);
    this.journal.close();
  }
}

/**
 * Opens an exchange over a market; goes on from what `stateDir` holds.
 * @throws Error when the folder's journal can't be read.
 */
export function createExchange(options: ExchangeOptions): RunningExchange {
  return new PaperExchange(options);
}
