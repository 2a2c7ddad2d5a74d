/**
 * While the entry works: its exits keep full size, and the only question is whether it must go (TRD-4).
 * When its cancel does not end it, what is filled is protected beside it.
 */
import { earlierFilled } from '../orders/machine.js';
import type { EpochMs } from '../vocabulary.js';
import type { ActionCause, ProtectionInput, ProtectionPlan } from './actions.js';
import type { TradeLeg } from './leg.js';
import { act, cancelAll, isAtBroker, isLost, SETTLED, wait, type Situation } from './situation.js';

/** Filled shares may be without an armed stop that long before the entry's remainder is cancelled. */
export const UNARMED_GRACE_MS = 2_000;
/**
 * And that long before they are protected beside an entry whose cancel has not ended it: a cancel is
 * answered within a second, so one that was not by then is refused, lost, or the broker's to ponder.
 */
export const ENTRY_END_MS = 4_000;

/** Cancels of a minute, at growing pauses, that did not end it: a person must see to it, with the broker. */
export const ENTRY_FOR_PERSON_MS = 60_000;

/** An entry that rests is nothing to do: only an event changes it, or its own good-till date. */
const WAITING_FOR_ENTRY: ProtectionPlan = SETTLED;

/** The next step while nothing but the entry's end is needed. */
export function protectEntering(situation: Situation): ProtectionPlan {
  const cause = causeToCancel(situation);
  if (cause === null) return watch(situation);
  const plan = endOfEntry(situation, cause);
  const aloneAtMs = standsAloneAtMs(situation);
  return aloneAtMs === null || plan.then === 'person'
    ? plan
    : { ...plan, recheckAtMs: aloneAtMs, then: 'plan' };
}

/** Its cancel, again and again; when none of them ends it, a person is told meanwhile. */
export function endOfEntry({ liveEntries, input }: Situation, cause: ActionCause): ProtectionPlan {
  const plan = act(cancelAll(liveEntries, cause), "the end of the entry's remainder");
  const isInVain = liveEntries.some((entry) => isCancelledFor(entry, ENTRY_FOR_PERSON_MS, input));
  if (!isInVain) return plan;
  const waitsFor = 'a person: the broker does not end the entry';
  return { ...plan, waitsFor, recheckAtMs: input.nowMs + ENTRY_FOR_PERSON_MS, then: 'person' };
}

function isCancelledFor(
  { firstCancelMs }: TradeLeg,
  durationMs: number,
  { nowMs }: Pick<ProtectionInput, 'nowMs'>,
): boolean {
  return firstCancelMs !== null && nowMs - firstCancelMs >= durationMs;
}

/**
 * Whether the filled shares wait no longer for the entry's end: it was asked to go, or can't be,
 * and they are unarmed for too long, or to be sold. Once exits of their own stand, they are kept at what is
 * held.
 */
export function mustStandAlone(situation: Situation): boolean {
  const { input, legs, liveEntries } = situation;
  if (legs.some((leg) => leg.role === 'STOP' && !isOfBracket(leg))) return true;
  // It is on its way out, or its fate unknown; or a cancel came to nothing, and the next one has a pause.
  const isAsked = liveEntries.every((entry) => !isAtBroker(entry) || entry.pauseUntilMs !== null);
  const aloneAtMs = standsAloneAtMs(situation);
  return isAsked && aloneAtMs !== null && input.nowMs >= aloneAtMs;
}

/**
 * When the entry's end is waited for no longer: shares that are to be sold wait for an entry that was told
 * to go, unarmed ones for whatever entry. Null: nothing is held that can't wait.
 */
function standsAloneAtMs(situation: Situation): EpochMs | null {
  const { input, held, liveEntries } = situation;
  const { unarmedSinceMs, nowMs } = input;
  const times: EpochMs[] = [];
  if (isUnarmed(situation) && unarmedSinceMs !== null) times.push(unarmedSinceMs + ENTRY_END_MS);
  if (input.closeRequested && held.gt(0)) {
    const toldMs = Math.max(...liveEntries.map(({ firstCancelMs }) => firstCancelMs ?? nowMs));
    times.push(toldMs + ENTRY_END_MS);
  }
  return times.length > 0 ? Math.min(...times) : null;
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

/** Each live entry was told to go, and has not for so long that nothing waits for it any more. */
export function isEntryStuck({ liveEntries, input }: Situation): boolean {
  return liveEntries.every((entry) => isCancelledFor(entry, ENTRY_END_MS, input));
}

/** The plan for what is held, beside an entry that is asked to go, again and again. */
export function besideEntry(
  situation: Situation,
  plan: ProtectionPlan,
  why: ActionCause = 'exit_lost_while_entering',
): ProtectionPlan {
  const { closeRequested } = situation.input;
  const end = endOfEntry(situation, closeRequested ? 'close_requested' : why);
  if (plan.waitsFor === null) return end;
  return { ...plan, actions: [...end.actions, ...plan.actions] };
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

export function isUnarmed({ whole, armed }: Situation): boolean {
  return whole.gt(0) && armed.lt(whole);
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
