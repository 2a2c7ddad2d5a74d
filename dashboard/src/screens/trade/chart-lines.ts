/** What a trade's chart is drawn of: points in seconds, each second once. */
import type { Bars, TradeWhole } from '../../api/types.js';
import { place } from '../../format/numbers.js';
import { protectionSpans } from './protection.js';

/** Seconds since the epoch: what the chart counts in. */
export type Second = number;

export interface LinePoint {
  readonly time: Second;
  readonly value: number;
}

export interface Candle {
  readonly time: Second;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

export interface FillMark {
  readonly time: Second;
  readonly isBuy: boolean;
  readonly text: string;
}

const secondOf = (at: string): Second => Math.floor(Date.parse(at) / 1_000);

export function candlesOf({ bars }: Bars): Candle[] {
  return bars.map(({ at, open, high, low, close }) => ({
    ...{ time: secondOf(at), open: place(open), high: place(high), low: place(low) },
    close: place(close),
  }));
}

/** The stop as it moved: steps, from the first second it stood until it was over, or now. */
export function stopLine(trade: TradeWhole, nowMs: number): LinePoint[] {
  const points = new Map<Second, number>();
  for (const { from, until, stops } of protectionSpans(trade)) {
    const prices = stops.flatMap(({ price }) => (price === null ? [] : [place(price)]));
    if (prices.length === 0) continue;
    const value = trade.side === 'BUY' ? Math.max(...prices) : Math.min(...prices);
    points.set(secondOf(from), value);
    points.set(until === null ? Math.floor(nowMs / 1_000) : secondOf(until), value);
  }
  return [...points].sort(([a], [b]) => a - b).map(([time, value]) => ({ time, value }));
}

/** A level from the entry until the end, or now. */
export function levelLine(trade: TradeWhole, level: string | null, nowMs: number): LinePoint[] {
  if (level === null) return [];
  const from = secondOf(trade.opened_at ?? trade.created_at);
  const until = trade.closed_at === null ? Math.floor(nowMs / 1_000) : secondOf(trade.closed_at);
  const value = place(level);
  return [
    { time: from, value },
    { time: Math.max(until, from + 1), value },
  ];
}

/** Fills of one side in one second are one mark. */
export function fillMarks(trade: TradeWhole): FillMark[] {
  const marks = new Map<string, FillMark>();
  for (const fill of trade.executions) {
    if (fill.is_superseded) continue;
    const time = secondOf(fill.received_at);
    const key = `${time}${fill.side}`;
    const more = marks.has(key) ? ' …' : '';
    const text = `${fill.side === 'BUY' ? '+' : '−'}${fill.quantity} @ ${fill.price}${more}`;
    marks.set(key, { time, isBuy: fill.side === 'BUY', text });
  }
  return [...marks.values()].sort((a, b) => a.time - b.time);
}

/** The fills as a line, where no prices were kept: a chart has to have something to stand on. */
export function fillLine(trade: TradeWhole): LinePoint[] {
  const points = new Map(
    trade.executions
      .filter(({ is_superseded: isSuperseded }) => !isSuperseded)
      .map(({ received_at: at, price }) => [secondOf(at), place(price)] as const),
  );
  return [...points].sort(([a], [b]) => a - b).map(([time, value]) => ({ time, value }));
}
