/** Whether an order may trade now, and until when it lives. */
import { Temporal } from 'temporal-polyfill';
import { NEW_YORK } from '../market/calendar.js';
import type { OrderRequest } from './api.js';
import type { Core } from './core.js';
import type { Order } from './orders.js';

const STAMP = /^(\d{4})(\d\d)(\d\d)(?:[ -](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?: (\S+))?)?$/;
/** Names that TWS uses and the time zone database does not, or means otherwise. */
const ZONE_ALIASES: Record<string, string> = {
  EST: NEW_YORK,
  EDT: NEW_YORK,
  GMT: 'UTC',
  CST: 'America/Chicago',
  PST: 'America/Los_Angeles',
};

/**
 * Reads TWS's `yyyymmdd[{blank|-}hh:mm:ss[ zone]]`: with a dash it is UTC, without a zone New York;
 * a date alone means its last second. Undefined when it is no such time.
 */
export function parseStamp(stamp: string): number | undefined {
  const match = STAMP.exec(stamp.trim());
  if (!match) return undefined;
  const [, year, month, day, hour = '23', minute = '59', second = '59', zone] = match;
  const dashed = stamp.trim()[8] === '-';
  const timeZone = zone ? (ZONE_ALIASES[zone] ?? zone) : dashed ? 'UTC' : NEW_YORK;
  try {
    const date = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
    return Temporal.PlainDateTime.from(date).toZonedDateTime(timeZone).epochMilliseconds;
  } catch {
    return undefined;
  }
}

/** When an order of this kind dies by itself; Infinity for GTC. */
export function expiryOf(core: Core, request: OrderRequest, nowMs: number): number {
  if (request.tif === 'GTD') return parseStamp(request.goodTillDate) ?? Infinity;
  if (request.tif === 'GTC') return Infinity;
  return core.settings.sessions.regularCloseMs(nowMs);
}

/** A DAY order for outside regular hours lives until the extended session ends as well. */
export function isExpired(core: Core, order: Order, nowMs: number): boolean {
  if (nowMs < order.expiresMs) return false;
  const extended = order.request.outsideRth && order.request.tif !== 'GTD';
  return !extended || !core.settings.sessions.isTradingSession(nowMs);
}

/** Whether the order's session is on and its symbol's market is open. */
export function isInSession(core: Core, order: Order, nowMs: number): boolean {
  const { market, sessions } = core.settings;
  if (!market.isOpen(order.contract.symbol) || nowMs < order.afterMs) return false;
  if (sessions.isRegularSession(nowMs)) return true;
  return order.request.outsideRth && sessions.isTradingSession(nowMs);
}

/** `2026-11-23 09:30:00 US/Eastern`, as 399 names the next opening. */
export function openingText(core: Core, nowMs: number): string {
  const { sessions } = core.settings;
  const opensMs = sessions.nextRegularOpenMs(nowMs);
  const zoned = Temporal.Instant.fromEpochMilliseconds(opensMs).toZonedDateTimeISO(NEW_YORK);
  const [date, time] = zoned.toPlainDateTime().toString({ smallestUnit: 'second' }).split('T');
  return `${date} ${time} ${sessions.timeZoneId}`;
}
