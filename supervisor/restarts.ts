/** When a child that died is started again, and when that has become pointless. */

/** Deaths within the window after which something is wrong that a restart does not mend. */
export const DEATHS_MAX = 5;

export const WINDOW_MS = 60_000;

/** Nobody should wait longer than this for a position to be looked after again. */
const DELAY_MAX_MS = 15_000;

export type RestartVerdict = { kind: 'restart'; delayMs: number } | { kind: 'give-up' };

/**
 * @param deathsMs when the child died, the newest last, any clock
 * @param baseDelayMs the pause after a first death; it doubles with each further one in the window
 */
export function judgeDeath(deathsMs: readonly number[], baseDelayMs: number): RestartVerdict {
  const newest = deathsMs.at(-1) ?? 0;
  const recent = deathsMs.filter((death) => newest - death < WINDOW_MS).length;
  if (recent >= DEATHS_MAX) return { kind: 'give-up' };
  const delayMs = Math.min(baseDelayMs * 2 ** Math.max(recent - 1, 0), DELAY_MAX_MS);
  return { kind: 'restart', delayMs };
}
