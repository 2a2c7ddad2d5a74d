/**
 * When entries are parked (BRK-8): around the broker's nightly reset, when nothing that is sent can be
 * proven absent, and while its weekly login is waited for. Protection and closes are never parked.
 */
import { instantOf, wallTimeAt, type WallTime } from '../zone.js';
import type { EpochMs } from '../vocabulary.js';
import type { BrokerDay } from './day.js';

/** A person must log in anew once a week: from this minute of this day, in the zone of the broker's day. */
export interface WeeklyLogin {
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly fromMinute: number;
}

export interface Parked {
  /** For people. */
  readonly reason: string;
  /** Null while nobody can tell: a person, or a picture of the broker, ends it. */
  readonly untilMs: EpochMs | null;
}

export interface ParkingFacts {
  readonly nowMs: EpochMs;
  /** Since when the link is not READY; null while it is. */
  readonly downSinceMs: EpochMs | null;
  /** When the newest complete picture of the broker was begun; null before the first. */
  readonly pictureAtMs: EpochMs | null;
}

const MINUTES_PER_HOUR = 60;
const DAY_MINUTES = 1_440;

/** Why entries must wait now; null when they may go. */
export function parkedBy(
  day: BrokerDay,
  weekly: WeeklyLogin | null,
  { nowMs, downSinceMs, pictureAtMs }: ParkingFacts,
): Parked | null {
  const reset = lastReset(day, nowMs);
  if (nowMs < reset.untilMs) {
    return { reason: 'the nightly reset of the broker', untilMs: reset.untilMs };
  }
  if (weekly !== null && downSinceMs !== null && isLoginDay(day.zone, weekly, nowMs)) {
    return { reason: 'the weekly login of the broker', untilMs: null };
  }
  if (pictureAtMs !== null && pictureAtMs < reset.untilMs) {
    return { reason: 'the first picture after the nightly reset', untilMs: null };
  }
  return null;
}

/** The nightly reset that is on, or the last one that was. */
function lastReset(
  { zone, resetFromMinute, resetToMinute }: BrokerDay,
  nowMs: EpochMs,
): { readonly untilMs: EpochMs } {
  const wall = wallTimeAt(nowMs, zone);
  const overMidnight = resetFromMinute > resetToMinute;
  const hasBegunToday = minuteOf(wall) >= resetFromMinute;
  // The one that has begun last ends today, tomorrow (over midnight), or ended yesterday.
  const daysOn = (hasBegunToday ? 0 : -1) + (overMidnight ? 1 : 0);
  return { untilMs: instantOf(at(wall, daysOn, resetToMinute), zone) };
}

/** Whether the weekly login is due, or was today: until the end of that day a person may come to it. */
function isLoginDay(zone: string, { weekday, fromMinute }: WeeklyLogin, nowMs: EpochMs): boolean {
  const wall = wallTimeAt(nowMs, zone);
  const today = new Date(Date.UTC(wall.year, wall.month - 1, wall.day)).getUTCDay();
  return today === weekday && minuteOf(wall) >= fromMinute;
}

function minuteOf({ hour, minute }: WallTime): number {
  return (hour * MINUTES_PER_HOUR + minute) % DAY_MINUTES;
}

function at({ year, month, day }: WallTime, daysOn: number, minute: number): WallTime {
  const date = new Date(Date.UTC(year, month - 1, day + daysOn));
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: Math.floor(minute / MINUTES_PER_HOUR),
    minute: minute % MINUTES_PER_HOUR,
  };
}
