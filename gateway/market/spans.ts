/** Where the bars of a request begin: steps within sessions, or trading days, weeks and months. */
import type { BarRequest, Sessions } from '../exchange/api.js';
import { dayKind, newYorkDate, newYorkMs } from './calendar.js';

export const DAY_MS = 86_400_000;
/** More than any chart shows; the latest are given. */
export const BARS_MAX = 5_000;
/** Trading days of the longer units; a year has 252 of them. */
const TRADING_DAYS = { D: 1, W: 5, M: 21, Y: 252 } as const;
const SECOND_MS = 1_000;
/** The regular session opens at half past: the first hourly bar begins then. */
const HALF_HOUR_MS = 1_800_000;

export interface Span {
  startMs: number;
  endMs: number;
}

/** The last `count` NYSE days up to and with the one of `endMs`, oldest first. */
export function tradingDaysBack(endMs: number, count: number): Span[] {
  const days: Span[] = [];
  let date = newYorkDate(endMs);
  while (days.length < Math.min(count, BARS_MAX)) {
    if (dayKind(date) !== 'closed') {
      const startMs = newYorkMs(date, '00:00');
      days.unshift({ startMs, endMs: newYorkMs(date.add({ days: 1 }), '00:00') });
    }
    date = date.subtract({ days: 1 });
  }
  return days;
}

function dayCount(duration: BarRequest['duration']): number {
  if (duration.unit === 'S') return Math.ceil((duration.count * SECOND_MS) / DAY_MS);
  return duration.count * TRADING_DAYS[duration.unit];
}

function longBars(request: BarRequest): Span[] {
  const perBar = request.barSizeMs >= 30 * DAY_MS ? 21 : request.barSizeMs >= 7 * DAY_MS ? 5 : 1;
  const days = tradingDaysBack(request.endMs, dayCount(request.duration));
  const spans: Span[] = [];
  for (let index = 0; index < days.length; index += perBar) {
    const group = days.slice(index, index + perBar);
    const [first, last] = [group[0], group.at(-1)];
    if (first && last) spans.push({ startMs: first.startMs, endMs: last.endMs });
  }
  return spans;
}

function shortBars(request: BarRequest, sessions: Sessions): Span[] {
  const { duration, endMs, barSizeMs } = request;
  const days = tradingDaysBack(endMs, dayCount(duration));
  const fromMs =
    duration.unit === 'S' ? endMs - duration.count * SECOND_MS : (days[0]?.startMs ?? endMs);
  const isOpen = request.regularHoursOnly ? sessions.isRegularSession : sessions.isTradingSession;
  const spans: Span[] = [];
  let startMs = Math.floor(endMs / barSizeMs) * barSizeMs;
  while (startMs >= fromMs && spans.length < BARS_MAX) {
    const spanEndMs = startMs + barSizeMs;
    const openMs = [startMs, startMs + HALF_HOUR_MS].find(
      (each) => each < spanEndMs && isOpen(each),
    );
    if (openMs !== undefined && openMs < endMs) spans.push({ startMs: openMs, endMs: spanEndMs });
    startMs -= barSizeMs;
  }
  return spans.reverse();
}

/** The spans of a request's bars, oldest first; the last one may not be over yet. */
export function barSpans(request: BarRequest, sessions: Sessions): Span[] {
  return request.barSizeMs >= DAY_MS ? longBars(request) : shortBars(request, sessions);
}
