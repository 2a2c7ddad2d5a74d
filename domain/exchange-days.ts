/**
 * The New York Stock Exchange's days by its own rules: holidays, half days, and closures that no rule
 * gives. Schedules go by them; whether one contract trades is asked of its own hours.
 */
import type { DateText } from './calendar.js';
import type { EpochMs } from './vocabulary.js';
import { instantOf, NEW_YORK, wallTimeAt } from './zone.js';

export type DayKind = 'closed' | 'half' | 'full';

/** National days of mourning: no rule gives them, and the next one is not known yet. */
const SPECIAL_CLOSURES: readonly DateText[] = ['2018-12-05', '2025-01-09'];
/** The exchange keeps Juneteenth since then. */
const JUNETEENTH_SINCE = 2022;

/** When regular trading opens and ends, in New York's time. */
const OPEN = { hour: 9, minute: 30 } as const;
const CLOSE = { full: { hour: 16, minute: 0 }, half: { hour: 13, minute: 0 } } as const;

const SUNDAY = 0;
const MONDAY = 1;
const THURSDAY = 4;
const SATURDAY = 6;
const DAYS_PER_WEEK = 7;
const DAY_MS = 86_400_000;

/** Bound of the cache: more years than any run of this system sees. */
const YEARS_MAX = 50;
const byYear = new Map<number, ReadonlySet<DateText>>();

/** The dates of a year, Monday to Friday, on which the exchange stays closed. */
export function exchangeHolidays(year: number): ReadonlySet<DateText> {
  const known = byYear.get(year);
  if (known) return known;
  const made = new Set([...yearly(year), ...SPECIAL_CLOSURES.filter((day) => isIn(day, year))]);
  if (byYear.size >= YEARS_MAX) byYear.clear();
  byYear.set(year, made);
  return made;
}

/** The holidays of an instant's year and of those beside it: what the calendar's functions ask for. */
export function holidaysAround(nowMs: EpochMs): ReadonlySet<DateText> {
  const { year } = wallTimeAt(nowMs, NEW_YORK);
  return new Set([year - 1, year, year + 1].flatMap((each) => [...exchangeHolidays(each)]));
}

/** What kind of day a date is for the exchange. */
export function dayKind(date: DateText): DayKind {
  const { year, month, day, weekday } = partsOf(date);
  if (weekday === SUNDAY || weekday === SATURDAY) return 'closed';
  if (exchangeHolidays(year).has(date)) return 'closed';
  const isThanksgivingFriday = date === iso(nth(year, 11, THURSDAY, 4) + DAY_MS);
  const isEve = (month === 12 && day === 24) || (month === 7 && day === 3);
  return isThanksgivingFriday || isEve ? 'half' : 'full';
}

/** When regular trading begins on a date, whether or not it is a trading day. */
export function openOf(date: DateText): EpochMs {
  return at(date, OPEN);
}

/** When regular trading ends on a date; null when there is none. */
export function closeOf(date: DateText): EpochMs | null {
  const kind = dayKind(date);
  return kind === 'closed' ? null : at(date, CLOSE[kind]);
}

/** The first trading day after a date. */
export function nextTradingDay(date: DateText): DateText {
  return step(date, DAY_MS);
}

/** The last trading day before a date. */
export function previousTradingDay(date: DateText): DateText {
  return step(date, -DAY_MS);
}

/** No run of days without trading was longer than a week; twice that is a mistake of this file. */
const STEPS_MAX = 14;

function step(date: DateText, byMs: number): DateText {
  let ms = Date.parse(`${date}T00:00:00Z`);
  for (let n = 0; n < STEPS_MAX; n += 1) {
    ms += byMs;
    if (dayKind(iso(ms)) !== 'closed') return iso(ms);
  }
  throw new RangeError(`no trading day within ${STEPS_MAX} days of ${date}`);
}

function at(date: DateText, time: { readonly hour: number; readonly minute: number }): EpochMs {
  const { year, month, day } = partsOf(date);
  return instantOf({ year, month, day, ...time }, NEW_YORK);
}

function yearly(year: number): DateText[] {
  const newYear = Date.UTC(year, 0, 1);
  const days = [
    // On a Saturday it is not moved: the last of December ends the books.
    weekdayOf(newYear) === SATURDAY ? null : observed(newYear),
    nth(year, 1, MONDAY, 3), // Martin Luther King's birthday
    nth(year, 2, MONDAY, 3), // Washington's birthday
    easter(year) - 2 * DAY_MS,
    lastMondayOfMay(year), // Memorial Day
    year >= JUNETEENTH_SINCE ? observed(Date.UTC(year, 5, 19)) : null,
    observed(Date.UTC(year, 6, 4)),
    nth(year, 9, MONDAY, 1), // Labor Day
    nth(year, 11, THURSDAY, 4), // Thanksgiving
    observed(Date.UTC(year, 11, 25)),
  ];
  return days.flatMap((ms) => (ms === null ? [] : [iso(ms)]));
}

/** A holiday on a Saturday is kept on the Friday before, one on a Sunday on the Monday after. */
function observed(ms: number): number {
  const weekday = weekdayOf(ms);
  if (weekday === SATURDAY) return ms - DAY_MS;
  return weekday === SUNDAY ? ms + DAY_MS : ms;
}

/** The n-th such weekday of a month, from 1. */
function nth(year: number, month: number, weekday: number, n: number): number {
  const first = Date.UTC(year, month - 1, 1);
  const ahead = (weekday - weekdayOf(first) + DAYS_PER_WEEK) % DAYS_PER_WEEK;
  return first + (ahead + (n - 1) * DAYS_PER_WEEK) * DAY_MS;
}

function lastMondayOfMay(year: number): number {
  const last = Date.UTC(year, 4, 31);
  return last - ((weekdayOf(last) - MONDAY + DAYS_PER_WEEK) % DAYS_PER_WEEK) * DAY_MS;
}

/** Easter Sunday of the Gregorian calendar, by the method of Meeus, Jones and Butcher. */
function easter(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return Date.UTC(year, Math.floor(n / 31) - 1, (n % 31) + 1);
}

function partsOf(date: DateText) {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return { year, month, day, weekday: weekdayOf(Date.UTC(year, month - 1, day)) };
}

function weekdayOf(ms: number): number {
  return new Date(ms).getUTCDay();
}

function isIn(date: DateText, year: number): boolean {
  return date.startsWith(`${year}-`);
}

function iso(ms: number): DateText {
  return new Date(ms).toISOString().slice(0, 'YYYY-MM-DD'.length);
}
