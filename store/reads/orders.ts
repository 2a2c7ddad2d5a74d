/** Orders and executions as they are read: this system's words, with the broker's ids beside them. */
import type { OrderTerms } from '../../domain/orders/terms.js';
import type { ExecutionView, IncarnationView, OrderView, TermsView } from '../../contract/views.js';
import type { LegRole, OrderStatus, Side } from '../../domain/vocabulary.js';
import { textFromRow } from '../database.js';
import type { Execution, Order, OrderIncarnation } from '../generated/client.js';
import { instant, optionalText } from './shape.js';

type OrderRow = Order & { readonly incarnations: readonly OrderIncarnation[] };

/**
 * An order row with its incarnations, oldest first.
 * @param hasEnded whether its trade is over: what was not sent until then never is
 */
export function orderView(row: OrderRow, hasEnded: boolean): OrderView {
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
    status: isNeverSent(row, hasEnded) ? 'NOT_SENT' : (row.status as OrderStatus),
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

/** A send that failed says so itself. */
function isNeverSent({ intent, status }: OrderRow, hasEnded: boolean): boolean {
  return hasEnded && intent === 'NEW' && status === 'PENDING';
}

/** An order's terms as they are read. */
export function termsView(terms: OrderTerms): TermsView {
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
    n: row.n,
    kind: row.kind as IncarnationView['kind'],
    session_order_id: row.sessionOrderId,
    client_id: row.clientId,
    broker_order_id: row.brokerOrderIds[row.brokerOrderIds.length - 1] ?? null,
    terms: row.terms === null ? null : termsView(row.terms as unknown as OrderTerms),
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
