/** The state as a snapshot, a batch as a journal line, and both back into a state. */
import {
  orderRecord,
  readAccount,
  readExecution,
  readOrder,
  readPosition,
  readQuoteUse,
} from './codec.js';
import type { Batch } from './core.js';
import type { ExecutionRecord } from './executions.js';
import type { Order } from './orders.js';
import type { Position } from './positions.js';
import { State } from './state.js';
import type { Account, Counters, QuoteUse } from './state.js';
import type { Task } from './tasks.js';

/** A snapshot has every part, a batch those that changed. Later records replace earlier ones. */
interface Records {
  id?: number;
  day?: string;
  counters?: Counters;
  accounts?: Account[];
  positions?: Position[];
  /** In a batch without the parts that did not change. */
  orders?: Order[];
  executions?: ExecutionRecord[];
  nextIds?: [clientId: number, nextId: number][];
  /** Keys of staged orders, and whether they are staged. */
  stagedIds?: [key: string, staged: boolean][];
  quoteUse?: QuoteUse[];
  /** Null: done. */
  tasks?: [id: number, task: Task | null][];
}

/** Everything, as JSON can hold it. Live orders come in time order. */
export function snapshotOf(state: State): Records {
  const live = [...state.live.values()].sort((one, other) => one.rank - other.rank);
  return {
    ...{ id: state.id, day: state.day, counters: state.counters },
    accounts: [...state.accounts.values()],
    positions: [...state.positions.values()],
    orders: [...state.completed.values(), ...live],
    executions: [...state.executions.values()],
    nextIds: [...state.nextIds],
    stagedIds: [...state.stagedIds].map((key) => [key, true]),
    quoteUse: [...state.quoteUse.values()],
    tasks: [...state.tasks],
  };
}

const some = <Item>(items: Iterable<Item>): Item[] | undefined => {
  const all = [...items];
  return all.length > 0 ? all : undefined;
};

/** What a batch changed, with the state's present values. Undefined parts are not written. */
export function batchRecords(state: State, batch: Batch): Record<string, unknown> {
  const orders = [...batch.orders].map((order) => orderRecord(order, batch.requests.has(order)));
  return {
    counters: state.counters,
    accounts: some(batch.accounts),
    positions: some(batch.positions),
    orders: some(orders),
    executions: some(batch.executions),
    nextIds: some([...batch.clients].map((id) => [id, state.nextIds.get(id)])),
    stagedIds: some([...batch.staged].map((key) => [key, state.stagedIds.has(key)])),
    quoteUse: some(batch.quoteUse),
    tasks: some([...batch.tasks].map((id) => [id, state.tasks.get(id) ?? null])),
  };
}

function applyMoney(state: State, records: Records): void {
  for (const account of records.accounts ?? []) {
    state.accounts.set(account.name, readAccount(account));
  }
  for (const plain of records.positions ?? []) {
    const position = readPosition(plain);
    state.positions.set(`${position.account}|${position.contract.conId}`, position);
  }
  for (const plain of records.executions ?? []) {
    const entry = readExecution(plain);
    state.executions.set(entry.execution.execId, entry);
  }
  for (const use of records.quoteUse ?? []) {
    state.quoteUse.set(use.symbol, readQuoteUse(use));
  }
}

function applyIds(state: State, records: Records): void {
  state.id = records.id ?? state.id;
  state.day = records.day ?? state.day;
  Object.assign(state.counters, records.counters);
  for (const [clientId, nextId] of records.nextIds ?? []) state.nextIds.set(clientId, nextId);
  for (const [key, staged] of records.stagedIds ?? []) {
    if (staged) state.stagedIds.add(key);
    else state.stagedIds.delete(key);
  }
  for (const [id, task] of records.tasks ?? []) {
    if (task) state.tasks.set(id, task);
    else state.tasks.delete(id);
  }
}

/** Reads a snapshot and the batches since (both as `JSON.parse` gives them) into a new state. */
export function restore(snapshot: unknown, batches: readonly unknown[]): State {
  const state = new State();
  const orders = new Map<number, Order>();
  for (const plain of [snapshot, ...batches]) {
    if (!plain) continue;
    const records = plain as Records;
    applyMoney(state, records);
    applyIds(state, records);
    for (const each of records.orders ?? []) {
      const order = readOrder(each, orders.get(each.seq));
      // Finished orders are listed by when they finished, so the latest word moves to the end.
      orders.delete(order.seq);
      orders.set(order.seq, order);
    }
  }
  const all = [...orders.values()];
  for (const order of all) if (order.completedTimeMs !== undefined) state.index(order);
  const live = all.filter((order) => order.completedTimeMs === undefined);
  for (const order of live.sort((one, other) => one.rank - other.rank)) state.index(order);
  return state;
}
