/**
 * The New York Stock Exchange's days: holidays from nyse-holidays, half days by rule, special closures
 * by table. Dates are `YYYY-MM-DD` of New York, never process-local ones.
 */
import { getHolidays } from 'nyse-holidays';
import { Temporal } from 'temporal-polyfill';

export const NEW_YORK = 'America/New_York';

/** One-off closures, which no rule gives (national days of mourning). */
const SPECIAL_CLOSURES = new Set(['2018-12-05', '2025-01-09']);

export type DayKind = 'closed' | 'full' | 'half';

const holidaysByYear = new Map<number, Set<string>>();

function holidays(year: number): Set<string> {
  let days = holidaysByYear.get(year);
  if (!days) {
    // Only dateString: the package's Date values follow the zone of the process.
    days = new Set(getHolidays(year).map((holiday) => holiday.dateString));
    holidaysByYear.set(year, days);
  }
  return days;
}

function isOpenDay(date: Temporal.PlainDate): boolean {
  const day = date.toString();
  return date.dayOfWeek <= 5 && !holidays(date.year).has(day) && !SPECIAL_CLOSURES.has(day);
}

/** The day after Thanksgiving, the fourth Thursday of November. */
function isDayAfterThanksgiving(date: Temporal.PlainDate): boolean {
  return date.month === 11 && date.dayOfWeek === 5 && date.day >= 23 && date.day <= 29;
}

/**
 * NYSE closes at 13:00 after Thanksgiving, on 24 December and on 3 July, if it opens at all then (a
 * 3 July on a Friday is a holiday: the 4th is observed on it).
 */
function isHalfDay(date: Temporal.PlainDate): boolean {
  if (isDayAfterThanksgiving(date)) return true;
  if (date.month === 12 && date.day === 24) return true;
  return date.month === 7 && date.day === 3;
}

/** What kind of trading day a New York date is. */
export function dayKind(date: Temporal.PlainDate): DayKind {
  if (!isOpenDay(date)) return 'closed';
  return isHalfDay(date) ? 'half' : 'full';
}

/** The New York date at an instant (epoch ms). */
export function newYorkDate(atMs: number): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(NEW_YORK).toPlainDate();
}

/** Epoch ms of a New York wall-clock time (`hh:mm`) on a date. */
export function newYorkMs(date: Temporal.PlainDate, time: string): number {
  return date.toZonedDateTime({ timeZone: NEW_YORK, plainTime: time }).epochMilliseconds;
}
