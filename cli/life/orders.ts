/** Orders, their protection and the result, in words. */
import { decimal } from '../../domain/money.js';
import type { OrderView, TradeDetail } from '../../store/reads.js';
import { money, percent, price, ratio, span } from '../print.js';
import { line, type LifeLine, type Tone } from './line.js';

/** An order's terms: `SELL 86 STP 229.79 GTC`. */
export function termsText(order: OrderView): string {
  const parts = [order.side, order.quantity, order.order_type];
  if (order.stop_price) parts.push(price(order.stop_price));
  if (order.limit_price) parts.push(price(order.limit_price));
  if (order.trail_amount) parts.push(`by ${price(order.trail_amount)}`);
  if (order.trail_fraction) parts.push(`by ${percent(order.trail_fraction)}`);
  parts.push(order.time_in_force);
  return parts.join(' ');
}

/** `entry`, `stop`, and `stop 2` for a repaired one. */
export function roleText(order: Pick<OrderView, 'role' | 'sequence'>): string {
  const name = order.role.toLowerCase();
  return order.sequence > 1 ? `${name} ${order.sequence}` : name;
}

/** The first line about an order: terms and ids, once the broker has named it or refused it. */
export function orderLine(order: OrderView): LifeLine | null {
  const at = order.incarnations[0]?.sending_at ?? order.created_at;
  const error = order.error ? ` · ${order.error.code} ${order.error.message}` : '';
  if (order.broker_order_id === null) {
    const isStuck = ['UNKNOWN', 'REJECTED', 'FAILED'].includes(order.status);
    if (!isStuck) return null;
    return line(at, roleText(order), `${termsText(order)} · ${order.status}${error}`, 'bad');
  }
  const group = order.oca_group ? ` · OCA type ${order.oca_type}` : '';
  const ids = `permId ${order.broker_order_id} · order id ${order.session_order_id} · ref ${order.client_order_id}`;
  return line(at, roleText(order), `${termsText(order)} · ${ids}${group}`);
}

/** Prices and quantity of an order that changed at the broker after the first line. */
export function changeLine(before: string, order: OrderView): LifeLine {
  return line(order.updated_at, roleText(order), `${before} → ${termsText(order)}`);
}

/** What covers the shares held, as read back from the broker. */
export function protectionLine(trade: TradeDetail): LifeLine {
  const at = trade.updated_at;
  if (!trade.is_protected) {
    const text = `UNPROTECTED: ${trade.held_quantity} shares without enough armed stops`;
    return line(at, 'protected', text, 'bad');
  }
  const exits = trade.orders
    .filter(({ role, status }) => role !== 'ENTRY' && LIVE_STATUSES.has(status))
    .map((order) => `${roleText(order)} ${order.quantity} at ${exitPrice(order)} ${order.status}`);
  const text = `${trade.held_quantity} shares held; at the broker: ${exits.join(', ')}`;
  return line(at, 'protected', text, 'good');
}

const LIVE_STATUSES: ReadonlySet<string> = new Set(['ACCEPTED', 'PARTIAL', 'HELD']);

function exitPrice(order: OrderView): string {
  const at = order.stop_price ?? order.limit_price;
  return at === null ? 'market' : price(at);
}

/** The end: why, what it made, how long it took. `at` is when the last of it was known. */
export function endLines(trade: TradeDetail, at: string | null): LifeLine[] {
  if (trade.state === 'DENIED') return [line(at, 'end', 'DENIED: nothing was sent', 'bad')];
  if (trade.state !== 'CLOSED') {
    return [line(at, 'end', `${trade.state}${trade.failure ? `: ${trade.failure}` : ''}`, 'bad')];
  }
  return [line(at, 'exit', exitText(trade)), resultLine(trade, at)];
}

function exitText(trade: TradeDetail): string {
  const { opened_at: openedAt, closed_at: closedAt, average_exit: average } = trade;
  const reason = (trade.exit_reason ?? 'nothing was filled').replaceAll('_', ' ');
  const exit = average === null ? '' : ` at ${price(average)}`;
  if (openedAt === null || closedAt === null) return `${reason}${exit}`;
  return `${reason}${exit}, held for ${span(Date.parse(closedAt) - Date.parse(openedAt))}`;
}

function resultLine(trade: TradeDetail, at: string | null): LifeLine {
  const { realized_pnl: net, gross_pnl: gross, commission } = trade;
  if (net === null) {
    return line(at, 'P&L', 'not settled yet: commissions are still to come', 'quiet');
  }
  const parts = [`${money(net)} net`];
  if (gross !== null) parts.push(`${money(gross)} gross`);
  if (commission !== null) parts.push(`commissions ${money(commission)}`);
  if (trade.r_multiple !== null) parts.push(`${ratio(trade.r_multiple)} R`);
  if (trade.entry_slippage !== null) {
    parts.push(`entry slippage ${price(trade.entry_slippage)} a share`);
  }
  return line(at, 'P&L', parts.join(' · '), toneOf(net));
}

function toneOf(net: string): Tone {
  const value = decimal(net);
  if (value.isZero()) return 'plain';
  return value.isNeg() ? 'bad' : 'good';
}
