/**
 * What this process has sent and seen of orders, to complete messages that carry only part of it (a
 * status has no reference, an open order no filled quantity). Bounded; the database is the memory.
 */
import type { DecimalText } from '../../domain/money.js';
import type { OrderTerms } from '../port.js';
import { MAX_REMEMBERED_ORDERS } from './options.js';

export interface RememberedOrder {
  readonly sessionOrderId: number;
  readonly sessionClientId: number;
  clientOrderId: string | null;
  brokerOrderId: string | null;
  account: string;
  symbol: string | null;
  brokerContractId: number | null;
  parentSessionOrderId: number | null;
  filledQuantity: DecimalText;
  remainingQuantity: DecimalText | null;
  averageFillPrice: DecimalText | null;
  whyHeld: string | null;
  /** Shown by the broker at least once. */
  acknowledged: boolean;
  rejectingCode: boolean;
  cancelSent: boolean;
  sentAsChild: boolean;
  /** The terms of a modification until they are read back or refused. */
  modification: OrderTerms | null;
}

export interface OrderIds {
  readonly sessionOrderId: number;
  readonly sessionClientId: number;
  readonly brokerOrderId: string | null;
}

export class OrderMemory {
  private readonly orders = new Map<string, RememberedOrder>();
  private readonly keyByBrokerId = new Map<string, string>();

  constructor(
    private readonly ownClientId: number,
    private readonly maxOrders: number = MAX_REMEMBERED_ORDERS,
  ) {}

  /** The order of these ids, remembered from now on. */
  recall(ids: OrderIds): RememberedOrder {
    const key = this.keyOf(ids);
    const order = this.orders.get(key) ?? freshOrder(ids);
    this.orders.delete(key);
    this.orders.set(key, order);
    if (ids.brokerOrderId !== null) {
      order.brokerOrderId = ids.brokerOrderId;
      this.keyByBrokerId.set(ids.brokerOrderId, key);
    }
    this.forgetOldest();
    return order;
  }

  /** An own order by its session id. */
  recallOwn(sessionOrderId: number): RememberedOrder {
    return this.recall({ sessionOrderId, sessionClientId: this.ownClientId, brokerOrderId: null });
  }

  /** An order by the broker's durable id, if this session has seen it. */
  findByBrokerId(brokerOrderId: string | null): RememberedOrder | null {
    if (brokerOrderId === null) return null;
    const key = this.keyByBrokerId.get(brokerOrderId);
    return (key !== undefined && this.orders.get(key)) || null;
  }

  get size(): number {
    return this.orders.size;
  }

  /** Orders entered by hand share the id 0, so without an own id the durable one is the key. */
  private keyOf({ sessionOrderId, sessionClientId, brokerOrderId }: OrderIds): string {
    const own = sessionClientId === this.ownClientId && sessionOrderId > 0;
    if (own) return `own ${sessionOrderId}`;
    return brokerOrderId === null
      ? `session ${sessionClientId} ${sessionOrderId}`
      : `broker ${brokerOrderId}`;
  }

  private forgetOldest(): void {
    for (const [key, order] of this.orders) {
      if (this.orders.size <= this.maxOrders) break;
      this.orders.delete(key);
      if (order.brokerOrderId !== null) this.keyByBrokerId.delete(order.brokerOrderId);
    }
    for (const brokerOrderId of this.keyByBrokerId.keys()) {
      if (this.keyByBrokerId.size <= 2 * this.maxOrders) break;
      this.keyByBrokerId.delete(brokerOrderId);
    }
  }
}

function freshOrder(ids: OrderIds): RememberedOrder {
  return {
    sessionOrderId: ids.sessionOrderId,
    sessionClientId: ids.sessionClientId,
    clientOrderId: null,
    brokerOrderId: ids.brokerOrderId,
    account: '',
    symbol: null,
    brokerContractId: null,
    parentSessionOrderId: null,
    filledQuantity: '0',
    remainingQuantity: null,
    averageFillPrice: null,
    whyHeld: null,
    acknowledged: false,
    rejectingCode: false,
    cancelSent: false,
    sentAsChild: false,
    modification: null,
  };
}
