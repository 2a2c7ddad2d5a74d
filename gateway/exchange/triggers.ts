/** When stops trigger, by trigger method, and how trailing stops follow the market. */
import { ZERO, roundToIncrement } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { QuoteView } from './api.js';
import type { Order } from './orders.js';

/** TWS's trigger methods. */
export const TRIGGER_METHODS = new Set([0, 1, 2, 3, 4, 7, 8]);
const DEFAULT = 0;
const DOUBLE_BID_ASK = 1;
const LAST = 2;
const DOUBLE_LAST = 3;
const BID_ASK = 4;
const LAST_OR_BID_ASK = 7;
const MIDPOINT = 8;
const HITS_OF_DOUBLE = 2;

/** The prices a method looks at. Data without prints is judged by bid and ask, as are 1 and 4. */
function watched(order: Order, quote: QuoteView): Decimal[] {
  const method = order.request.triggerMethod;
  const side = order.request.action === 'SELL' ? quote.bid : quote.ask;
  const quoted = side.gt(ZERO) ? [side] : [];
  if (method === MIDPOINT) {
    const both = quote.bid.gt(ZERO) && quote.ask.gt(ZERO);
    return both ? [quote.bid.add(quote.ask).div(2)] : [];
  }
  if (!quote.last || method === BID_ASK || method === DOUBLE_BID_ASK) return quoted;
  if (method === LAST_OR_BID_ASK) return [quote.last, ...quoted];
  return method === DEFAULT || method === LAST || method === DOUBLE_LAST ? [quote.last] : quoted;
}

/** The stop price in force: a trailing order's current one. */
export function stopPriceOf(order: Order): Decimal | undefined {
  return order.request.orderType === 'TRAIL' ? order.trailStop : order.request.auxPrice;
}

/**
 * Whether this quote triggers the stop: a sell at or below it, a buy at or above it. Counts quotes in
 * a row for the double methods.
 */
export function triggers(order: Order, quote: QuoteView): boolean {
  const stop = stopPriceOf(order);
  if (!stop) return false;
  const reached = (price: Decimal): boolean =>
    order.request.action === 'SELL' ? price.lte(stop) : price.gte(stop);
  const hit = watched(order, quote).some(reached);
  order.triggerHits = hit ? order.triggerHits + 1 : 0;
  const method = order.request.triggerMethod;
  const double = method === DOUBLE_BID_ASK || method === DOUBLE_LAST;
  return order.triggerHits >= (double ? HITS_OF_DOUBLE : 1);
}

/**
 * Lets a trailing stop follow a favourable quote: a sell's rises with the bid (or the last print), a
 * buy's falls with the ask. Rounded to the tick away from the market.
 * @returns whether it moved.
 */
export function follow(order: Order, quote: QuoteView): boolean {
  const sells = order.request.action === 'SELL';
  const [price] = watched(order, quote);
  if (!price) return false;
  const { auxPrice, trailingPercent } = order.request;
  const distance = auxPrice ?? price.mul(trailingPercent ?? ZERO).div(100);
  const raw = sells ? price.sub(distance) : price.add(distance);
  const stop = roundToIncrement(raw, order.minTick, sells ? 'down' : 'up');
  const { trailStop } = order;
  const better = !trailStop || (sells ? stop.gt(trailStop) : stop.lt(trailStop));
  if (better) order.trailStop = stop;
  return better;
}
