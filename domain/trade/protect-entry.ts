/**
 * While the entry works: its exits keep full size, and the only question is whether it must go (TRD-4).
 * When its cancel does not end it, what is filled is protected beside it.
 */
import { earlierFilled } from '../orders/machine.js';
import type { ActionCause, ProtectionPlan } from './actions.js';
import { act, cancelAll, isAtBroker, isLost, SETTLED, wait, type Situation } from './situation.js';

/** Filled shares may be without an armed stop that long before the entry's remainder is cancelled. */
export const UNARMED_GRACE_MS = 2_000;
/**
 * And that long before they are protected beside an entry whose cancel has not ended it: a cancel is
 * answered within a second, so one that was not by then is refused, lost, or the broker's to ponder.
 */
export const ENTRY_END_MS = 4_000;

/** An entry that rests is nothing to do: only an event changes it, or its own good-till date. */
const WAITING_FOR_ENTRY: ProtectionPlan = SETTLED;

/** The next step while nothing but the entry's end is needed. */
export function protectEntering(situation: Situation): ProtectionPlan {
  const cause = causeToCancel(situation);
  if (cause === null) return watch(situation);
  const plan = act(cancelAll(situation.liveEntries, cause), END_OF_ENTRY);
  const { unarmedSinceMs } = situation.input;
  if (!isUnarmed(situation) || unarmedSinceMs === null) return plan;
  return { ...plan, recheckAtMs: unarmedSinceMs + ENTRY_END_MS, then: 'plan' };
}

const END_OF_ENTRY = "the end of the entry's remainder";

/**
 * Whether the filled shares wait no longer for the entry's end: it was asked to go, or can't be,
 * and they are unarmed for too long. Once exits of their own stand, they are kept at what is held.
 */
export function mustStandAlone(situation: Situation): boolean {
  const { input, legs, liveEntries } = situation;
  // It is on its way out, or its fate unknown; or a cancel came to nothing, and the next one has a pause.
  const isAsked = liveEntries.every((entry) => !isAtBroker(entry) || entry.pauseUntilMs !== null);
  if (legs.some((leg) => leg.role === 'STOP' && !isOfBracket(leg))) return true;
  if (!isAsked || !isUnarmed(situation) || input.unarmedSinceMs === null) return false;
  return input.nowMs - input.unarmedSinceMs >= ENTRY_END_MS;
}

/** The situation as if the entry had ended: what is held is what is known of its fills. */
export function withoutEntry(situation: Situation): Situation {
  const { legs, liveEntries } = situation;
  return {
    ...situation,
    legs: legs.filter((leg) => !liveEntries.includes(leg)),
    liveEntries: [],
  };
}

/** The plan for what is held, beside an entry that is asked to go, again and again. */
export function besideEntry({ liveEntries }: Situation, plan: ProtectionPlan): ProtectionPlan {
  const cancels = cancelAll(liveEntries, 'exit_lost_while_entering');
  if (plan.waitsFor === null) return act(cancels, END_OF_ENTRY);
  return { ...plan, actions: [...cancels, ...plan.actions] };
}

function causeToCancel(situation: Situation): ActionCause | null {
  const { input, exitFilled, held, liveEntries } = situation;
  if (input.closeRequested) return 'close_requested';
  if (input.cancelEntryRequested) return 'cancel_requested';
  if (exitFilled.gt(0)) return 'exit_filled_while_entering';
  // An earlier order of its reference, forgotten as absent, bought the shares: this one is one too many.
  if (liveEntries.some((entry) => earlierFilled(entry).gt(0))) return 'duplicate_leg';
  if (isUnarmedTooLong(situation)) return 'unarmed_while_entering';
  const wanted = held.gt(0) ? (['STOP'] as const) : (['STOP', 'TARGET'] as const);
  return wanted.some((role) => isRoleLost(situation, role)) ? 'exit_lost_while_entering' : null;
}

/** The broker refused, cancelled or never got every leg of that role, or may never have got it. */
function isRoleLost({ legs }: Situation, role: 'STOP' | 'TARGET'): boolean {
  const ofRole = legs.filter((leg) => leg.role === role && isOfBracket(leg));
  return ofRole.length > 0 && ofRole.every((leg) => isLost(leg) || leg.status === 'UNKNOWN');
}

/** Sent with the entry; repairs count up. */
function isOfBracket({ sequence }: Situation['legs'][number]): boolean {
  return sequence === 1;
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
