/** Times as TWS writes and reads them. The account's zone is the exchange's, New York. */

/** Zone name in texts, as TWS writes it. */
export const ZONE_TEXT = 'US/Eastern';
const NEW_YORK = 'America/New_York';

const formatters = new Map<string, Intl.DateTimeFormat>();
/** Zones a client may name; more than the world has in use would be an attack on memory. */
const FORMATTERS_MAX = 100;

function formatter(zone: string): Intl.DateTimeFormat {
  let format = formatters.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    if (formatters.size < FORMATTERS_MAX) formatters.set(zone, format);
  }
  return format;
}

function parts(atMs: number, zone: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { type, value } of formatter(zone).formatToParts(atMs)) found[type] = value;
  return found;
}

/** `20131008` of New York. */
export function dateText(atMs: number): string {
  const at = parts(atMs, NEW_YORK);
  return `${at['year']}${at['month']}${at['day']}`;
}

/** `09:35:00` of New York. */
export function clockText(atMs: number): string {
  const at = parts(atMs, NEW_YORK);
  return `${at['hour']}:${at['minute']}:${at['second']}`;
}

/** `20131008 09:35:00 US/Eastern`. */
export function zonedText(atMs: number): string {
  return `${dateText(atMs)} ${clockText(atMs)} ${ZONE_TEXT}`;
}

/** `20131008  09:35:00`, with two blanks: how times looked before zones were written. */
export function unzonedText(atMs: number): string {
  return `${dateText(atMs)}  ${clockText(atMs)}`;
}

/** Offset of a zone from UTC at an instant, in ms. */
function offsetMs(atMs: number, zone: string): number {
  const at = parts(atMs, zone);
  const utcMs = Date.UTC(
    Number(at['year']),
    Number(at['month']) - 1,
    Number(at['day']),
    Number(at['hour']),
    Number(at['minute']),
    Number(at['second']),
  );
  return utcMs - Math.floor(atMs / 1000) * 1000;
}

const TIME_TEXT = /^(\d{4})(\d{2})(\d{2})(?:(-|\s+)(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s+(\S.*))?)?$/;

/**
 * Reads `yyyymmdd[ hh:mm[:ss][ zone]]` (New York unless it names a zone) or `yyyymmdd-hh:mm:ss`
 * (UTC). Undefined when it is neither or the zone is unknown.
 */
export function readTime(value: string): number | undefined {
  const match = TIME_TEXT.exec(value.trim());
  if (!match) return undefined;
  const [, year, month, day, separator, hour = '0', minute = '0', second = '0', zoneText] = match;
  const utcMs = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  if (!Number.isFinite(utcMs)) return undefined;
  const zone = zoneText ?? (separator === '-' ? 'UTC' : NEW_YORK);
  try {
    const firstGuessMs = utcMs - offsetMs(utcMs, zone);
    return utcMs - offsetMs(firstGuessMs, zone);
  } catch {
    return undefined;
  }
}
