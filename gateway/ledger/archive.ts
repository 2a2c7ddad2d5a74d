/**
 * Keeps the ledger's books bounded: the oldest orders that are done, with signals that are over, lose
 * their single records. What they came to stays counted, and their references stay known, so that a
 * repeat of one is still a duplicate.
 */
import { ZERO } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import { isLive } from './orders.js';
import type { LedgerOrder } from './orders.js';
import { isUnfinished } from './signals.js';
import type { Signal } from './signals.js';

/** Two thousand brackets a day for three days, or the load tests; some 60 MB. */
const ORDERS_MAX = 20_000;
/** Sorting out is done for a batch, not for each new order. */
const BATCH = 2_000;

export class Archive {
  /** Keys of signals whose record is gone. */
  private readonly signalKeys = new Set<string>();
  overfilledEntries = 0;
  overfilledShares: Decimal = ZERO;
  orders = 0;

  /** So many orders are worth the next look: when most are unfinished, a look finds little. */
  private lookAt: number;

  constructor(private readonly ordersMax = ORDERS_MAX) {
    this.lookAt = ordersMax + BATCH;
  }

  /** Whether a signal of that key was on record once. */
  has(signalKey: string): boolean {
    return this.signalKeys.has(signalKey);
  }

  /** The orders to forget now, oldest first; usually none. */
  due(orders: readonly LedgerOrder[]): Set<LedgerOrder> {
    const due = new Set<LedgerOrder>();
    if (orders.length <= this.lookAt) return due;
    const surplus = orders.length - this.ordersMax;
    for (const order of orders) {
      if (due.size >= surplus) break;
      if (!isLive(order) && !(order.signal && isUnfinished(order.signal))) due.add(order);
    }
    this.orders += due.size;
    this.lookAt = Math.max(this.ordersMax, orders.length - due.size) + BATCH;
    return due;
  }

  /** Takes an order out of its signal; true when the signal has none left and is to be forgotten. */
  detach(order: LedgerOrder): boolean {
    const { signal } = order;
    if (!signal) return false;
    signal.entries = signal.entries.filter((each) => each !== order);
    signal.exits = signal.exits.filter((each) => each !== order);
    if (signal.entries.length > 0 || signal.exits.length > 0) return false;
    this.keep(signal);
    return true;
  }

  private keep(signal: Signal): void {
    this.signalKeys.add(signal.key);
    if (signal.overfilled.lte(ZERO)) return;
    this.overfilledEntries += 1;
    this.overfilledShares = this.overfilledShares.add(signal.overfilled);
  }
}
