/** Bars from the rows of a replay that were played so far, moved from recorded time to now. */
import { ZERO, decimal, max, min } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { BarRequest, BarView } from '../exchange/api.js';
import { BidAskBar, quotePrice } from './bar-prices.js';
import { newYorkDate, newYorkMs } from './calendar.js';
import { RecordedFile } from './recording.js';
import type { RecordedRow } from './recording.js';
import type { ReplayDay } from './replay-days.js';
import { DAY_MS, tradingDaysBack } from './spans.js';
import type { Span } from './spans.js';

interface Played {
  days: readonly ReplayDay[];
  recordedNowMs?: () => number;
}

function addTo(bars: Map<number, BarView>, startMs: number, price: Decimal): void {
  const bar = bars.get(startMs);
  if (!bar) {
    const prices = { open: price, high: price, low: price, close: price, wap: price };
    bars.set(startMs, { startMs, ...prices, volume: ZERO, count: 1 });
    return;
  }
  bar.high = max(bar.high, price);
  bar.low = min(bar.low, price);
  bar.close = price;
  bar.wap = bar.wap
    .mul(bar.count)
    .add(price)
    .div(decimal(String(bar.count + 1)));
  bar.count += 1;
}

/** Which span an instant lies in, by binary search. */
function spanAt(spans: readonly Span[], timeMs: number): Span | undefined {
  let low = 0;
  let high = spans.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((spans[middle] as Span).startMs <= timeMs) low = middle;
    else high = middle - 1;
  }
  const span = spans[low];
  return span && timeMs >= span.startMs && timeMs < span.endMs ? span : undefined;
}

/** A row and until when it stood. */
interface PlayedRow {
  row: RecordedRow;
  untilMs: number;
}

function* playedRows(path: string, nowMs: number): Generator<PlayedRow> {
  const file = new RecordedFile(path);
  let row = file.read();
  while (row && row.timeMs <= nowMs) {
    const next = file.read();
    yield { row, untilMs: Math.min(next?.timeMs ?? nowMs, nowMs) };
    row = next;
  }
}

/** By how much rows of each played day move: the day being played is today, those before go back. */
function shifts(played: readonly ReplayDay[], symbol: string, nowMs: number): Map<string, number> {
  const today = tradingDaysBack(nowMs, played.length);
  const moved = new Map<string, number>();
  played.forEach((day, index) => {
    const path = day.files.get(symbol);
    const row = path ? new RecordedFile(path).read() : undefined;
    const target = today[index];
    if (row && target) {
      moved.set(day.name, target.startMs - newYorkMs(newYorkDate(row.timeMs), '00:00'));
    }
  });
  return moved;
}

function playedDays(days: readonly ReplayDay[], symbol: string, untilMs: number): ReplayDay[] {
  return days.filter((day) => {
    const path = day.files.get(symbol);
    const first = path ? new RecordedFile(path).read() : undefined;
    return first !== undefined && first.timeMs <= untilMs;
  });
}

/** New York midnight of the first played day of a symbol, moved to now; undefined if none was. */
export function firstPlayedDayMs({ days, recordedNowMs }: Played, symbol: string) {
  if (!recordedNowMs) return undefined;
  const played = playedDays(days, symbol, recordedNowMs());
  return tradingDaysBack(Date.now(), played.length)[0]?.startMs;
}

/**
 * Bars by the start of their span. Short bars move by one shift that puts the row being played at
 * now; daily and longer ones by whole days, so that a recorded day stays one bar.
 */
export function recordedBars(
  { days, recordedNowMs }: Played,
  request: BarRequest,
  spans: readonly Span[],
): Map<number, BarView> {
  const bars = new Map<number, BarView>();
  const quotes = new Map<number, BidAskBar>();
  if (!recordedNowMs) return bars;
  const nowMs = Date.now();
  const untilMs = recordedNowMs();
  const played = playedDays(days, request.symbol, untilMs);
  const byDay = shifts(played, request.symbol, nowMs);
  for (const day of played) {
    const shiftMs = request.barSizeMs >= DAY_MS ? (byDay.get(day.name) ?? 0) : nowMs - untilMs;
    for (const { row, untilMs: endMs } of playedRows(
      day.files.get(request.symbol) ?? '',
      untilMs,
    )) {
      const span = spanAt(spans, row.timeMs + shiftMs);
      if (!span) continue;
      if (request.what === 'BID_ASK') {
        const quote = quotes.get(span.startMs) ?? new BidAskBar();
        quotes.set(span.startMs, quote);
        quote.add(row.bid, row.ask, Math.min(endMs, span.endMs - shiftMs) - row.timeMs);
      } else addTo(bars, span.startMs, quotePrice(row.bid, row.ask, request.what));
    }
  }
  for (const [startMs, quote] of quotes) bars.set(startMs, quote.view(startMs));
  return bars;
}
