/** An order in the ledger's books, and what can be read off it: does it work, is it an armed stop. */
import { ZERO, decimal, text } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { OrderFact } from './inputs.js';
import type { Signal } from './signals.js';

/** Longer histories lose their middle: the first states and the latest matter. */
const HISTORY_MAX = 60;
const HISTORY_HEAD = 10;

/** A stop further than this from the market when its price was set protects nothing. */
export const PLAUSIBLE_STOP_DISTANCE = decimal('0.2');

const LIVE = new Set(['PendingSubmit', 'PreSubmitted', 'Submitted', 'PendingCancel']);
const ACKNOWLEDGED = new Set(['PreSubmitted', 'Submitted']);
const STOP_TYPES = new Set(['STP', 'STP LMT', 'TRAIL']);
const NOT_ARMED_HOLDS = ['child', 'locate'];

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
  /** The stop price last judged, and whether it was near enough to the market then. */
  judgedStop: string | undefined;
  stopIsPlausible: boolean;
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

/**
 * A stop that protects: acknowledged, not held by its parent or a locate, not being cancelled, and set
 * at a plausible price. Its side is judged by who adds it up.
 */
export function isArmedStop(order: LedgerOrder): boolean {
  const { fact } = order;
  if (!isStop(fact) || !ACKNOWLEDGED.has(fact.status) || order.remaining.lte(ZERO)) return false;
  if (NOT_ARMED_HOLDS.some((hold) => fact.whyHeld.includes(hold))) return false;
  return order.stopIsPlausible;
}

/** Judges a stop's price against the market once, whenever it is new; unknown counts as not armed. */
function judgeStop(order: LedgerOrder, market: string | undefined): void {
  const { stopPrice } = order.fact;
  if (stopPrice === undefined) {
    order.stopIsPlausible = false;
    return;
  }
  if (order.judgedStop === stopPrice || market === undefined) return;
  const price = decimal(market);
  const distance = decimal(stopPrice).sub(price).abs();
  order.judgedStop = stopPrice;
  order.stopIsPlausible = distance.lte(price.mul(PLAUSIBLE_STOP_DISTANCE));
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
    ...{ acceptedAtMs: undefined, history: [], judgedStop: undefined, stopIsPlausible: false },
  };
}

/** Takes over the exchange's latest word on an order. */
export function updateOrder(
  order: LedgerOrder,
  fact: OrderFact,
  market: string | undefined,
  atMs: number,
): void {
  if (order.judgedStop !== fact.stopPrice) order.stopIsPlausible = false;
  order.fact = fact;
  order.quantity = decimal(fact.quantity);
  order.remaining = decimal(fact.remaining);
  if (!order.permIds.includes(fact.permId)) order.permIds.push(fact.permId);
  if (LIVE.has(fact.status) || fact.status === 'Filled') order.acceptedAtMs ??= atMs;
  if (isStop(fact)) judgeStop(order, market);
  remember(order, atMs);
}

/** An order as the report shows it. */
export function orderView(order: LedgerOrder) {
  const { fact } = order;
  return {
    ...fact,
    limitPrice: fact.limitPrice ?? null,
    stopPrice: fact.stopPrice ?? null,
    permIds: order.permIds,
    role: order.role,
    signal: order.signal?.key ?? null,
    armed: isArmedStop(order),
    quantity: text(order.quantity),
    firstAtMs: order.firstAtMs,
    acceptedAtMs: order.acceptedAtMs ?? null,
    history: order.history,
  };
}
