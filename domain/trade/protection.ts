/**
 * What to do next for a trade at the broker (TRD-3, TRD-4, TRD-6), from its legs alone.
 *
 * Invariants, quoted by the property tests:
 *  1. At rest with shares held: armed stop quantity = held, and the most that all exits could fill = held,
 *     rounded down to whole shares (fraction.ts); of both no more than the broker holds for the trade, once
 *     that was asked and is any.
 *  2. At rest with nothing held: no leg lives.
 *  3. Nothing to do gives no action: planning again after the answers have come changes nothing.
 *  4. No leg is modified while an answer about it is under way, nor cancelled before it is
 *     acknowledged, nor twice unless the first came to nothing.
 *  5. New exits go in only where no live exit outside their group could fill beside them.
 *  6. A market close goes in only when every other exit has ended, but for one stop and one target of its
 *     own group, for no more than trade and broker both hold.
 *  7. While the entry works, exits are left alone: only the entry's remainder may be cancelled. When that
 *     does not end it in time, the filled shares get exits of their own, or are sold, as if it had ended.
 *  8. Where the entry goes alone, 7 does not hold: its fills get their stop at once, and it grows with them. No exit
 *     is in a group, so while one lives, or may, no other is placed.
 */
import { text, type Decimal } from '../money.js';
import { workingQuantity } from '../orders/machine.js';
import type { OrderTerms } from '../orders/terms.js';
import {
  FLATTEN,
  type ProtectionInput,
  type ProtectionPlan,
  type ProtectiveAction,
} from './actions.js';
import { liveLegs, samePrice } from './exposure.js';
import { leftText, orderableOf } from './fraction.js';
import { mustFlatten } from './flatten.js';
import { FACTS_FOR_PERSON_MS, isAllOverdue, missingText } from './overdue.js';
import { protectAlone } from './protect-alone.js';
import { closeHeld } from './protect-close.js';
import {
  besideEntry,
  isEntryStuck,
  mustStandAlone,
  protectEntering,
  withoutEntry,
} from './protect-entry.js';
import { protectHeld } from './protect-held.js';
import {
  act,
  cancelAll,
  closable,
  isLost,
  isRefused,
  retryPauseEndsMs,
  SETTLED,
  situationOf,
  wait,
  type Situation,
} from './situation.js';
import { isExplainedByEntry } from './untold-entry.js';

export type { ProtectionInput, ProtectionPlan, ProtectiveAction } from './actions.js';

/** After so many refusals of a stop the shares are sold instead (TRD-3). */
export const STOP_REFUSALS_MAX = 2;

/** The next steps, at most what is safe now. */
export function planProtection(input: ProtectionInput): ProtectionPlan {
  return withPerson(afterPauses(planNow(input), input), input);
}

/** Executions that never come are asked for without end; a person is told of them meanwhile. */
function withPerson(plan: ProtectionPlan, { legs, nowMs }: ProtectionInput): ProtectionPlan {
  const isBusy = plan.actions.length > 0 || (plan.waitsFor !== null && plan.then !== 'facts');
  if (isBusy || !isAllOverdue(legs, nowMs, FACTS_FOR_PERSON_MS)) return plan;
  return wait(`a person: executions that never came (${missingText(legs)})`, null, 'person');
}

function planNow(input: ProtectionInput): ProtectionPlan {
  const situation = situationOf(input);
  const { held, liveEntries, legs } = situation;
  if (legs.length === 0) return SETTLED;
  if (held.lt(0)) return correctOverfill(situation, held);
  if (liveEntries.length === 0) return protectFilled(situation);
  if (input.alone !== undefined) return protectAlone(situation, input.alone, protectFilled);
  if (!mustStandAlone(situation)) return protectEntering(situation);
  return besideEntry(situation, protectFilled(withoutEntry(situation)));
}

/** No more comes, or nothing that is waited for: exits for what is held, or none. */
function protectFilled(situation: Situation): ProtectionPlan {
  const { held, input } = situation;
  if (held.eq(0)) return endAll(situation);
  if (situation.coverable.eq(0)) return leavePart(situation);
  const closing = input.closeRequested || mustSellUnstopped(situation) || mustFlatten(situation);
  const close = closing ? closeHeld(situation) : null;
  if (close !== null) return input.closeRequested ? close : asFlatten(close);
  const plan = protectHeld(situation);
  // It is protected again, but what was asked for is not done: somebody must see to it.
  const isForgotten = closing && plan.actions.length === 0 && plan.waitsFor === null;
  return isForgotten ? wait('a person: the close was refused too often', null, 'person') : plan;
}

/** The same steps, for another reason: nobody asked for a close. */
function asFlatten(close: ProtectionPlan): ProtectionPlan {
  const actions = close.actions.map((action): ProtectiveAction =>
    action.cause === 'close_requested' ? { ...action, cause: FLATTEN } : action,
  );
  return { ...close, actions };
}

function asksFor(
  action: Extract<ProtectiveAction, { kind: 'modify' }>,
  { quantity, limitPrice, stopPrice }: OrderTerms,
): boolean {
  return (
    samePrice(action.quantity, quantity) &&
    samePrice(action.limitPrice, limitPrice) &&
    samePrice(action.stopPrice, stopPrice)
  );
}

/** No change is repeated before its pause has passed; the wait then ends with the pause. */
function afterPauses(plan: ProtectionPlan, input: ProtectionInput): ProtectionPlan {
  const pausedUntil = (action: ProtectiveAction): number => {
    if (action.kind !== 'cancel' && action.kind !== 'modify') return 0;
    const leg = input.legs.find(({ legId }) => legId === action.legId);
    const vain = action.kind === 'modify' ? leg?.takenInVain : null;
    const isAgain = vain && action.kind === 'modify' && asksFor(action, vain.terms);
    return Math.max(leg?.pauseUntilMs ?? 0, isAgain ? vain.untilMs : 0);
  };
  const paused = plan.actions.filter((action) => pausedUntil(action) > input.nowMs);
  if (paused.length === 0) return plan;
  const actions = plan.actions.filter((action) => !paused.includes(action));
  const untilMs = Math.min(...paused.map(pausedUntil), plan.recheckAtMs ?? Infinity);
  return {
    ...plan,
    actions,
    recheckAtMs: untilMs,
    then: plan.then === 'person' ? 'person' : 'plan',
  };
}

/**
 * Sold because stops are refused: only by a link that is READY and while no mass breach is on (both are in
 * `link`). TRD-3 makes no exception of refused stops there: when many trades lose theirs at once, the
 * refusals may be the broker's fault, so stops are placed again at growing pauses, and nothing is sold.
 */
function mustSellUnstopped(situation: Situation): boolean {
  const mayBeSold = situation.input.link?.readySinceMs ?? null;
  return mayBeSold !== null && isStopRefused(situation);
}

/** The broker refuses stops, and none protects: a wait for the next one protects nobody. */
function isStopRefused({ legs, liveStops }: Situation): boolean {
  // What never lived for another reason says nothing; a stop that the broker had taken ends the count.
  const told = legs.filter((leg) => leg.role === 'STOP' && leg.status !== 'FAILED');
  const newestFirst = [...told].sort((a, b) => b.sequence - a.sequence);
  const taken = newestFirst.findIndex(({ status }) => status !== 'REJECTED');
  const refused = taken === -1 ? newestFirst.length : taken;
  return liveStops.length === 0 && refused >= STOP_REFUSALS_MAX;
}

/** Nothing is held and nothing more comes: what is left of the exits goes. */
function endAll(situation: Situation): ProtectionPlan {
  const live = liveLegs(situation.legs);
  if (live.length > 0 && situation.awaitsExecutions)
    return wait('executions that a status told of', null, 'facts');
  if (live.length > 0) return act(cancelAll(live, 'nothing_held'), 'the end of the exits');
  return situation.awaitsExecutions
    ? wait('executions that a status told of', null, 'facts')
    : SETTLED;
}

/** Less than a share is left: exits that would sell more than it go, and the rest is a person's. */
function leavePart(situation: Situation): ProtectionPlan {
  const { liveStops, liveTargets, liveCloses, there, awaitsExecutions } = situation;
  if (awaitsExecutions) return wait('executions that a status told of', null, 'facts');
  const exits = [...liveStops, ...liveTargets, ...liveCloses];
  const tooLarge = exits.filter((leg) => workingQuantity(leg).gt(there));
  if (tooLarge.length > 0) return act(cancelAll(tooLarge, 'quantity'), 'the end of the exits');
  return wait(`a person: ${leftText(there)}`, null, 'person');
}

/** Null unless fills of the entry that nobody told of yet explain it, and the broker's position does not deny that. */
function awaitEntryFills({ input, legs }: Situation, held: Decimal): ProtectionPlan | null {
  if (!isExplainedByEntry(legs, held)) return null;
  const excess = closable(held, input);
  if (excess === null) return wait("the broker's position");
  return excess.eq(0) ? wait('executions of the entry', null, 'facts') : null;
}

/** More was sold than held (TRD-12): everything else ends, then one order brings the trade to flat. */
function correctOverfill(situation: Situation, held: Decimal): ProtectionPlan {
  const { input, legs, liveEntries } = situation;
  const untold = awaitEntryFills(situation, held);
  if (untold !== null) return untold;
  const corrections = liveLegs(legs, 'CLOSE').filter((leg) => leg.side === input.side);
  const others = liveLegs(legs).filter((leg) => !corrections.includes(leg));
  // An entry that does not end may buy what is missing, or never: shares that were never held don't wait for it.
  const isBesideEntry = others.length > 0 && others.length === liveEntries.length;
  if (isBesideEntry && isEntryStuck(situation))
    return besideEntry(situation, correctOverfill(withoutEntry(situation), held), 'overfilled');
  if (others.length > 0) return act(cancelAll(others, 'overfilled'), 'the end of all exits');
  if (corrections.length > 0) return act([], 'the correction of an overfill');
  if (situation.awaitsExecutions) return wait('executions that a status told of', null, 'facts');
  const lost = legs.filter((leg) => leg.role === 'CLOSE' && leg.side === input.side && isLost(leg));
  const pauseEndsMs = retryPauseEndsMs(lost);
  if (lost.filter(isRefused).length >= STOP_REFUSALS_MAX)
    return wait('a person: the correction was refused', null, 'person');
  if (input.nowMs < pauseEndsMs) return wait('the pause after a refusal', pauseEndsMs);
  const excess = closable(held, input);
  if (excess === null) return wait("the broker's position");
  if (excess.eq(0)) return wait('reconciliation: the broker has no such excess', null, 'person');
  const quantity = orderableOf(excess, legs);
  if (quantity.eq(0)) return wait(`a person: ${leftText(excess)}`, null, 'person');
  const cause = 'overfilled';
  const order = {
    kind: 'market_close',
    side: input.side,
    quantity: text(quantity),
    ocaGroup: null,
    cause,
  } as const;
  return act([order], 'the correction of an overfill');
}
