/** New York's trading day, as far as stops need it: when it ends, and which good-till-date stops it concerns. */
import { newYorkDate, newYorkMs } from '../market/calendar.js';
import { isArmedStop } from './armed.js';
import { isLive } from './orders.js';
import type { LedgerOrder } from './orders.js';

/** Epoch ms of the midnight that ends the New York day of an instant. */
function endOfDay(atMs: number): number {
  return newYorkMs(newYorkDate(atMs).add({ days: 1 }), '00:00');
}

export class TradingDay {
  /** When the present day ends. */
  endMs = 0;
  private readonly dated = new Set<LedgerOrder>();

  /** Keeps an eye on a live GTD exit. */
  watch(order: LedgerOrder): void {
    if (order.fact.tif === 'GTD' && isLive(order)) this.dated.add(order);
    else this.dated.delete(order);
  }

  /** The next day begins (the one of `atMs` if no stop cares); gives the orders that are armed no more. */
  turn(atMs: number): LedgerOrder[] {
    this.endMs = endOfDay(this.dated.size > 0 ? this.endMs : atMs);
    const disarmed: LedgerOrder[] = [];
    for (const order of this.dated) {
      const wasArmed = order.isArmed;
      order.isArmed = isArmedStop(order, this.endMs);
      if (wasArmed && !order.isArmed) disarmed.push(order);
    }
    return disarmed;
  }
}
