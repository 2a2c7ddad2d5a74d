/** Figures of measured durations. */

/** The value below which the given share (0–1) of the sorted samples lies; nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  if (samples.length === 0) throw new Error('no samples: nothing was measured');
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1]!;
}

/** `p50 41 ms, p99 97 ms` for people. */
export function inWords(samples: readonly number[], digits = 0): string {
  const at = (share: number) => `${percentile(samples, share).toFixed(digits)} ms`;
  return `p50 ${at(0.5)}, p99 ${at(0.99)}`;
}
