/**
 * Everything the exchange remembers, with the indices that keep each lookup independent of how many
 * orders were ever finished. Plain data and its indices: rules live elsewhere.
 */
import { ZERO } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { ContractSpec, OrderRequest } from './api.js';
import { Book } from './book.js';
import type { ExecutionRecord } from './executions.js';
import { isLive } from './orders.js';
import type { Order } from './orders.js';
import { emptyPosition } from './positions.js';
import type { Position } from './positions.js';
import type { Task } from './tasks.js';

export interface Account {
  name: string;
  cash: Decimal;
  dayStartNetLiquidation: Decimal;
}

/** An order the client has not transmitted: invisible, and gone with the process. */
export interface StagedOrder {
  clientId: number;
  orderId: number;
  request: OrderRequest;
}

/** How much of a quote's displayed size is used up; `quote` names the quote that it belongs to. */
export interface QuoteUse {
  symbol: string;
  quote: string;
  bidUsed: Decimal;
  askUsed: Decimal;
}

/** Numbers that never go back, by name. */
export interface Counters {
  seq: number;
  permId: number;
  execution: number;
  task: number;
}

/** First permId: nine digits, as real ones have. */
const PERM_ID_BASE = 700_000_000;

export const orderKey = (clientId: number, orderId: number): string => `${clientId}:${orderId}`;

export class State {
  /** First part of execution ids: tells the executions of two state folders apart. */
  id = 0;
  /** The broker's day, New York, `2026-11-21`. */
  day = '';
  readonly counters: Counters = { seq: 0, permId: PERM_ID_BASE, execution: 0, task: 0 };
  readonly accounts = new Map<string, Account>();
  readonly positions = new Map<string, Position>();
  /** Live orders, in time order. */
  readonly live = new Map<number, Order>();
  /** No live order expires before this; may be too early, never too late. */
  nextExpiryMs = Infinity;
  /** Today's finished orders, oldest first. */
  readonly completed = new Map<number, Order>();
  /** The latest order under each client's id, live or finished today. */
  readonly byId = new Map<string, Order>();
  readonly books = new Map<string, Book>();
  readonly children = new Map<number, Set<Order>>();
  readonly ocaGroups = new Map<string, Set<Order>>();
  /** Today's, in time order, by execution id. */
  readonly executions = new Map<string, ExecutionRecord>();
  /** Next valid id of each client. */
  readonly nextIds = new Map<number, number>();
  readonly staged = new Map<string, StagedOrder>();
  /** Ids of staged orders: those that a restart lost may be sent again. */
  readonly stagedIds = new Set<string>();
  /** Ids of refused orders, so that their children hear of it; a bounded memory. */
  readonly refusedIds = new Set<string>();
  readonly quoteUse = new Map<string, QuoteUse>();
  readonly tasks = new Map<number, Task>();

  /** Puts an order under its indices; call again after it finished or its permId changed. */
  index(order: Order): void {
    if (order.orderId !== 0) this.byId.set(orderKey(order.clientId, order.orderId), order);
    if (isLive(order)) {
      this.live.set(order.seq, order);
      this.nextExpiryMs = Math.min(this.nextExpiryMs, order.expiresMs);
      this.book(order.contract.symbol).add(order);
      this.member(this.ocaGroups, ocaKey(order), order);
      this.member(this.children, order.parentSeq || undefined, order);
      return;
    }
    this.live.delete(order.seq);
    this.books.get(order.contract.symbol)?.remove(order);
    this.leave(this.ocaGroups, ocaKey(order), order);
    this.leave(this.children, order.parentSeq || undefined, order);
    this.completed.set(order.seq, order);
  }

  /** Removes a finished order from memory. */
  forget(order: Order): void {
    this.completed.delete(order.seq);
    const key = orderKey(order.clientId, order.orderId);
    if (this.byId.get(key) === order) this.byId.delete(key);
  }

  book(symbol: string): Book {
    let book = this.books.get(symbol);
    if (!book) this.books.set(symbol, (book = new Book()));
    return book;
  }

  account(name: string): Account {
    const account = this.accounts.get(name);
    if (!account) throw new Error(`no account ${name} on this exchange`);
    return account;
  }

  /** The position, made empty if there is none yet. */
  position(account: string, contract: ContractSpec): Position {
    const key = `${account}|${contract.conId}`;
    let position = this.positions.get(key);
    if (!position) this.positions.set(key, (position = emptyPosition(account, contract)));
    return position;
  }

  quantity(account: string, conId: number): Decimal {
    return this.positions.get(`${account}|${conId}`)?.quantity ?? ZERO;
  }

  *positionsOf(account: string): Generator<Position> {
    for (const position of this.positions.values()) {
      if (position.account === account) yield position;
    }
  }

  liveChildren(parent: Order): Order[] {
    return [...(this.children.get(parent.seq) ?? [])];
  }

  /** Live members of its OCA group but itself, in time order. */
  siblings(order: Order): Order[] {
    const group = this.ocaGroups.get(ocaKey(order) ?? '') ?? [];
    return [...group].filter((other) => other !== order);
  }

  private member<Key>(map: Map<Key, Set<Order>>, key: Key | undefined, order: Order): void {
    if (key === undefined) return;
    const members = map.get(key);
    if (members) members.add(order);
    else map.set(key, new Set([order]));
  }

  private leave<Key>(map: Map<Key, Set<Order>>, key: Key | undefined, order: Order): void {
    if (key === undefined) return;
    const members = map.get(key);
    members?.delete(order);
    if (members?.size === 0) map.delete(key);
  }
}

function ocaKey(order: Order): string | undefined {
  const { ocaGroup } = order.request;
  return ocaGroup === '' ? undefined : `${order.account}|${ocaGroup}`;
}
