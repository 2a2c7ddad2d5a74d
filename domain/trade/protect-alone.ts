/**
 * While an entry works that went alone, for its broker knows no brackets (BRK-9): what it has filled gets its stop at
 * once, outside of any group, and the stop grows with each further fill. What the entry has not filled goes where it
 * is not wanted any more, and where the shares that are there can't be protected.
 */
import { earlierFilled } from '../orders/machine.js';
import type { ActionCause, AloneEntry, ProtectionPlan } from './actions.js';
import {
  ENTRY_END_MS,
  endOfEntry,
  isEntryStuck,
  isUnarmed,
  withoutEntry,
} from './protect-entry.js';
import { isRefused, SETTLED, wait, type Situation } from './situation.js';

/** A broker of this kind answers within seconds; what has no stop by then gets no larger. */
export const ALONE_GRACE_MS = 5_000;

/** @param protectFilled what is to be done for what is held, as if the entry had ended. */
export function protectAlone(
  situation: Situation,
  entry: AloneEntry,
  protectFilled: (situation: Situation) => ProtectionPlan,
): ProtectionPlan {
  const { held, input } = situation;
  const cause = causeToCancel(situation, entry);
  const isSold = input.closeRequested && !isEntryStuck(situation);
  // A sale waits for the entry's end, which may buy more; the stop does not.
  const filled = isSold ? unclosed(withoutEntry(situation)) : withoutEntry(situation);
  const plan = held.gt(0) ? protectFilled(filled) : SETTLED;
  if (cause === null) return plan.waitsFor === null ? untilItsEnd(entry) : plan;
  const end = endOfEntry(situation, cause);
  const actions = [...end.actions, ...plan.actions];
  if (end.then === 'person') return { ...end, actions };
  const atMs = Math.min(plan.recheckAtMs ?? Infinity, soldAtMs(situation));
  const waits = plan.waitsFor === null ? end : plan;
  return { ...waits, actions, ...(Number.isFinite(atMs) && { recheckAtMs: atMs, then: 'plan' }) };
}

function untilItsEnd({ endsAtMs }: AloneEntry): ProtectionPlan {
  return endsAtMs === null ? SETTLED : wait("the end of the entry's time", endsAtMs);
}

function causeToCancel(situation: Situation, { endsAtMs }: AloneEntry): ActionCause | null {
  const { input, exitFilled, liveEntries, legs } = situation;
  const { nowMs, unarmedSinceMs } = input;
  if (input.closeRequested) return 'close_requested';
  if (input.cancelEntryRequested) return 'cancel_requested';
  if (endsAtMs !== null && nowMs >= endsAtMs) return 'cancel_requested';
  if (exitFilled.gt(0)) return 'exit_filled_while_entering';
  // An earlier order of its reference, forgotten as absent, bought the shares: this one is one too many.
  if (liveEntries.some((leg) => earlierFilled(leg).gt(0))) return 'duplicate_leg';
  if (legs.some((leg) => leg.role === 'STOP' && isRefused(leg))) return 'exit_lost_while_entering';
  const isLate = unarmedSinceMs !== null && nowMs - unarmedSinceMs >= ALONE_GRACE_MS;
  return isUnarmed(situation) && isLate ? 'unarmed_while_entering' : null;
}

/** The stop stands meanwhile as if nobody had asked for the close. */
function unclosed(situation: Situation): Situation {
  return { ...situation, input: { ...situation.input, closeRequested: false } };
}

/** When what is held is sold beside an entry that does not end; never where no close was asked for. */
function soldAtMs({ input, held, liveEntries }: Situation): number {
  if (!input.closeRequested || !held.gt(0)) return Infinity;
  const toldMs = liveEntries.map(({ firstCancelMs }) => firstCancelMs ?? input.nowMs);
  return Math.max(...toldMs) + ENTRY_END_MS;
}
