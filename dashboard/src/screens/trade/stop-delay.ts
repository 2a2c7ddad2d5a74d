/** The seconds between a fill and its stop, at brokers that take no stop together with the entry. */
import type { TradeWhole } from '../../api/types.js';

const SECOND_MS = 1_000;

/** In plain words; null where the stop went with the entry, or does not stand yet. */
export function stopDelayTold({
  stop_delay_ms: delayMs,
  timeline,
}: Pick<TradeWhole, 'stop_delay_ms' | 'timeline'>): string | null {
  const wentAlone = timeline.some(({ kind }) => kind === 'stop_stands');
  if (delayMs === null || !wentAlone) return null;
  const after =
    delayMs === 0
      ? 'at once with the first fill'
      : `${(delayMs / SECOND_MS).toFixed(1)} s after the first fill`;
  return `This broker takes no stop together with an entry, so it was placed behind it: it stood ${after}.`;
}
