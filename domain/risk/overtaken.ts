/**
 * Signals that arrive in another order than they were made in: a chart opens and closes, and its close is delivered
 * first. The close finds nothing then, and the opening would open what the chart has left.
 */
import type { EpochMs, Side } from '../vocabulary.js';
import type { Check } from './check.js';
import { finding } from './finding.js';

/** A signal of the other direction, of the same strategy in the same contract, that had come before this one. */
export interface EarlierArrival {
  readonly tradeId: string;
  readonly side: Side;
  /** As its sender says. */
  readonly generatedAtMs: EpochMs;
  readonly receivedAtMs: EpochMs;
}

/** What overtook a signal: it was made later, and came before. */
export type Overtaker = Pick<EarlierArrival, 'tradeId' | 'side' | 'generatedAtMs'>;

/**
 * Those of them that were made after the signal, the last one first. Of one instant nobody knows the order (charts tell
 * whole seconds), so the order of arrival counts. One that comes from the future says nothing of its time.
 * @param generatedAtMs when the signal was made; null: nobody says, so it is as new as its receipt
 * @param skewMs as much as clocks may differ
 */
export function overtakersOf(
  earlier: readonly EarlierArrival[],
  generatedAtMs: EpochMs | null,
  skewMs: number,
): readonly Overtaker[] {
  if (generatedAtMs === null) return [];
  return earlier
    .filter((other) => other.generatedAtMs > generatedAtMs)
    .filter((other) => other.generatedAtMs <= other.receivedAtMs + skewMs)
    .map(({ tradeId, side, generatedAtMs: madeAtMs }) => ({
      tradeId,
      side,
      generatedAtMs: madeAtMs,
    }))
    .sort((a, b) => b.generatedAtMs - a.generatedAtMs);
}

/** What its strategy has said since is against it; a preview that is executed is a person's newer word. */
export const notOvertaken: Check = ({ plan }) => {
  const { signal, overtakenBy = null } = plan;
  if (overtakenBy === null || signal.generatedAtMs === null) return [];
  const { tradeId, side, generatedAtMs } = overtakenBy;
  const [made, later] = [signal.generatedAtMs, generatedAtMs].map(instantText);
  const measured = `made at ${made}, and a ${side} (trade ${tradeId}) at ${later}`;
  return [finding('SIGNAL_OVERTAKEN', measured, `no later ${side} of its strategy before it`)];
};

function instantText(ms: EpochMs): string {
  return new Date(ms).toISOString();
}
