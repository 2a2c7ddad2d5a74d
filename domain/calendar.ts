/** The broker's day and the trading day's reset, in New York's time. */
import type { EpochMs } from './vocabulary.js';
import { instantOf, NEW_YORK, wallTimeAt, type WallTime } from './zone.js';

/** A calendar date, `2026-04-06`. */
export type DateText = string;

/** When the streaks and the daily loss start anew (RSK-4, SCH-1): the regular open. */
const RESET = { hour: 9, minute: 30 } as const;
/** Longer than any run of days without trading (the longest since 1914 was a week, in 2001). */
const DAYS_BACK_MAX = 14;

/** The broker's day: executions and completed orders are listed within it, and gone after it. */
export function brokerDay(nowMs: EpochMs): DateText {
  return dateText(wallTimeAt(nowMs, NEW_YORK));
}

/** When that day began: midnight in New York. */
export function brokerDayStart(nowMs: EpochMs): EpochMs {
  return instantOf(daysBefore(wallTimeAt(nowMs, NEW_YORK), 0), NEW_YORK);
}

/** Monday to Friday, unless it is one of the holidays. */
export function isTradingDay(date: DateText, holidays: ReadonlySet<DateText>): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !holidays.has(date);
}

/**
 * The last 9:30 America/New_York of a trading day at or before now.
 * @throws RangeError when the holidays leave no trading day within two weeks
 */
export function lastReset(nowMs: EpochMs, holidays: ReadonlySet<DateText>): EpochMs {
  const today = wallTimeAt(nowMs, NEW_YORK);
  for (let back = 0; back <= DAYS_BACK_MAX; back += 1) {
    const day = daysBefore(today, back);
    const resetMs = instantOf({ ...day, ...RESET }, NEW_YORK);
    if (resetMs <= nowMs && isTradingDay(dateText(day), holidays)) return resetMs;
  }
  throw new RangeError(`no trading day within ${DAYS_BACK_MAX} days before ${brokerDay(nowMs)}`);
}

/** The trading day that the instant counts to: the date of its last reset. */
export function tradingDay(nowMs: EpochMs, holidays: ReadonlySet<DateText>): DateText {
  return brokerDay(lastReset(nowMs, holidays));
}

function daysBefore({ year, month, day }: WallTime, back: number): WallTime {
  const instant = new Date(Date.UTC(year, month - 1, day - back));
  return {
    year: instant.getUTCFullYear(),
    month: instant.getUTCMonth() + 1,
    day: instant.getUTCDate(),
    hour: 0,
    minute: 0,
  };
}

function dateText({ year, month, day }: WallTime): DateText {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
