/** Times as the TWS API writes them, as epoch milliseconds. */
import type { EpochMs } from '../../domain/vocabulary.js';

/** `20260406 09:31:05 US/Eastern`, `20260406-13:31:05` (UTC), `20260406  09:31:05` (terminal's zone). */
const API_TIME = /^(\d{4})(\d{2})(\d{2})(-| +)(\d{2}):(\d{2}):(\d{2})(?: (.+))?$/;

/** Zone texts of terminals that are not IANA names. */
const ZONE_NAMES: Readonly<Record<string, string>> = {
  EST: 'America/New_York',
  EDT: 'America/New_York',
  'Eastern Standard Time': 'America/New_York',
  'Central Standard Time': 'America/Chicago',
  'Pacific Standard Time': 'America/Los_Angeles',
  'Central European Standard Time': 'Europe/Berlin',
  'W. Europe Standard Time': 'Europe/Berlin',
  'GMT Standard Time': 'Europe/London',
  JST: 'Asia/Tokyo',
};

/**
 * Reads a time of an execution or of a completed order.
 * @param fallbackZone the terminal's zone, for texts that name none.
 * @returns null for a text of another form, or one that names a zone which nobody knows here.
 */
export function parseApiTime(value: string, fallbackZone: string): EpochMs | null {
  const match = API_TIME.exec(value.trim());
  if (!match) return null;
  const [, year, month, day, separator, hour, minute, second, zone] = match;
  const asUtcMs = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  if (separator === '-' && zone === undefined) return asUtcMs;
  const known = zone === undefined ? fallbackZone : knownZone(zone);
  return known === null ? null : wallTimeToEpoch(asUtcMs, known);
}

function knownZone(name: string): string | null {
  const zone = ZONE_NAMES[name] ?? name;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** Two steps, because the offset to use is that of the instant, not of the wall time read as UTC. */
function wallTimeToEpoch(wallAsUtcMs: number, zone: string): EpochMs {
  const guess = wallAsUtcMs - offsetMs(wallAsUtcMs, zone);
  return wallAsUtcMs - offsetMs(guess, zone);
}

function offsetMs(instant: EpochMs, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((candidate) => candidate.type === type)?.value);
  const wall = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return wall - instant;
}
