/**
 * Wall-clock time in a zone ⇄ epoch milliseconds, by the platform's own zone data (`Intl`), which is a
 * pure function of its arguments.
 */
import type { EpochMs } from './vocabulary.js';

/** Old zone names that IBKR still sends, and some platforms no longer know. */
const ZONE_ALIASES: Readonly<Record<string, string>> = {
  'US/Eastern': 'America/New_York',
  'US/Central': 'America/Chicago',
  'US/Mountain': 'America/Denver',
  'US/Pacific': 'America/Los_Angeles',
  EST: 'America/New_York',
  EST5EDT: 'America/New_York',
  CST: 'America/Chicago',
  CST6CDT: 'America/Chicago',
  MET: 'Europe/Berlin',
  'GB-Eire': 'Europe/London',
  GB: 'Europe/London',
  Japan: 'Asia/Tokyo',
  Hongkong: 'Asia/Hong_Kong',
};

export const NEW_YORK = 'America/New_York';

/** A wall-clock minute; `hour` may be 24 for the end of a day. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

/** Bound of the formatter cache: more zones than exchanges have. */
const FORMATTERS_MAX = 100;
/** Making a formatter costs a hundred times what using it does. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The IANA name of a broker's zone name. */
export function ianaZone(zone: string): string {
  return ZONE_ALIASES[zone] ?? zone;
}

/**
 * Wall-clock time of an instant in a zone (seconds are cut off).
 * @throws RangeError when the platform knows no such zone
 */
export function wallTimeAt(instantMs: EpochMs, zone: string): WallTime {
  const parts = new Map(
    formatterOf(ianaZone(zone))
      .formatToParts(instantMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name)!;
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
  };
}

/**
 * The instant of a wall-clock time. In the hour that a clock change skips, the instant after the gap;
 * in the hour that it repeats, the first of the two.
 * @throws RangeError when the platform knows no such zone
 */
export function instantOf(wall: WallTime, zone: string): EpochMs {
  const asUtcMs = utcOf(wall);
  const firstMs = asUtcMs - offsetMs(asUtcMs, zone);
  const before = asUtcMs - offsetMs(firstMs, zone);
  // Around a change the two guesses differ; the earlier of those that read back is the first.
  const candidates = [before, firstMs, asUtcMs - offsetMs(firstMs - DAY_MS, zone)];
  const exact = candidates.filter((ms) => utcOf(wallTimeAt(ms, zone)) === asUtcMs);
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates);
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

function offsetMs(instantMs: EpochMs, zone: string): number {
  const minuteMs = Math.floor(instantMs / MINUTE_MS) * MINUTE_MS;
  return utcOf(wallTimeAt(minuteMs, zone)) - minuteMs;
}

function utcOf({ year, month, day, hour, minute }: WallTime): EpochMs {
  return Date.UTC(year, month - 1, day, hour, minute);
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  if (formatters.size >= FORMATTERS_MAX) formatters.clear();
  formatters.set(zone, made);
  return made;
}
