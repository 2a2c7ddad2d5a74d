/** Instants for the eye: New York's clock, which the market goes by, is named wherever it is shown. */

const NEW_YORK = 'America/New_York';
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

const clockFormat = new Intl.DateTimeFormat('en-US', {
  ...{ timeZone: NEW_YORK, hourCycle: 'h23' },
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
});
const dayFormat = new Intl.DateTimeFormat('en-CA', { timeZone: NEW_YORK });
const shortDayFormat = new Intl.DateTimeFormat('en-US', {
  ...{ timeZone: NEW_YORK, month: 'short', day: 'numeric' },
});
const weekdayFormat = new Intl.DateTimeFormat('en-US', { timeZone: NEW_YORK, weekday: 'short' });

/** `09:41:20`, in New York. */
export function clock(at: string | number | Date): string {
  return clockFormat.format(new Date(at));
}

/** `2026-11-23`, in New York. */
export function day(at: string | number | Date): string {
  return dayFormat.format(new Date(at));
}

/** `Nov 23`, in New York. */
export function shortDay(at: string | number | Date): string {
  return shortDayFormat.format(new Date(at));
}

/** `Mon`, in New York. */
export function weekday(at: string | number | Date): string {
  return weekdayFormat.format(new Date(at));
}

/** `09:41:20` today, `Nov 21 09:41:20` on another day. */
export function when(at: string, nowMs: number): string {
  return day(at) === day(nowMs) ? clock(at) : `${shortDay(at)} ${clock(at)}`;
}

/** `09:41` today, `Nov 21 09:41` on another day. */
export function whenToMinute(at: string, nowMs: number): string {
  return when(at, nowMs).slice(0, -':00'.length);
}

/** `4 s`, `12 min`, `3 h 20 min`, `5 d`: as coarse as one can tell it. */
export function span(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.max(0, Math.floor(ms / SECOND_MS))} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms >= 2 * DAY_MS) return `${Math.floor(ms / DAY_MS)} d`;
  const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS);
  const hours = `${Math.floor(ms / HOUR_MS)} h`;
  return minutes === 0 ? hours : `${hours} ${minutes} min`;
}

/** How long something took, to the millisecond where it was quick. */
export function took(fromIso: string, toIso: string): string {
  const ms = Date.parse(toIso) - Date.parse(fromIso);
  return ms < 10 * SECOND_MS ? `${(ms / SECOND_MS).toFixed(3)} s` : span(ms);
}
