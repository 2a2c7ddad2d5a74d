/** Durations as people and programs write them: ISO 8601 (`PT1H30M`) or short (`90m`, `2h`, `3d`). */

const ISO = /^P(?:(\d{1,4})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/;
const SHORT = /^(\d{1,8})(s|m|h|d)$/;
const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** A year: a holding time beyond that is a mistake in its unit. */
const DURATION_MAX_MS = 366 * UNIT_MS.d;

/** Gives the duration in milliseconds, or null when the text is none, is zero or beyond a year. */
export function parseDurationMs(value: string): number | null {
  const durationMs = shortMs(value) ?? isoMs(value);
  return durationMs !== null && durationMs > 0 && durationMs <= DURATION_MAX_MS ? durationMs : null;
}

function shortMs(value: string): number | null {
  const match = SHORT.exec(value);
  return match ? Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS] : null;
}

function isoMs(value: string): number | null {
  const match = ISO.exec(value);
  if (!match) return null;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return days! * UNIT_MS.d + hours! * UNIT_MS.h + minutes! * UNIT_MS.m + seconds! * UNIT_MS.s;
}

const MINUTE_S = 60;
const HOUR_S = 3_600;

/** A span of time: `0.041 s`, `12.3 s`, `4 min 07 s`, `3 h 05 min`. */
export function span(durationMs: number): string {
  const seconds = Math.max(0, durationMs) / 1_000;
  if (seconds < 10) return `${seconds.toFixed(3)} s`;
  if (seconds < MINUTE_S) return `${seconds.toFixed(1)} s`;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  if (seconds < HOUR_S) {
    return `${Math.floor(seconds / MINUTE_S)} min ${two(seconds % MINUTE_S)} s`;
  }
  return `${Math.floor(seconds / HOUR_S)} h ${two((seconds % HOUR_S) / MINUTE_S)} min`;
}
