/** How old the broker's values of an account are, which its worth, its day and its limits are reckoned from. */
import { whenToMinute } from '../format/time.js';
import type { Seen } from './standing.js';

/** They are read every minute: three that did not come are told. */
export const VALUES_OLD_MS = 3 * 60_000;

/**
 * `values of 07:09`, by the oldest of them; null where none is older than a person would think.
 * @param ats when the broker gave them; null: it has given none
 */
export function oldValues(
  { now, seenAtMs, nowMs }: Pick<Seen, 'now' | 'seenAtMs' | 'nowMs'>,
  ats: readonly (string | null)[],
): string | null {
  const [oldest] = ats.filter((at) => at !== null).sort();
  if (oldest === undefined) return null;
  // By the clock of whoever read them, on from there by the page's: the two need not agree.
  const asOfMs = Date.parse(now.at) + Math.max(0, nowMs - seenAtMs);
  if (asOfMs - Date.parse(oldest) <= VALUES_OLD_MS) return null;
  return `values of ${whenToMinute(oldest, asOfMs)}`;
}
