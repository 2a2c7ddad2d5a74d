/**
 * Dates and times of statements. A query says how they are written; they are in the account's zone, which a statement does
 * not name, unless the query adds `EST` or `EDT` to each time.
 */
import type { DateText } from '../domain/calendar.js';
import type { EpochMs } from '../domain/vocabulary.js';
import { instantOf } from '../domain/zone.js';

export interface StatementTime {
  readonly day: DateText;
  /** Null: the day alone was given. */
  readonly atMs: EpochMs | null;
}

/** 20260406;093000 · 2026-04-06;09:30:00 · 2026-04-06, 09:30:00 · 20260406;093000 EDT · 2026-04-06 */
const WRITTEN = /^(\d{4})(-?)(\d\d)\2(\d\d)(?:[;, T] ?(\d\d)(:?)(\d\d)\6(\d\d)(?: (EST|EDT))?)?$/;
const OFFSET_HOURS = { EST: 5, EDT: 4 } as const;
const HOUR_MS = 3_600_000;
const SECOND_MS = 1_000;

/**
 * Reads one. In the hour that a clock change repeats the first of the two is taken, in the hour that it skips the
 * instant after the gap.
 * @returns null when it is written in another way, or no such day or time exists
 */
export function readTime(written: string, zone: string): StatementTime | null {
  const found = WRITTEN.exec(written);
  if (found === null) return null;
  const [, year, , month, date, hour, , minute, second, suffix] = found;
  const day = `${year}-${month}-${date}`;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return null;
  if (hour === undefined) return { day, atMs: null };
  const [hours, minutes, seconds] = [Number(hour), Number(minute), Number(second)];
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  if (suffix === 'EST' || suffix === 'EDT') {
    const ofDayMs = ((hours * 60 + minutes) * 60 + seconds) * SECOND_MS;
    return { day, atMs: midnight + ofDayMs + OFFSET_HOURS[suffix] * HOUR_MS };
  }
  const wall = { ...partsOf(day), hour: hours, minute: minutes };
  return { day, atMs: instantOf(wall, zone) + seconds * SECOND_MS };
}

/** An instant of a day by the zone's clock. */
export function instantOfDay(day: DateText, hour: number, zone: string): EpochMs {
  return instantOf({ ...partsOf(day), hour, minute: 0 }, zone);
}

/** The last second of a day. */
export function endOfDay(day: DateText, zone: string): EpochMs {
  const { year, month, day: date } = partsOf(day);
  const next = new Date(Date.UTC(year, month - 1, date + 1)).toISOString().slice(0, 10);
  return instantOfDay(next, 0, zone) - SECOND_MS;
}

function partsOf(day: DateText) {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  return { year, month, day: date };
}
