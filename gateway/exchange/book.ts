/**
 * The live orders of one symbol in time order, and a cheap answer to "could this quote matter to any
 * of them?", so that a quote far from every price costs nothing however many orders rest.
 */
import { max, min } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { QuoteView } from './api.js';
import { isMarketable, isUntriggeredStop } from './orders.js';
import type { Order } from './orders.js';

/** Methods that count quotes in a row must see every quote. */
const DOUBLE_METHODS = new Set([1, 3]);

export class Book {
  private readonly orders = new Map<number, Order>();
  /** Trailing stops that follow the market: every quote may move them. */
  readonly trails = new Set<Order>();
  /** Some order acts at or below `lowReach`, or at or above `highReach`. */
  private lowReach: Decimal | undefined;
  private highReach: Decimal | undefined;
  private urgent = false;

  get size(): number {
    return this.orders.size;
  }

  /** Adds an order, or notes that its prices or its state changed. */
  add(order: Order): void {
    this.orders.set(order.seq, order);
    const follows = order.request.orderType === 'TRAIL' && isUntriggeredStop(order);
    if (follows && !order.heldByParent) this.trails.add(order);
    else this.trails.delete(order);
    this.reach(order);
  }

  remove(order: Order): void {
    this.orders.delete(order.seq);
    this.trails.delete(order);
  }

  /** Puts an order behind all others. */
  requeue(order: Order): void {
    this.orders.delete(order.seq);
    this.add(order);
  }

  /** In time order; orders added meanwhile come too. */
  values(): IterableIterator<Order> {
    return this.orders.values();
  }

  /** False only if no order can act on this quote. */
  concerns(quote: QuoteView): boolean {
    if (this.orders.size === 0) return false;
    if (this.urgent) return true;
    const { bid, ask, last } = quote;
    const low = last ? min(bid, ask, last) : min(bid, ask);
    if (this.lowReach && low.lte(this.lowReach)) return true;
    const high = last ? max(bid, ask, last) : max(bid, ask);
    return this.highReach !== undefined && high.gte(this.highReach);
  }

  /** Computes the reach anew after a scan; in between it only widens. */
  refresh(): void {
    this.lowReach = undefined;
    this.highReach = undefined;
    this.urgent = false;
    for (const order of this.orders.values()) this.reach(order);
  }

  private reach(order: Order): void {
    // Its parent's fill, not a quote, wakes it; then it is added again.
    if (order.heldByParent) return;
    const { action, lmtPrice, auxPrice, triggerMethod } = order.request;
    const stop = isUntriggeredStop(order);
    if (order.waiting) this.urgent = true;
    else if (stop && DOUBLE_METHODS.has(triggerMethod)) this.urgent = true;
    else if (stop) this.extend(action === 'SELL', order.trailStop ?? auxPrice);
    else if (isMarketable(order)) this.urgent = true;
    else this.extend(action === 'BUY', lmtPrice);
  }

  private extend(below: boolean, price: Decimal | undefined): void {
    if (!price) this.urgent = true;
    else if (below) this.lowReach = this.lowReach ? max(this.lowReach, price) : price;
    else this.highReach = this.highReach ? min(this.highReach, price) : price;
  }
}
