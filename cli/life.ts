/**
 * A trade's life as lines, while it happens or afterwards: each reading of the trade gives the lines that
 * are new since the one before. The same code serves `watch`, `signal --watch`, `trade` and the demo.
 */
import type { TradeState } from '../domain/trade/states.js';
import { hasEnded, type OrderView, type TradeDetail } from '../contract/views.js';
import { decisionLines } from './life/decision.js';
import { line, type LifeLine } from './life/line.js';
import { endLines, orderNews, protectionLine, type ToldOrder } from './life/orders.js';
import { signalLines } from './life/signal.js';
import { timelineLine } from './life/timeline.js';

export { lineText, type LifeLine } from './life/line.js';

/** States that no other line tells of. */
const TOLD_STATES: ReadonlySet<TradeState> = new Set([
  'AWAITING_APPROVAL',
  'AWAITING_OPEN',
  'PARKED',
  'ENTRY_UNKNOWN',
  'PARTIALLY_OPEN',
  'OVERFILLED',
]);

/** After this a closed trade counts as finished even if a commission never came. */
const SETTLE_WAIT_MS = 90_000;

/** Nothing of the trade will happen any more, and its result is known. */
export function isFinished(trade: TradeDetail, nowMs: number): boolean {
  if (!hasEnded(trade.state)) return false;
  if (trade.filled_quantity === '0' || trade.realized_pnl !== null) return true;
  return trade.closed_at !== null && nowMs - Date.parse(trade.closed_at) > SETTLE_WAIT_MS;
}

export class Life {
  private isBegun = false;
  private readonly decisions = new Set<string>();
  /** By order id. */
  private readonly orders = new Map<string, ToldOrder>();
  private lastEvent = 0n;
  /** ISO 8601, so that it compares as text. */
  private newestAt = '';
  private state: TradeState = 'RECEIVED';
  private isProtected = false;
  private isEnded = false;

  /** The lines that are new, in the order in which they happened. */
  update(trade: TradeDetail, nowMs: number): LifeLine[] {
    const finished = isFinished(trade, nowMs);
    const news = [
      ...(this.isBegun ? [] : signalLines(trade)),
      ...this.decisionNews(trade),
      ...this.orderNews(trade.orders),
      ...this.timelineNews(trade),
      ...this.stateNews(trade),
    ];
    const told = inOrder(news);
    for (const { at } of told) if (at !== null && at > this.newestAt) this.newestAt = at;
    const end = finished && !this.isEnded ? endLines(trade, this.newestAt) : [];
    this.isBegun = true;
    this.isEnded ||= finished;
    return [...told, ...end];
  }

  private decisionNews(trade: TradeDetail): LifeLine[] {
    const fresh = trade.decisions.filter(({ id }) => !this.decisions.has(id));
    for (const { id } of fresh) this.decisions.add(id);
    return fresh.flatMap(decisionLines);
  }

  /** A bracket is told entry first: its exits wait until the entry was told. */
  private orderNews(orders: readonly OrderView[]): LifeLine[] {
    const entry = orders.find(({ role }) => role === 'ENTRY');
    const lines: LifeLine[] = [];
    for (const order of orders) {
      lines.push(...this.newsOf(order));
      if (order === entry && !this.orders.has(order.id)) break;
    }
    return lines;
  }

  private newsOf(order: OrderView): readonly LifeLine[] {
    const { lines, told } = orderNews(order, this.orders.get(order.id));
    if (told) this.orders.set(order.id, told);
    return lines;
  }

  private timelineNews(trade: TradeDetail): LifeLine[] {
    const fresh = trade.timeline.filter(({ id }) => BigInt(id) > this.lastEvent);
    const newest = fresh[fresh.length - 1];
    if (newest) this.lastEvent = BigInt(newest.id);
    return fresh.map(timelineLine).filter((told) => told !== null);
  }

  private stateNews(trade: TradeDetail): LifeLine[] {
    const lines: LifeLine[] = [];
    if (trade.state !== this.state) {
      if (TOLD_STATES.has(trade.state))
        lines.push(line(trade.updated_at, 'state', trade.state, 'quiet'));
      this.state = trade.state;
    }
    if (trade.is_protected !== this.isProtected) {
      this.isProtected = trade.is_protected;
      if (trade.held_quantity !== '0') lines.push(protectionLine(trade));
    }
    return lines;
  }
}

/** By time; a line without one stands after all that is told with it, for it was seen just now. */
function inOrder(lines: readonly LifeLine[]): LifeLine[] {
  const at = (entry: LifeLine) => (entry.at === null ? Infinity : Date.parse(entry.at));
  return lines
    .map((entry, index) => ({ entry, index }))
    .sort((a, b) => at(a.entry) - at(b.entry) || a.index - b.index)
    .map(({ entry }) => entry);
}
