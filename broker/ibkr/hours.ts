/**
 * Trading hours as IBKR writes them: days separated by `;`, sessions of a day by `,`,
 * `20260406:0930-20260406:1600`, `20260405:CLOSED`, and the older `20260406:0930-1600`.
 */
import type { Session, TradingHours } from '../../domain/hours.js';
import type { EpochMs } from '../../domain/vocabulary.js';
import { ianaZone, instantOf, wallTimeAt } from '../../domain/zone.js';

/** What contract details say of hours, as texts. */
export interface HoursTexts {
  readonly tradingHours: string;
  readonly liquidHours: string;
  readonly timeZoneId: string;
}

/** Hours as data, or why there are none. */
export type ReadHours =
  | { readonly hours: TradingHours; readonly problem: null }
  | { readonly hours: null; readonly problem: string };

/** Bound for a text from outside: IBKR sends about a week, never a quarter. */
const DAYS_MAX = 100;

const CLOSED = /^(\d{8}):CLOSED$/;
const SESSION = /^(?:(\d{8}):)?(\d{4})-(?:(\d{8}):)?(\d{4})$/;

/**
 * Reads both texts in the contract's zone (IANA, or an old name such as US/Eastern). What can't be read
 * is told, never guessed: without liquid hours there are none, without the others only the liquid ones.
 */
export function readHours(texts: HoursTexts): ReadHours {
  const key = `${texts.timeZoneId} ${texts.liquidHours} ${texts.tradingHours}`;
  const known = alreadyRead.get(key);
  if (known) return known;
  const read = readTexts(texts);
  if (alreadyRead.size >= READ_MAX) alreadyRead.clear();
  alreadyRead.set(key, read);
  return read;
}

/** Bound of what is kept: each exchange has its own texts, and they change daily. */
const READ_MAX = 50;
/** All stocks of an exchange have the same hours, and a reading costs milliseconds of zone arithmetic. */
const alreadyRead = new Map<string, ReadHours>();

function readTexts({ tradingHours, liquidHours, timeZoneId }: HoursTexts): ReadHours {
  const none = (problem: string): ReadHours => ({ hours: null, problem });
  if (!isZone(timeZoneId)) return none(`the time zone "${timeZoneId}" is not known here`);
  const liquid = parseHours(liquidHours, timeZoneId, true);
  if (liquid === null) return none(`the liquid hours "${liquidHours}" can't be read`);
  const trading = parseHours(tradingHours, timeZoneId, false);
  const sessions = [...(trading?.sessions ?? []), ...liquid.sessions];
  return { hours: { ...liquid, sessions: sessions.sort(byOpen) }, problem: null };
}

/**
 * Reads one hours text.
 * @returns null when the text is empty or not of that form, or the zone is unknown
 */
export function parseHours(hours: string, zone: string, liquid: boolean): TradingHours | null {
  const days = hours.split(';').filter((day) => day.trim() !== '');
  if (days.length === 0 || days.length > DAYS_MAX || !isZone(zone)) return null;
  const sessions: Session[] = [];
  let fromMs = Number.POSITIVE_INFINITY;
  let untilMs = Number.NEGATIVE_INFINITY;
  for (const day of days) {
    const parsed = parseDay(day.trim(), zone, liquid);
    if (parsed === null) return null;
    sessions.push(...parsed.sessions);
    fromMs = Math.min(fromMs, parsed.fromMs);
    untilMs = Math.max(untilMs, parsed.untilMs);
  }
  return { sessions: sessions.sort(byOpen), fromMs, untilMs };
}

function byOpen(a: Session, b: Session): number {
  return a.openMs - b.openMs;
}

function parseDay(day: string, zone: string, liquid: boolean): TradingHours | null {
  const closed = CLOSED.exec(day);
  if (closed) return closedDay(closed[1]!, zone);
  const date = day.slice(0, 8);
  if (!isDate(date)) return null;
  const sessions: Session[] = [];
  for (const part of day.split(',')) {
    const session = parseSession(part.trim(), { day: date, zone, liquid });
    if (session === null) return null;
    sessions.push(session);
  }
  const ends = sessions.map(({ closeMs }) => closeMs);
  const starts = sessions.map(({ openMs }) => openMs);
  return {
    sessions,
    fromMs: Math.min(midnight(date, zone), ...starts),
    untilMs: Math.max(midnight(date, zone, 1), ...ends),
  };
}

function closedDay(date: string, zone: string): TradingHours | null {
  if (!isDate(date)) return null;
  return { sessions: [], fromMs: midnight(date, zone), untilMs: midnight(date, zone, 1) };
}

/** A session without a date of its own is on its day's date. */
function parseSession(
  part: string,
  { day, zone, liquid }: { day: string; zone: string; liquid: boolean },
): Session | null {
  const match = SESSION.exec(part);
  if (!match) return null;
  const openDate = match[1] ?? day;
  const closeDate = match[3] ?? openDate;
  const [opens, closes] = [match[2]!, match[4]!];
  if (!isDate(openDate) || !isDate(closeDate) || !isTime(opens) || !isTime(closes)) return null;
  const openMs = at(openDate, opens, zone);
  const closeMs = at(closeDate, closes, zone);
  return openMs < closeMs ? { openMs, closeMs, liquid } : null;
}

function at(date: string, time: string, zone: string): EpochMs {
  const [hour, minute] = [Number(time.slice(0, 2)), Number(time.slice(2))];
  return instantOf({ ...calendarDate(date), hour, minute }, zone);
}

function midnight(date: string, zone: string, daysLater = 0): EpochMs {
  const { year, month, day } = calendarDate(date);
  return instantOf({ year, month, day: day + daysLater, hour: 0, minute: 0 }, zone);
}

function calendarDate(date: string): { year: number; month: number; day: number } {
  return {
    year: Number(date.slice(0, 4)),
    month: Number(date.slice(4, 6)),
    day: Number(date.slice(6, 8)),
  };
}

function isDate(date: string): boolean {
  if (!/^\d{8}$/.test(date)) return false;
  const { year, month, day } = calendarDate(date);
  const instant = new Date(Date.UTC(year, month - 1, day));
  return instant.getUTCMonth() === month - 1 && instant.getUTCDate() === day;
}

/** 24:00 is the end of the day. */
function isTime(time: string): boolean {
  const [hour, minute] = [Number(time.slice(0, 2)), Number(time.slice(2))];
  return minute < 60 && (hour < 24 || (hour === 24 && minute === 0));
}

function isZone(zone: string): boolean {
  try {
    wallTimeAt(0, ianaZone(zone));
    return true;
  } catch {
    return false;
  }
}
