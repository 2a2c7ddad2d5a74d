/** Trading hours: of the exchange (NYSE's calendar, New York time), or always open. */
import { Temporal } from 'temporal-polyfill';
import type { Sessions } from '../exchange/api.js';
import { dayKind, newYorkDate, newYorkMs } from './calendar.js';

/** How IBKR names the zone in its texts. */
const TIME_ZONE_ID = 'US/Eastern';
/** IBKR lists about a week of hours. */
const LISTED_DAYS = 7;
/** Longer than any closure of the NYSE since 1933 (a week after 2001-09-11). */
const SEARCH_DAYS_MAX = 15;
const MINUTE_MS = 60_000;

interface Hours {
  openMs: number;
  closeMs: number;
}

interface SessionDay {
  date: Temporal.PlainDate;
  startMs: number;
  endMs: number;
  trading?: Hours | undefined;
  liquid?: Hours | undefined;
}

/** 4:00–20:00 with 9:30–16:00 liquid; half days close at 13:00, after-hours at 17:00. */
function exchangeDay(date: Temporal.PlainDate): SessionDay {
  const startMs = newYorkMs(date, '00:00');
  const endMs = newYorkMs(date.add({ days: 1 }), '00:00');
  const kind = dayKind(date);
  if (kind === 'closed') return { date, startMs, endMs };
  const half = kind === 'half';
  return {
    date,
    startMs,
    endMs,
    trading: {
      openMs: newYorkMs(date, '04:00'),
      closeMs: newYorkMs(date, half ? '17:00' : '20:00'),
    },
    liquid: {
      openMs: newYorkMs(date, '09:30'),
      closeMs: newYorkMs(date, half ? '13:00' : '16:00'),
    },
  };
}

/** Round the clock: each New York day is one session that ends when the next begins. */
function endlessDay(date: Temporal.PlainDate): SessionDay {
  const startMs = newYorkMs(date, '00:00');
  const endMs = newYorkMs(date.add({ days: 1 }), '00:00');
  const hours = { openMs: startMs, closeMs: endMs };
  return { date, startMs, endMs, trading: hours, liquid: hours };
}

function stamp(atMs: number): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO('America/New_York');
  const pad = (value: number): string => String(value).padStart(2, '0');
  const date = `${zoned.year}${pad(zoned.month)}${pad(zoned.day)}`;
  return `${date}:${pad(zoned.hour)}${pad(zoned.minute)}`;
}

function dayText(day: SessionDay, hours: Hours | undefined): string {
  if (hours) return `${stamp(hours.openMs)}-${stamp(hours.closeMs)}`;
  return `${stamp(day.startMs).slice(0, 8)}:CLOSED`;
}

function within(hours: Hours | undefined, nowMs: number): boolean {
  return hours !== undefined && nowMs >= hours.openMs && nowMs < hours.closeMs;
}

/** Sessions whose market can be closed by hand. */
export interface HandSessions extends Sessions {
  /** No session until then, an instant on a whole minute; null takes it back. @throws RangeError */
  closeUntil(untilMs: number | null): void;
  closedUntilMs(): number | null;
}

/** What is left of hours after an instant. */
function after(hours: Hours | undefined, untilMs: number): Hours | undefined {
  if (!hours || hours.closeMs <= untilMs) return undefined;
  return { openMs: Math.max(hours.openMs, untilMs), closeMs: hours.closeMs };
}

/**
 * Sessions by the exchange's calendar or round the clock. Times are epoch ms; the texts are TWS's
 * (`20260406:0930-20260406:1600;20260407:CLOSED`), seven days from the New York date of `nowMs`.
 */
export function createSessions(hours: 'always' | 'exchange'): HandSessions {
  const dayByRule = hours === 'always' ? endlessDay : exchangeDay;
  let closedUntilMs: number | null = null;

  function makeDay(date: Temporal.PlainDate): SessionDay {
    const { trading, liquid, ...day } = dayByRule(date);
    const untilMs = closedUntilMs ?? -Infinity;
    return { ...day, trading: after(trading, untilMs), liquid: after(liquid, untilMs) };
  }

  // Zone arithmetic is slow beside the rate of quotes, and nearly every question is about today.
  let today: SessionDay | undefined;

  function dayAt(nowMs: number): SessionDay {
    if (!today || nowMs < today.startMs || nowMs >= today.endMs)
      today = makeDay(newYorkDate(nowMs));
    return today;
  }

  function* daysFrom(nowMs: number, count: number): Generator<SessionDay> {
    let day = dayAt(nowMs);
    for (let index = 0; index < count; index += 1) {
      yield day;
      day = makeDay(day.date.add({ days: 1 }));
    }
  }

  function firstLiquid(nowMs: number, wanted: (liquid: Hours) => boolean): Hours {
    for (const day of daysFrom(nowMs, SEARCH_DAYS_MAX)) {
      if (day.liquid && wanted(day.liquid)) return day.liquid;
    }
    throw new Error(
      `no trading day within ${SEARCH_DAYS_MAX} days of ${new Date(nowMs).toISOString()}`,
    );
  }

  const makeText = (nowMs: number, pick: (day: SessionDay) => Hours | undefined): string =>
    [...daysFrom(nowMs, LISTED_DAYS)].map((day) => dayText(day, pick(day))).join(';');
  // The texts are those of a day, and every contract asks for them.
  let listed: { day: SessionDay; trading: string; liquid: string } | undefined;
  const listedOn = (nowMs: number) => {
    const day = dayAt(nowMs);
    if (listed?.day !== day) {
      const trading = makeText(nowMs, (one) => one.trading);
      listed = { day, trading, liquid: makeText(nowMs, (one) => one.liquid) };
    }
    return listed;
  };

  return {
    closeUntil: (untilMs) => {
      if (untilMs !== null && !(untilMs % MINUTE_MS === 0)) {
        throw new RangeError('hours are told in whole minutes');
      }
      closedUntilMs = untilMs;
      today = undefined;
      listed = undefined;
    },
    closedUntilMs: () => closedUntilMs,
    timeZoneId: TIME_ZONE_ID,
    isRegularSession: (nowMs) => within(dayAt(nowMs).liquid, nowMs),
    isTradingSession: (nowMs) => within(dayAt(nowMs).trading, nowMs),
    nextRegularOpenMs: (nowMs) => firstLiquid(nowMs, (liquid) => liquid.openMs > nowMs).openMs,
    regularCloseMs: (nowMs) => firstLiquid(nowMs, (liquid) => liquid.closeMs > nowMs).closeMs,
    tradingHoursText: (nowMs) => listedOn(nowMs).trading,
    liquidHoursText: (nowMs) => listedOn(nowMs).liquid,
  };
}
