/** While the entry works: its exits keep full size, and the only question is whether it must go (TRD-4). */
import type { ActionCause, ProtectionPlan } from './actions.js';
import { act, cancelAll, isLost, SETTLED, wait, type Situation } from './situation.js';

/** Filled shares may be without an armed stop that long before the entry's remainder is cancelled. */
export const UNARMED_GRACE_MS = 2_000;

/** An entry that rests is nothing to do: only an event changes it, or its own good-till date. */
const WAITING_FOR_ENTRY: ProtectionPlan = SETTLED;

export function protectEntering(situation: Situation): ProtectionPlan {
  const cause = causeToCancel(situation);
  if (cause === null) return watch(situation);
  const cancels = cancelAll(situation.liveEntries, cause);
  return act(cancels, "the end of the entry's remainder");
}

function causeToCancel(situation: Situation): ActionCause | null {
  const { input, exitFilled, held } = situation;
  if (input.closeRequested) return 'close_requested';
  if (input.cancelEntryRequested) return 'cancel_requested';
  if (exitFilled.gt(0)) return 'exit_filled_while_entering';
  if (isUnarmedTooLong(situation)) return 'unarmed_while_entering';
  const wanted = held.gt(0) ? (['STOP'] as const) : (['STOP', 'TARGET'] as const);
  return wanted.some((role) => isRoleLost(situation, role)) ? 'exit_lost_while_entering' : null;
}

/** The broker refused, cancelled or never got every leg of that role, or may never have got it. */
function isRoleLost({ legs }: Situation, role: 'STOP' | 'TARGET'): boolean {
  const ofRole = legs.filter((leg) => leg.role === role);
  return ofRole.length > 0 && ofRole.every((leg) => isLost(leg) || leg.status === 'UNKNOWN');
}

function isUnarmed({ held, armed }: Situation): boolean {
  return held.gt(0) && armed.lt(held);
}

function isUnarmedTooLong(situation: Situation): boolean {
  const { unarmedSinceMs, nowMs } = situation.input;
  if (!isUnarmed(situation) || unarmedSinceMs === null) return false;
  return nowMs - unarmedSinceMs >= UNARMED_GRACE_MS;
}

function watch(situation: Situation): ProtectionPlan {
  const { unarmedSinceMs, nowMs } = situation.input;
  if (!isUnarmed(situation)) return WAITING_FOR_ENTRY;
  return wait('an armed stop for the filled shares', (unarmedSinceMs ?? nowMs) + UNARMED_GRACE_MS);
}
