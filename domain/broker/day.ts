/** A broker's day: what its lists can tell of, and when they can't be trusted. Data of each broker. */
import { wallTimeAt } from '../zone.js';
import type { DateText } from '../calendar.js';
import type { EpochMs } from '../vocabulary.js';

/** Executions and completed orders are listed within a day of this zone, and gone after it. */
export interface BrokerDay {
  readonly zone: string;
  /** The nightly reset, in minutes of the day; it may go over midnight. Lists may be short then. */
  readonly resetFromMinute: number;
  readonly resetToMinute: number;
}

const MINUTES_PER_HOUR = 60;

/** The broker's date at an instant, `2026-04-06`. */
export function brokerDayOf(day: BrokerDay, nowMs: EpochMs): DateText {
  const { year, month, day: date } = wallTimeAt(nowMs, day.zone);
  return `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}

/**
 * Whether the broker's lists of now can't prove that a send of that broker day never arrived: another
 * day has begun, or the nightly reset is on.
 */
export function isBlindTo(day: BrokerDay, claimDay: DateText, nowMs: EpochMs): boolean {
  return brokerDayOf(day, nowMs) !== claimDay || isInReset(day, nowMs);
}

/** The day of a broker that does not restart at night: its lists begin anew at midnight all the same. */
export function withoutReset(day: BrokerDay): BrokerDay {
  return { ...day, resetToMinute: day.resetFromMinute };
}

/** The broker's servers restart: what its lists lack then may be there all the same. */
export function isInReset(
  { zone, resetFromMinute, resetToMinute }: BrokerDay,
  nowMs: EpochMs,
): boolean {
  const wall = wallTimeAt(nowMs, zone);
  const minute = wall.hour * MINUTES_PER_HOUR + wall.minute;
  return resetFromMinute <= resetToMinute
    ? minute >= resetFromMinute && minute < resetToMinute
    : minute >= resetFromMinute || minute < resetToMinute;
}
