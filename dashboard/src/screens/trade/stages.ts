/** How far something asked for has come at the broker: asked, sent, acknowledged. Nothing is shown a step ahead. */
import type { Incarnation } from '../../api/types.js';

export type Stage = 'asked' | 'sent' | 'acknowledged' | 'refused' | 'unknown';

/** Of one write: what it came to, in words. */
export function writeStage({ outcome, written_at: writtenAt }: Incarnation): Stage {
  if (outcome === 'SHOWN' || outcome === 'ENDED' || outcome === 'VANISHED') return 'acknowledged';
  if (outcome === 'REFUSED' || outcome === 'NOT_WRITTEN' || outcome === 'ABSENT') return 'refused';
  if (outcome === 'UNKNOWN') return 'unknown';
  return writtenAt === null ? 'asked' : 'sent';
}
