/** What a run is for: the day that it belongs to, by the instant it was due, however late it starts. */
import { brokerDay, type DateText } from '../calendar.js';
import { closeOf, dayKind } from '../exchange-days.js';
import type { EpochMs } from '../vocabulary.js';
import { instantOf, NEW_YORK, wallTimeAt, type WallTime } from '../zone.js';
import { JOBS, type JobName } from './jobs.js';

export type Due =
  | { readonly kind: 'run'; readonly day: DateText }
  /** `reason` is for people. */
  | { readonly kind: 'nothing'; readonly day: DateText; readonly reason: string };

/**
 * Whether a job has anything to do for the instant that it was due at, and for which day. `startedAtMs`: when the run
 * began, for a late one may stand for those behind it, which are left out beside it.
 */
export function dueOf(name: JobName, dueAtMs: EpochMs, startedAtMs: EpochMs = dueAtMs): Due {
  const day = brokerDay(dueAtMs);
  if (JOBS[name].tradingDaysOnly && dayKind(day) === 'closed') {
    return { kind: 'nothing', day, reason: `${day} is no trading day` };
  }
  const tooEarly = earlyFor(name, day, dueAtMs, startedAtMs);
  return tooEarly === null ? { kind: 'run', day } : { kind: 'nothing', day, reason: tooEarly };
}

function earlyFor(
  name: JobName,
  day: DateText,
  dueAtMs: EpochMs,
  startedAtMs: EpochMs,
): string | null {
  if (name === 'end-of-day') {
    const closeMs = closeOf(day);
    if (closeMs !== null && Math.max(dueAtMs, startedAtMs) < closeMs)
      return `the exchange is open until ${clock(closeMs)}`;
  }
  if (name === 'daily-reset') {
    const [time] = JOBS[name].times;
    const beginsMs = time ? timeOn(day, time) : dueAtMs;
    if (dueAtMs < beginsMs) return `${day} begins at ${clock(beginsMs)}`;
  }
  return null;
}

function wallDate(date: Date): Pick<WallTime, 'year' | 'month' | 'day'> {
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

function timeOn(day: DateText, time: { readonly hour: number; readonly minute: number }): EpochMs {
  const date = wallDate(new Date(`${day}T00:00:00Z`));
  return instantOf({ ...date, hour: time.hour, minute: time.minute }, NEW_YORK);
}

/** New York's wall clock, `09:30`. */
function clock(ms: EpochMs): string {
  const { hour, minute } = wallTimeAt(ms, NEW_YORK);
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')} in New York`;
}
