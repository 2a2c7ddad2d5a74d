/** Orders, their protection and the result, in words. */
import { decimal } from '../../domain/money.js';
import type { IncarnationView, OrderView, TermsView, TradeDetail } from '../../contract/views.js';
import { money, percent, price, ratio, span } from '../print.js';
import { line, type LifeLine, type Tone } from './line.js';

/** An order's terms: `SELL 86 STP 229.79 GTC`. */
export function termsText(terms: TermsView): string {
  const parts = [terms.side, terms.quantity, terms.order_type];
  if (terms.stop_price) parts.push(price(terms.stop_price));
  if (terms.limit_price) parts.push(price(terms.limit_price));
  if (terms.trail_amount) parts.push(`by ${price(terms.trail_amount)}`);
  if (terms.trail_fraction) parts.push(`by ${percent(terms.trail_fraction)}`);
  parts.push(terms.time_in_force);
  return parts.join(' ');
}

/** `entry`, `stop`, and `stop 2` for a repaired one. */
export function roleText(order: Pick<OrderView, 'role' | 'sequence'>): string {
  const name = order.role.toLowerCase();
  return order.sequence > 1 ? `${name} ${order.sequence}` : name;
}

/** What was last told of an order: up to which write, and which terms it had then. */
export interface ToldOrder {
  readonly n: number;
  readonly terms: string;
}

export interface OrderNews {
  readonly lines: readonly LifeLine[];
  readonly told: ToldOrder | undefined;
}

/**
 * What is new of an order since `told`: its placings and modifications in the order in which they were
 * written, each with the terms that were true then, and what the broker changed by itself.
 */
export function orderNews(order: OrderView, told: ToldOrder | undefined): OrderNews {
  const lines: LifeLine[] = [];
  let now = told;
  for (const write of order.incarnations) {
    if (write.n <= (now?.n ?? 0) || write.terms === null || !isTold(write)) continue;
    const terms = termsText(write.terms);
    const at = write.kind === 'place' ? write.sending_at : (write.written_at ?? write.sending_at);
    lines.push(
      write.kind === 'place' || now === undefined
        ? placedLine(order, at, terms, write)
        : changeLine(order, at, now.terms, terms),
    );
    now = { n: write.n, terms };
  }
  const present = termsText(order);
  if (now === undefined) return unplaced(order, present);
  // Shares that filled elsewhere in the group: the broker takes them off without being asked.
  if (order.is_read_back && !isChanging(order) && present !== now.terms) {
    lines.push(changeLine(order, order.updated_at, now.terms, present));
    now = { ...now, terms: present };
  }
  return { lines, told: now };
}

/** The broker has named the order, or taken the change over. */
function isTold({ kind, outcome, broker_order_id: id }: IncarnationView): boolean {
  return kind === 'place' ? id !== null : kind === 'modify' && outcome === 'SHOWN';
}

const OPEN_OUTCOMES: ReadonlySet<string> = new Set(['CLAIMED', 'UNKNOWN']);

function isChanging({ incarnations }: OrderView): boolean {
  return incarnations.some(({ kind, outcome }) => kind === 'modify' && OPEN_OUTCOMES.has(outcome));
}

interface Ids {
  readonly broker_order_id: string | null;
  readonly session_order_id: number | null;
}

function placedLine(order: OrderView, at: string, terms: string, ids: Ids): LifeLine {
  const group = order.oca_group ? ` · OCA type ${order.oca_type}` : '';
  const named = `permId ${ids.broker_order_id} · order id ${ids.session_order_id} · ref ${order.client_order_id}`;
  return line(at, roleText(order), `${terms} · ${named}${group}`);
}

/** No write of it was named by the broker: told once its end is known, or its fate is not. */
function unplaced(order: OrderView, terms: string): OrderNews {
  const at = order.incarnations[0]?.sending_at ?? order.created_at;
  const told = { n: 0, terms };
  if (order.broker_order_id !== null) return { lines: [placedLine(order, at, terms, order)], told };
  if (!['UNKNOWN', 'REJECTED', 'FAILED'].includes(order.status)) {
    return { lines: [], told: undefined };
  }
  const error = order.error ? ` · ${order.error.code} ${order.error.message}` : '';
  const text = `${terms} · ${order.status}${error}`;
  return { lines: [line(at, roleText(order), text, 'bad')], told };
}

function changeLine(order: OrderView, at: string, before: string, after: string): LifeLine {
  return line(at, roleText(order), `${before} → ${after}`);
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
  const doubt = trade.doubt === null ? [] : [line(at, 'doubt', trade.doubt, 'bad')];
  return [line(at, 'exit', exitText(trade)), resultLine(trade, at), ...doubt];
}

function exitText(trade: TradeDetail): string {
  const { opened_at: openedAt, closed_at: closedAt, average_exit: average } = trade;
  const reason = trade.exit_reason?.replaceAll('_', ' ') ?? trade.failure ?? 'nothing was filled';
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
