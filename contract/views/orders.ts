/** Orders and executions as they are read. */
import type {
  LegRole,
  OrderStatus,
  OrderType,
  Side,
  TimeInForce,
} from '../../domain/vocabulary.js';

/** An order's terms: as wanted, as written, or as read back. */
export interface TermsView {
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
}

export interface OrderView extends TermsView {
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
  /** Every write of the order, oldest first. */
  readonly incarnations: readonly IncarnationView[];
  /** True when the terms are what the broker read back, not only what was wanted. */
  readonly is_read_back: boolean;
  readonly intent: string;
  /** `NOT_SENT`: its trade is over, and the order never left this system. */
  readonly status: OrderStatus | 'NOT_SENT';
  readonly broker_status: string | null;
  readonly why_held: string;
  readonly filled_quantity: string;
  readonly average_price: string | null;
  readonly error: { readonly code: number; readonly message: string } | null;
  readonly acknowledged_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

/** One write of an order: its placing, or a change of it. */
export interface IncarnationView {
  readonly n: number;
  readonly kind: 'place' | 'modify' | 'cancel';
  /** As written; null for a cancel. */
  readonly terms: TermsView | null;
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

/** An order beside those of other trades. */
export interface ListedOrder extends OrderView {
  readonly trade_id: string;
  readonly symbol: string;
  readonly account_id: string;
  readonly strategy_id: string;
}

export interface OrderFilter {
  /** Those that are, or may be, at the broker now; all of them without it. */
  readonly open?: boolean | undefined;
  readonly symbol?: string | undefined;
  readonly account?: string | undefined;
  /** The order that the page before ended with. */
  readonly after?: string | undefined;
  readonly limit: number;
}
