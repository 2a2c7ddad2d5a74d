/** How long to wait after a failure. */

/** A server that was restarted is back in seconds. */
const FIRST_MS = 1_000;
/** Nobody who waits for a message should wait longer than this after its channel is back. */
export const BACKOFF_MAX_MS = 60_000;
/** 2 to the power of more is beyond the bound anyway. */
const DOUBLINGS_MAX = 10;

/**
 * Doubled with each failure up to the bound, less up to half by chance: many that failed together come back apart.
 * @param failures in a row, this one included
 * @param chance from 0 to 1
 */
export function backoffMs(failures: number, chance: number): number {
  const doublings = Math.min(Math.max(failures - 1, 0), DOUBLINGS_MAX);
  const fullMs = Math.min(FIRST_MS * 2 ** doublings, BACKOFF_MAX_MS);
  return Math.round(fullMs * (1 - chance / 2));
}

/**
 * The pause after a failure at which the other side may have asked for one: the longer of what it asks and of what
 * the failures ask for. One that asks for none, or for less than none, is asked no faster for it (TRD-16).
 * @param askedMs null when it asks for nothing; its upper bound is `RETRY_AFTER_MAX_MS`
 * @param failures in a row, this one included
 * @param chance from 0 to 1
 */
export function pauseMs(askedMs: number | null, failures: number, chance: number): number {
  return Math.max(askedMs ?? 0, backoffMs(failures, chance));
}
