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

/** What lives so short has few bars: its chart counts in seconds, each with a place of its own. */
const IN_SECONDS_MAX_S = 300;
/** With fewer, a second would be wider than a word. */
const PLACES_MIN = 8;
/** Before and after it, of its length: what the price did around it, and no more, or the trade itself is too small to read. */
const ROOM_SHARE = 0.25;

/** Every second around a short life, from before it began until after it ended, or now; none for a longer one, whose bars are enough. */
export function secondsOf(trade: TradeWhole, nowMs: number): Second[] {
  const known = [trade.created_at, trade.closed_at, ...trade.executions.map(receivedAt)];
  const marks = known.flatMap((at) => (at === null ? [] : [secondOf(at)]));
  if (trade.closed_at === null) marks.push(Math.floor(nowMs / 1_000));
  const [first, last] = [Math.min(...marks), Math.max(...marks)];
  if (last - first > IN_SECONDS_MAX_S) return [];
  const room = Math.max(1, Math.ceil((last - first) * ROOM_SHARE));
  const missing = Math.max(0, PLACES_MIN - (last - first + 1) - 2 * room);
  const from = first - room - Math.ceil(missing / 2);
  const until = last + room + Math.floor(missing / 2);
  return Array.from({ length: until - from + 1 }, (_, i) => from + i);
}

const receivedAt = ({ received_at: at }: TradeWhole['executions'][number]) => at;

/** Candles, and places without one, in their order. Where there are places, a candle has to have one of them. */
export function withPlaces(
  candles: readonly Candle[],
  places: readonly Second[],
): (Candle | Pick<Candle, 'time'>)[] {
  if (places.length === 0) return [...candles];
  const at = new Map(candles.map((candle) => [candle.time, candle]));
  return places.map((time) => at.get(time) ?? { time });
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
  const line = [...points].sort(([a], [b]) => a - b).map(([time, value]) => ({ time, value }));
  const [only] = line;
  // Of one point nothing would be drawn.
  return only !== undefined && line.length === 1 ? [only, { ...only, time: only.time + 1 }] : line;
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
