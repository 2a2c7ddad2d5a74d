/** An order as the stub keeps it, and as the API shows it. */
import type { Decimal } from '../domain/money.js';
import { ZERO } from '../domain/money.js';
import { universalSymbol } from './listings.js';

export type OrderType = 'Market' | 'Limit' | 'Stop' | 'StopLimit';
export type Status =
  | 'ACCEPTED'
  | 'PARTIAL'
  | 'EXECUTED'
  | 'CANCELED' // cancelled, as the API spells it
  | 'REPLACED'
  | 'REJECTED'
  | 'EXPIRED';

export interface Terms {
  readonly action: 'BUY' | 'SELL';
  readonly orderType: OrderType;
  readonly timeInForce: 'Day' | 'GTC';
  readonly units: Decimal;
  readonly price: Decimal | null;
  readonly stop: Decimal | null;
}

export interface StubOrder extends Terms {
  readonly id: string;
  readonly accountId: string;
  readonly ticker: string;
  readonly clientOrderId: string | null;
  readonly placedAtMs: number;
  status: Status;
  /** A word in the place of the status, set by the control port: what a brokerage may say one day. */
  shownStatus: string | null;
  isTriggered: boolean;
  filled: Decimal;
  /** Money paid or taken for what is filled. */
  turnover: Decimal;
  updatedAtMs: number;
  executedAtMs: number | null;
}

export function isOpen({ status }: StubOrder): boolean {
  return status === 'ACCEPTED' || status === 'PARTIAL';
}

/** What is still to be filled of an open order. */
export function openUnits(order: StubOrder): Decimal {
  return isOpen(order) ? order.units.sub(order.filled) : ZERO;
}

/** An `AccountOrderRecord`: there is no field of the client's own id in it. */
export function recordOf(order: StubOrder): Readonly<Record<string, unknown>> {
  const { units, filled, price, stop, executedAtMs } = order;
  const open = openUnits(order);
  const average = filled.isZero() ? null : order.turnover.div(filled);
  return {
    brokerage_order_id: order.id,
    brokerage_group_order_id: null,
    order_role: null,
    status: order.shownStatus ?? order.status,
    universal_symbol: universalSymbol(order.ticker),
    option_symbol: null,
    action: order.action,
    total_quantity: units.toFixed(),
    open_quantity: open.toFixed(),
    canceled_quantity: units.sub(filled).sub(open).toFixed(),
    filled_quantity: filled.toFixed(),
    execution_price: average === null ? null : average.toFixed(),
    limit_price: price === null ? null : price.toFixed(),
    stop_price: stop === null ? null : stop.toFixed(),
    trailing_stop: null,
    order_type: order.orderType,
    time_in_force: order.timeInForce,
    time_placed: new Date(order.placedAtMs).toISOString(),
    time_updated: new Date(order.updatedAtMs).toISOString(),
    time_executed: executedAtMs === null ? null : new Date(executedAtMs).toISOString(),
    expiry_date: null,
    child_brokerage_order_ids: null,
  };
}
