/** Orders and executions as they are read: this system's words, with the broker's ids beside them. */
import type { OrderTerms } from '../../contract/orders.js';
import type {
  LegRole,
  OrderStatus,
  OrderType,
  Side,
  TimeInForce,
} from '../../domain/vocabulary.js';
import { textFromRow } from '../database.js';
import type { Execution, Order, OrderIncarnation } from '../generated/client.js';
import { instant, optionalText } from './shape.js';

export interface OrderView {
  readonly id: string;
  readonly role: LegRole;
  /** 1 for the first of its role; repairs count up. */
  readonly sequence: number;
  /** IBKR: orderRef. */
  readonly client_order_id: string;
  /** IBKR: permId, the newest; null until the broker has answered. */
  readonly broker_order_id: string | null;
  /** IBKR: orderId, the newest; null before anything was sent. */
  readonly session_order_id: number | null;
  /** Every id the order had at the broker, oldest first. */
  readonly incarnations: readonly IncarnationView[];
  readonly side: Side;
  readonly order_type: OrderType;
  readonly quantity: string;
  readonly limit_price: string | null;
  readonly stop_price: string | null;
  readonly trail_amount: string | null;
  readonly trail_fraction: string | null;
  readonly time_in_force: TimeInForce;
  readonly oca_group: string | null;
  readonly oca_type: number | null;
  /** True when the terms above are what the broker read back, not only what was wanted. */
  readonly is_read_back: boolean;
  readonly intent: string;
  readonly status: OrderStatus;
  readonly broker_status: string | null;
  readonly why_held: string;
  readonly filled_quantity: string;
  readonly average_price: string | null;
  readonly error: { readonly code: number; readonly message: string } | null;
  readonly acknowledged_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface IncarnationView {
  readonly session_order_id: number;
  readonly client_id: number;
  readonly broker_order_id: string | null;
  readonly outcome: string;
  readonly sending_at: string;
  readonly written_at: string | null;
}

export interface ExecutionView {
  /** IBKR: execId. */
  readonly execution_id: string;
  /** Null for an execution of no order of ours. */
  readonly role: LegRole | null;
  readonly side: Side;
  readonly quantity: string;
  readonly price: string;
  readonly commission: string | null;
  readonly commission_currency: string | null;
  readonly broker_order_id: string | null;
  /** 1 for the first report; a later one replaced it. */
  readonly correction: number;
  readonly is_superseded: boolean;
  /** Concluded from a position, not reported by the broker. */
  readonly is_inferred: boolean;
  /** By the broker's clock, in whole seconds. */
  readonly executed_at: string;
  readonly received_at: string;
}

type OrderRow = Order & { readonly incarnations: readonly OrderIncarnation[] };

/** An order row with its incarnations, oldest first. */
export function orderView(row: OrderRow): OrderView {
  const terms = (row.readBack ?? row.terms) as unknown as OrderTerms;
  const newest = row.incarnations[row.incarnations.length - 1];
  const ids = row.incarnations.flatMap(({ brokerOrderIds }) => brokerOrderIds);
  return {
    id: row.id,
    role: row.role as LegRole,
    sequence: row.sequence,
    client_order_id: row.clientOrderId,
    broker_order_id: ids[ids.length - 1] ?? null,
    session_order_id: newest?.sessionOrderId ?? null,
    incarnations: row.incarnations.map(incarnationView),
    ...termsView(terms),
    is_read_back: row.readBack !== null,
    intent: row.intent,
    status: row.status as OrderStatus,
    broker_status: row.brokerStatus,
    why_held: row.whyHeld,
    filled_quantity: textFromRow(row.filledQuantity),
    average_price: optionalText(row.averagePrice),
    error: row.errorCode === null ? null : { code: row.errorCode, message: row.errorText ?? '' },
    acknowledged_at: instant(row.acknowledgedAt),
    created_at: instant(row.createdAt),
    updated_at: instant(row.updatedAt),
  };
}

function termsView(terms: OrderTerms) {
  return {
    side: terms.side,
    order_type: terms.orderType,
    quantity: terms.quantity,
    limit_price: terms.limitPrice,
    stop_price: terms.stopPrice,
    trail_amount: terms.trailAmount,
    trail_fraction: terms.trailFraction,
    time_in_force: terms.timeInForce,
    oca_group: terms.ocaGroup,
    oca_type: terms.ocaType,
  };
}

function incarnationView(row: OrderIncarnation): IncarnationView {
  return {
    session_order_id: row.sessionOrderId,
    client_id: row.clientId,
    broker_order_id: row.brokerOrderIds[row.brokerOrderIds.length - 1] ?? null,
    outcome: row.state,
    sending_at: instant(row.claimedAt),
    written_at: instant(row.writtenAt),
  };
}

/** An execution row; `role` is that of the order it belongs to. */
export function executionView(row: Execution, role: LegRole | null): ExecutionView {
  return {
    execution_id: row.executionId,
    role,
    side: row.side as Side,
    quantity: textFromRow(row.quantity),
    price: textFromRow(row.price),
    commission: optionalText(row.commission),
    commission_currency: row.commissionCurrency,
    broker_order_id: row.brokerOrderId,
    correction: row.correction,
    is_superseded: row.superseded,
    is_inferred: row.inferred,
    executed_at: instant(row.executedAt),
    received_at: instant(row.receivedAt),
  };
}
