/**
 * An order in the exchange's books, and what can be read off it. Terms: `wanted` is the size the client
 * asked for; `request.totalQuantity` is the size that works now, which a part-filled parent or an OCA
 * group may have made smaller.
 */
import { ZERO, decimal, max } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { ApiStatus, ContractSpec, OrderRequest, OrderView } from './api.js';

/** Prices that come of a division are shown with so many decimals. */
const AVERAGE_DECIMALS = 8;

export interface Order {
  /** Key inside the exchange: never reused, unlike order ids. */
  seq: number;
  /** Place in the time order of the book; a new price or a larger size puts it at the end. */
  rank: number;
  clientId: number;
  orderId: number;
  permId: number;
  /** 0: none. */
  parentSeq: number;
  parentPermId: number;
  account: string;
  contract: ContractSpec;
  minTick: Decimal;
  request: OrderRequest;
  wanted: Decimal;
  /** Exact shares that OCA reductions took off `wanted`; rounded up when they are taken off. */
  ocaCut: Decimal;
  status: ApiStatus;
  filled: Decimal;
  /** Sum of price × shares over its fills. */
  value: Decimal;
  lastFillPrice: Decimal;
  commissionCharged: Decimal;
  trailStop: Decimal | undefined;
  triggered: boolean;
  /** Quotes in a row that met a double trigger method. */
  triggerHits: number;
  heldByParent: boolean;
  heldForLocate: boolean;
  /** Waits for its session, for its `goodAfterTime`, or for a market that is closed. */
  waiting: boolean;
  warningText: string;
  acceptedAtMs: number;
  afterMs: number;
  /** DAY and GTD; Infinity for GTC. */
  expiresMs: number;
  completedTimeMs: number | undefined;
  completedStatus: string | undefined;
  /** Gone by fault: in no list, and unknown to a cancel. */
  vanished: boolean;
}

const LIVE: ReadonlySet<ApiStatus> = new Set<ApiStatus>([
  'PendingSubmit',
  'PreSubmitted',
  'Submitted',
  'PendingCancel',
]);
const STOP_TYPES = new Set(['STP', 'STP LMT', 'TRAIL']);

/** Works or may yet work. An order held for a locate is Inactive and lives; a refused one does not. */
export function isLive(order: Order): boolean {
  return order.completedTimeMs === undefined && (LIVE.has(order.status) || order.heldForLocate);
}

export function remainingOf(order: Order): Decimal {
  if (order.status === 'Cancelled') return max(ZERO, order.request.totalQuantity.sub(order.filled));
  return order.request.totalQuantity.sub(order.filled);
}

/** Waits for a trigger price. */
export function isUntriggeredStop(order: Order): boolean {
  return STOP_TYPES.has(order.request.orderType) && !order.triggered;
}

export function isStopType(orderType: string): boolean {
  return STOP_TYPES.has(orderType);
}

/** Trades at any price now: a market order, or a stop that was triggered. */
export function isMarketable(order: Order): boolean {
  const { orderType } = order.request;
  return orderType === 'MKT' || orderType === 'STP' || orderType === 'TRAIL';
}

/** What keeps it from trading, in TWS's words: '', 'child', 'trigger', 'child,trigger', 'locate'. */
export function whyHeld(order: Order): string {
  if (!isLive(order)) return '';
  if (order.heldForLocate) return 'locate';
  const reasons = order.heldByParent ? ['child'] : [];
  if (isUntriggeredStop(order)) reasons.push('trigger');
  return reasons.join(',');
}

/** The status of a live order that is neither being sent nor being cancelled. */
export function restingStatus(order: Order): ApiStatus {
  if (order.heldForLocate) return 'Inactive';
  const held = order.heldByParent || order.waiting || isUntriggeredStop(order);
  return held ? 'PreSubmitted' : 'Submitted';
}

export function averageOf(value: Decimal, shares: Decimal): Decimal {
  return shares.isZero() ? ZERO : value.div(shares).toDecimalPlaces(AVERAGE_DECIMALS);
}

/** A copy for the outside, as of now. */
export function orderView(order: Order): OrderView {
  return {
    clientId: order.clientId,
    orderId: order.orderId,
    permId: order.permId,
    parentPermId: order.parentPermId,
    contract: order.contract,
    request: order.request,
    status: order.status,
    whyHeld: whyHeld(order),
    filled: order.filled,
    remaining: remainingOf(order),
    avgFillPrice: averageOf(order.value, order.filled),
    lastFillPrice: order.lastFillPrice,
    ...(order.trailStop && { trailStopPrice: order.trailStop }),
    warningText: order.warningText,
    ...(order.completedTimeMs !== undefined && { completedTimeMs: order.completedTimeMs }),
    ...(order.completedStatus !== undefined && { completedStatus: order.completedStatus }),
  };
}

/** Sets the size that works now. Requests are shared with views already given out: never mutated. */
export function setQuantity(order: Order, totalQuantity: Decimal): void {
  order.request = { ...order.request, totalQuantity };
}

/** Shares are whole wherever the exchange itself decides a size. */
export const ONE_SHARE = decimal('1');
