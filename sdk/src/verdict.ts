/** Whether a signal was judged, and how. */
import type { components } from './generated/api.js';

type TradeWhole = components['schemas']['TradeWhole'];

/** `ended`: it is over without ever having been judged, as one that was cancelled before. */
export type Verdict = 'approved' | 'denied' | 'awaiting_approval' | 'ended';

/** States that nothing follows. */
const ENDED: ReadonlySet<TradeWhole['state']> = new Set([
  'CLOSED',
  'DENIED',
  'REJECTED',
  'CANCELLED',
  'ABANDONED',
  'EXPIRED',
  'FAILED',
]);

/** Null: not yet. */
export function verdictOf({ state, decisions }: TradeWhole): Verdict | null {
  if (state === 'AWAITING_APPROVAL') return 'awaiting_approval';
  const last = decisions.at(-1);
  if (last) return last.verdict;
  return ENDED.has(state) ? 'ended' : null;
}
