/**
 * What every part of the exchange works on: the settings, the state, and the batch of changes that the
 * command or quote at hand has made so far. A batch is written to the journal as a whole before any
 * of its events is heard.
 */
import type { AccountValue, ExchangeEvent } from './api.js';
import type { Budget } from './budget.js';
import type { ExecutionRecord } from './executions.js';
import type { Settings } from './options.js';
import { orderView } from './orders.js';
import type { Order } from './orders.js';
import type { Position } from './positions.js';
import type { Account, QuoteUse, State } from './state.js';
import type { NewTask } from './tasks.js';

/** Changes since the last commit. */
export class Batch {
  readonly orders = new Set<Order>();
  /** Orders whose request changed too; the others are journalled without it. */
  readonly requests = new Set<Order>();
  readonly executions = new Set<ExecutionRecord>();
  readonly positions = new Set<Position>();
  readonly accounts = new Set<Account>();
  readonly quoteUse = new Set<QuoteUse>();
  /** Clients whose next id changed, staged ids that came or went, tasks likewise. */
  readonly clients = new Set<number>();
  readonly staged = new Set<string>();
  readonly tasks = new Set<number>();
  events: ExchangeEvent[] = [];

  isEmpty(): boolean {
    const sets = [this.orders, this.executions, this.positions, this.accounts, this.quoteUse];
    const rest = [this.clients, this.staged, this.tasks];
    return this.events.length === 0 && [...sets, ...rest].every((set) => set.size === 0);
  }
}

export interface Core {
  readonly settings: Settings;
  readonly state: State;
  batch: Batch;
  /** Live quotes' budgets by symbol. */
  readonly budgets: Map<string, Budget>;
  /** Account values that are told in place of the present ones, by account; a restart forgets them. */
  readonly lagging: Map<string, AccountValue[]>;
  /** Orders that became able to trade and wait to be looked at, in this order. */
  readonly awake: Order[];
}

/** Marks an order as changed and tells it. `request` says whether its request changed too. */
export function tellOrder(core: Core, order: Order, request = false): void {
  touchOrder(core, order, request);
  core.batch.events.push({ kind: 'order', order: orderView(order) });
}

/** Marks an order as changed without telling anyone. */
export function touchOrder(core: Core, order: Order, request = false): void {
  core.state.index(order);
  core.batch.orders.add(order);
  if (request) core.batch.requests.add(order);
}

export function tellError(
  core: Core,
  to: { clientId: number; orderId: number },
  error: { code: number; message: string },
): void {
  const { clientId, orderId } = to;
  core.batch.events.push({ kind: 'error', clientId, orderId, ...error });
}

/** Promises to do something later. */
export function schedule(core: Core, task: NewTask): void {
  const id = (core.state.counters.task += 1);
  core.state.tasks.set(id, { ...task, id });
  core.batch.tasks.add(id);
}
