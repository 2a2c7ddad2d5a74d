/** An order in the ledger's books, and what can be read off it. Whether it is an armed stop: see armed.ts. */
import { ZERO, decimal, text } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import { NOT_JUDGED, isArmedStop, judgeStop } from './armed.js';
import type { StopJudgement } from './armed.js';
import type { OrderFact } from './inputs.js';
import type { Signal } from './signals.js';

/** Longer histories lose their middle: the first states and the latest matter. */
const HISTORY_MAX = 60;
const HISTORY_HEAD = 10;

const LIVE = new Set(['PendingSubmit', 'PreSubmitted', 'Submitted', 'PendingCancel']);
const STOP_TYPES = new Set(['STP', 'STP LMT', 'TRAIL']);

export type Role = 'entry' | 'exit' | 'external';

export interface StatusChange {
  atMs: number;
  status: string;
  whyHeld: string;
  filled: string;
}

export interface LedgerOrder {
  key: string;
  fact: OrderFact;
  remaining: Decimal;
  quantity: Decimal;
  /** More than one when a modification gave it a second one. */
  permIds: number[];
  role: Role;
  signal: Signal | undefined;
  firstAtMs: number;
  /** When it first was live at the exchange; undefined if it never was. */
  acceptedAtMs: number | undefined;
  history: StatusChange[];
  stop: StopJudgement;
  /** A stop that protects: see armed.ts. */
  isArmed: boolean;
}

export function isLive(order: LedgerOrder): boolean {
  return LIVE.has(order.fact.status) && order.remaining.gt(ZERO);
}

export function isStop(fact: OrderFact): boolean {
  return STOP_TYPES.has(fact.orderType);
}

/** Waiting for its parent's fill: it can't trade yet. */
export function isHeldByParent(order: LedgerOrder): boolean {
  return order.fact.whyHeld.includes('child');
}

function remember(order: LedgerOrder, atMs: number): void {
  const { status, whyHeld, filled } = order.fact;
  const last = order.history.at(-1);
  if (last?.status === status && last.whyHeld === whyHeld && last.filled === filled) return;
  order.history.push({ atMs, status, whyHeld, filled });
  if (order.history.length > HISTORY_MAX) order.history.splice(HISTORY_HEAD, 1);
}

/** A new order from its first fact. */
export function newOrder(key: string, fact: OrderFact, role: Role, atMs: number): LedgerOrder {
  return {
    ...{ key, fact, role, firstAtMs: atMs, signal: undefined },
    ...{ quantity: decimal(fact.quantity), remaining: decimal(fact.remaining), permIds: [] },
    ...{ acceptedAtMs: undefined, history: [], stop: NOT_JUDGED, isArmed: false },
  };
}

/** When the exchange told of an order: the time, the symbol's mid price, the end of New York's day. */
export interface Moment {
  atMs: number;
  market: string | undefined;
  dayEndMs: number;
}

/** Takes over the exchange's latest word on an order. */
export function updateOrder(order: LedgerOrder, fact: OrderFact, moment: Moment): void {
  const { atMs, market, dayEndMs } = moment;
  order.fact = fact;
  order.quantity = decimal(fact.quantity);
  order.remaining = decimal(fact.remaining);
  if (!order.permIds.includes(fact.permId)) order.permIds.push(fact.permId);
  if (LIVE.has(fact.status) || fact.status === 'Filled') order.acceptedAtMs ??= atMs;
  if (isStop(fact)) {
    order.stop = judgeStop(order.stop, fact, market);
    order.isArmed = isArmedStop(order, dayEndMs);
  }
  remember(order, atMs);
}

/** An order as the report shows it. */
export function orderView(order: LedgerOrder) {
  const { fact } = order;
  return {
    ...fact,
    goodTillMs: fact.goodTillMs ?? null,
    limitPrice: fact.limitPrice ?? null,
    stopPrice: fact.stopPrice ?? null,
    permIds: order.permIds,
    role: order.role,
    signal: order.signal?.key ?? null,
    armed: order.isArmed,
    quantity: text(order.quantity),
    firstAtMs: order.firstAtMs,
    acceptedAtMs: order.acceptedAtMs ?? null,
    history: order.history,
  };
}
