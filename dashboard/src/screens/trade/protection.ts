/**
 * What protected a trade, span by span: what was held, beside what the broker had acknowledged of its stops. Made of the
 * fills and of the writes of the orders alone, so it shows what was known, not what was hoped.
 */
import type { Execution, Incarnation, Order, TradeWhole } from '../../api/types.js';
import { decimal, text } from '../../../../domain/money.js';
import { afterFill, afterWrite, leftOf, type StandingStop } from './stop-left.js';

export interface StopTerms {
  readonly quantity: string;
  /** Null: it trails, and the broker moves it. */
  readonly price: string | null;
}

export interface ProtectionSpan {
  readonly from: string;
  /** Null: it goes on. */
  readonly until: string | null;
  /** Without a sign. */
  readonly held: string;
  readonly stops: readonly StopTerms[];
  /** `armed`: exactly what is held is covered. */
  readonly cover: 'armed' | 'short' | 'excess';
}

interface Change {
  readonly atMs: number;
  readonly at: string;
  /** Signed shares that came or went. */
  readonly fill?: string;
  /** The order that they came by, where it is known. */
  readonly by?: Order | undefined;
  /** A stop stands so from now on; null: it is gone. */
  readonly stop?: { readonly order: Order; readonly write: Incarnation | null };
}

const OVER: readonly Order['status'][] = [
  'EXECUTED',
  'CANCELLED',
  'REJECTED',
  'EXPIRED',
  'FAILED',
  'NOT_SENT',
];

/** Oldest first; none while nothing was ever held. */
export function protectionSpans(
  trade: Pick<TradeWhole, 'executions' | 'orders'>,
): ProtectionSpan[] {
  const changes = [
    ...trade.executions.filter(counts).map((fill) => fillOf(fill, trade.orders)),
    ...trade.orders.flatMap(stopsOf),
  ];
  changes.sort((a, b) => a.atMs - b.atMs);
  const spans: ProtectionSpan[] = [];
  let stops: readonly StandingStop[] = [];
  let held = decimal('0');
  for (const [i, change] of changes.entries()) {
    if (change.fill !== undefined) {
      held = held.add(decimal(change.fill));
      stops = afterFill(stops, change.by, text(decimal(change.fill).abs()));
    }
    if (change.stop) stops = afterWrite(stops, change.stop.order, change.stop.write);
    const next = changes[i + 1];
    // Several things of one instant are one change.
    if (next?.atMs === change.atMs || held.isZero()) continue;
    const span = spanOf(text(held.abs()), stops.map(leftOf), change.at, next?.at ?? null);
    const before = spans.at(-1);
    if (before !== undefined && isSame(before, span))
      spans[spans.length - 1] = { ...before, until: span.until };
    else spans.push(span);
  }
  return spans;
}

/** A report that a later one replaced moved nothing. */
function counts({ is_superseded: isSuperseded }: Execution): boolean {
  return !isSuperseded;
}

function fillOf(execution: Execution, orders: readonly Order[]): Change {
  const { side, quantity, received_at: at, broker_order_id: brokerId } = execution;
  const fill = side === 'BUY' ? quantity : `-${quantity}`;
  const isIts = (order: Order) =>
    order.broker_order_id === brokerId ||
    order.incarnations.some((write) => write.broker_order_id === brokerId);
  const by = brokerId ? orders.find(isIts) : undefined;
  return { at, atMs: Date.parse(at), fill, by };
}

function stopsOf(order: Order): Change[] {
  if (order.role !== 'STOP' || order.acknowledged_at === null) return [];
  const changes = order.incarnations.flatMap((write): Change[] => {
    const { kind, terms, outcome, written_at: writtenAt } = write;
    const isTaken = outcome === 'SHOWN' || outcome === 'ENDED';
    if (kind === 'cancel' || terms === null || !isTaken) return [];
    const at = kind === 'place' ? order.acknowledged_at! : (writtenAt ?? write.sending_at);
    return [{ at, atMs: Date.parse(at), stop: { order, write } }];
  });
  if (!OVER.includes(order.status)) return changes;
  const at = order.updated_at;
  return [...changes, { at, atMs: Date.parse(at), stop: { order, write: null } }];
}

function spanOf(
  held: string,
  stops: readonly StopTerms[],
  from: string,
  until: string | null,
): ProtectionSpan {
  const covered = stops.reduce((so, stop) => so.add(decimal(stop.quantity)), decimal('0'));
  const order = covered.cmp(decimal(held));
  const cover = order === 0 ? 'armed' : order < 0 ? 'short' : 'excess';
  return { from, until, held, stops, cover };
}

function isSame(a: ProtectionSpan, b: ProtectionSpan): boolean {
  return a.held === b.held && JSON.stringify(a.stops) === JSON.stringify(b.stops);
}

/** What a person reads off the whole: how long it was held, and how long without enough stops. */
export function protectionTotals(spans: readonly ProtectionSpan[], nowMs: number) {
  const lengthOf = ({ from, until }: ProtectionSpan) =>
    Math.max(0, (until === null ? nowMs : Date.parse(until)) - Date.parse(from));
  const sumOf = (some: readonly ProtectionSpan[]) =>
    some.reduce((so, span) => so + lengthOf(span), 0);
  return {
    heldMs: sumOf(spans),
    shortMs: sumOf(spans.filter(({ cover }) => cover === 'short')),
    excessMs: sumOf(spans.filter(({ cover }) => cover === 'excess')),
  };
}
