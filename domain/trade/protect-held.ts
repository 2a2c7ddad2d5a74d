/** The entry is finished and shares are held: exits are set to exactly what is held (TRD-3, TRD-4). */
import { decimal, text, type Decimal } from '../money.js';
import { workingQuantity } from '../orders/machine.js';
import type { ActionCause, NextStep, ProtectionPlan, ProtectiveAction } from './actions.js';
import { hasStopPrice, liveLegs, samePrice } from './exposure.js';
import type { TradeLeg } from './leg.js';
import { FLATTEN_AFTER_MS } from './unarmed.js';
import { UNARMED_GRACE_MS } from './protect-entry.js';
import {
  act,
  cancel,
  cancelAll,
  closable,
  fits,
  isAtBroker,
  canBeCancelled,
  isAsleep,
  isInFlight,
  isLost,
  isPictured,
  isRefused,
  isWorking,
  retryPauseEndsMs,
  SETTLED,
  totalFor,
  wait,
  type SeenLeg,
  type Situation,
} from './situation.js';

/** The broker gets that long to reduce the other exits by itself after a partial fill. */
export const BROKER_REDUCTION_MS = 500;
/** A stop of unknown fate and its double. */
const DOUBTFUL_MAX = 2;
/** A stop that came back otherwise than sent is placed anew once; twice is a preset's doing. */
export const DIFFERING_MAX = 2;
/** A stop that stays held is looked at this often. */
const HELD_LOOK_MS = 5_000;
/** A target is a wish: after so many refusals the trade goes on with its stop alone. */
export const TARGET_ATTEMPTS_MAX = 3;

export function protectHeld(situation: Situation): ProtectionPlan {
  const { input, liveCloses } = situation;
  if (situation.awaitsExecutions) return wait('executions that a status told of', null, 'facts');
  if (liveCloses.length > 0) return act(cancelAll(liveCloses, 'not_wanted'), 'the end of a close');
  const graceEndsMs = reductionEndsMs(situation);
  if (input.nowMs < graceEndsMs) return wait("the broker's own reduction", graceEndsMs);
  const stop = keeperOf(situation);
  return stop === null ? withoutStop(situation) : withStop(situation, stop);
}

/** Until then the broker may still reduce the exits for the last fill of one; −∞ where none lives to be reduced. */
export function reductionEndsMs({ input, liveStops, liveTargets, liveCloses }: Situation): number {
  const living = liveStops.length + liveTargets.length + liveCloses.length;
  if (living === 0 || input.lastExitFillMs === null) return Number.NEGATIVE_INFINITY;
  return input.lastExitFillMs + BROKER_REDUCTION_MS;
}

/**
 * The stop to keep: one that works before one that doesn't, one that is as it was sent before one that
 * isn't, the first before later ones. One that may not live at all is none.
 */
function keeperOf({ liveStops, input }: Situation): SeenLeg | null {
  const stops = liveStops.filter((leg) => !leg.isDoubtful);
  const rank = (leg: SeenLeg) =>
    (isWorking(leg) && !leg.cancelInFlight ? 0 : 4) +
    (leg.differences.length === 0 ? 0 : 2) +
    (hasStopPrice(leg, input.stopPrice) ? 0 : 1);
  const ranked = [...stops].sort((a, b) => rank(a) - rank(b) || a.sequence - b.sequence);
  return ranked[0] ?? null;
}

// ── without a stop ───────────────────────────────────────────────────────────────────────────────

function withoutStop(situation: Situation): ProtectionPlan {
  const { liveTargets, liveStops, there, input } = situation;
  const [target] = liveTargets;
  const doubtful = liveStops.filter((leg) => leg.isDoubtful);
  // One double is safe inside its group; a third waits for the look-up of the first two. Without groups none is.
  const isAlone = input.alone !== undefined;
  if (doubtful.length >= (isAlone ? 1 : DOUBTFUL_MAX)) {
    const what = isAlone ? 'a stop' : 'two stops';
    // No list tells more of an order that it shows as being cancelled.
    const isKnown = doubtful.every((leg) => leg.isStuck);
    return isKnown
      ? wait(`a person: the broker does not end the cancelling of ${what}`, null, 'person')
      : act([], `the fate of ${what}`);
  }
  if (target === undefined) {
    const group = doubtful[0]?.ocaGroup ?? null;
    const wished = doubtful.length === 0 ? wishedTarget(situation) : null;
    return place(situation, input.stopPrice, wished, group);
  }
  // A leg on its way out may take the group with it, and a stop outside the group could fill twice.
  const apart = doubtful.filter(({ ocaGroup }) => ocaGroup !== target.ocaGroup);
  const joinable =
    liveTargets.length === 1 &&
    target.ocaGroup !== null &&
    apart.length === 0 &&
    (isAtBroker(target) || target.isStuck);
  if (joinable && workingQuantity(target).lte(there)) {
    return place(situation, input.stopPrice, null, target.ocaGroup);
  }
  return act(cancelAll(liveTargets, 'missing_exit'), 'the end of a target that has no stop');
}

/**
 * Exits for what the trade and the broker both hold: one for shares that are gone would open the other
 * side. What does not live is placed again ever more seldom; the flatten has its own clock.
 */
function place(
  { held, coverable, legs, input }: Situation,
  stopPrice: string | null,
  targetPrice: string | null,
  ocaGroup: string | null,
): ProtectionPlan {
  const lost = legs.filter((leg) => leg.role === 'STOP' && isLost(leg));
  const pauseEndsMs = retryPauseEndsMs(lost, 1);
  if (input.nowMs < pauseEndsMs) {
    return wait('the pause after stops that did not live', pauseEndsMs);
  }
  if (closable(held, input)?.eq(0)) {
    return wait('a person: the broker holds no such shares', null, 'person');
  }
  const quantity = text(coverable);
  const cause: ActionCause = 'missing_exit';
  const action = {
    kind: 'place_exits',
    quantity,
    stopPrice,
    targetPrice,
    ocaGroup,
    cause,
  } as const;
  return act([action], 'the acknowledgement of new exits');
}

/** The target wanted, unless the broker refused it too often, or no group can hold it and the stop. */
function wishedTarget({ legs, input }: Situation): string | null {
  return input.alone !== undefined || isTargetGivenUp(legs) ? null : input.targetPrice;
}

function isTargetGivenUp(legs: readonly TradeLeg[]): boolean {
  const refused = legs.filter((leg) => leg.role === 'TARGET' && isRefused(leg));
  return refused.length >= TARGET_ATTEMPTS_MAX;
}

/** No target lives, and none will be placed: the broker ended it too often, or no stop can take it into its group. */
export function getsNoTarget(legs: readonly TradeLeg[]): boolean {
  if (liveLegs(legs, 'TARGET').length > 0) return false;
  const stops = liveLegs(legs, 'STOP');
  const isApart = stops.length > 0 && stops.every(({ ocaGroup }) => ocaGroup === null);
  return isTargetGivenUp(legs) || isApart;
}

// ── with a stop ──────────────────────────────────────────────────────────────────────────────────

function withStop(situation: Situation, stop: TradeLeg): ProtectionPlan {
  const steps = [stopStep(situation, stop)];
  // The other exits are touched only under the cover of a stop that works.
  if (isWorking(stop)) {
    steps.push(...extraStops(situation, stop), ...targetSteps(situation, stop));
  }
  const actions = steps.flatMap(({ action }) => (action === null ? [] : [action]));
  const waits = steps.find(({ waitsFor }) => waitsFor !== null);
  if (waits === undefined) return situation.coverable.eq(situation.whole) ? SETTLED : LESS_THERE;
  const { waitsFor, recheckAtMs = null, then = 'look_up', needsPicture = false } = waits;
  return { actions, recheckAtMs, waitsFor, then, needsPicture };
}

/** What is there is covered; where the rest went nobody told. */
const LESS_THERE = wait('a person: the broker holds less than the trade', null, 'person');

interface ExitStep {
  readonly action: ProtectiveAction | null;
  readonly waitsFor: string | null;
  readonly recheckAtMs?: number;
  readonly then?: NextStep;
  readonly needsPicture?: boolean;
}

const NOTHING: ExitStep = { action: null, waitsFor: null };

function waiting(waitsFor: string, recheckAtMs?: number): ExitStep {
  return recheckAtMs === undefined
    ? { action: null, waitsFor }
    : { action: null, waitsFor, recheckAtMs };
}

function stopStep(situation: Situation, stop: TradeLeg): ExitStep {
  const { input, coverable } = situation;
  if (isInFlight(stop)) return waiting('an answer about the stop');
  if (isAsleep(stop)) return sleepingStop(stop, input);
  if (stop.differences.length > 0) return differingStop(situation, stop);
  const rightQuantity = fits(stop, situation);
  if (rightQuantity && hasStopPrice(stop, input.stopPrice)) {
    return isWorking(stop) ? NOTHING : heldStop(situation, stop);
  }
  const isRefused = isRefusedAt(stop, 'stopPrice', input.stopPrice);
  if (isRefused && (rightQuantity || isRefusedFor(stop, coverable))) {
    return refusedStop(stop, rightQuantity);
  }
  const price = stop.orderType === 'TRAIL' ? stop.stopPrice : input.stopPrice;
  return {
    action: modify(stop, coverable, stop.limitPrice, price, rightQuantity ? 'price' : 'quantity'),
    waitsFor: 'the new terms of the stop',
  };
}

/** Not armed while it is held: after ten seconds the shares are sold, if that can be (flatten.ts). */
function heldStop({ input }: Situation, stop: TradeLeg): ExitStep {
  const waitsFor = `the stop, held: ${stop.whyHeld || 'no reason given'}`;
  const flattenAtMs = (input.unarmedSinceMs ?? input.nowMs) + FLATTEN_AFTER_MS;
  return {
    ...waiting(waitsFor, Math.max(flattenAtMs, input.nowMs + HELD_LOOK_MS)),
    then: 'look_up',
  };
}

/** Its time in force, trigger or group is not as sent, and can't be modified: another takes its place. */
function differingStop({ legs, coverable, input }: Situation, stop: TradeLeg): ExitStep {
  const differing = legs.filter((leg) => leg.role === 'STOP' && leg.differences.length > 0);
  if (differing.length >= DIFFERING_MAX || stop.ocaGroup === null) {
    return {
      ...waiting(`a person: the stop came back with ${stop.differences.join('; ')}`),
      then: 'person',
    };
  }
  const quantity = text(coverable);
  const { stopPrice } = input;
  const exits = { quantity, stopPrice, targetPrice: null, ocaGroup: stop.ocaGroup } as const;
  return {
    action: { kind: 'place_exits', ...exits, cause: 'differs' },
    waitsFor: 'a stop as it was approved',
  };
}

/** The broker refused the last modification, and nobody knows that another price was meant with it. */
export function isRefusedAt(
  { modificationRefused, refusedPrices = null }: TradeLeg,
  field: 'stopPrice' | 'limitPrice',
  wanted: string | null,
): boolean {
  return modificationRefused && (refusedPrices === null || samePrice(refusedPrices[field], wanted));
}

/** What it refused was that quantity too, or nobody knows which: another one is asked for before the order goes. */
export function isRefusedFor(leg: TradeLeg, working: Decimal): boolean {
  const refused = leg.refusedPrices?.quantity;
  return refused === undefined || decimal(refused).eq(totalFor(leg, working));
}

/** Its parent has ended: it wakes up by itself in a moment, or never. Then it is placed anew. */
function sleepingStop(stop: TradeLeg, input: Situation['input']): ExitStep {
  const { unarmedSinceMs, nowMs } = input;
  const untilMs = (unarmedSinceMs ?? nowMs) + UNARMED_GRACE_MS;
  if (nowMs < untilMs) return waiting('the stop to wake up after its parent', untilMs);
  if (!isPictured(input)) {
    return { ...waiting('a picture of the stop that sleeps'), needsPicture: true };
  }
  return {
    ...NOTHING,
    action: cancel(stop, 'missing_exit'),
    waitsFor: 'the end of a stop that sleeps',
  };
}

/** A price may stay as it was; a quantity may not: the leg is replaced. */
function refusedStop(stop: TradeLeg, rightQuantity: boolean): ExitStep {
  if (rightQuantity) {
    return { ...waiting('a person: the broker refused to move the stop'), then: 'person' };
  }
  return {
    action: cancel(stop, 'quantity'),
    waitsFor: 'the end of a stop that would not be resized',
  };
}

/** A double in the same group may stay: one takes the other along, and covers for it till then. */
function extraStops({ liveStops }: Situation, stop: TradeLeg): ExitStep[] {
  const isDouble = (leg: TradeLeg) =>
    stop.ocaGroup !== null && leg.ocaGroup === stop.ocaGroup && leg.differences.length === 0;
  return liveStops
    .filter((leg) => leg !== stop && !isDouble(leg))
    .map((leg) => ({
      action: canBeCancelled(leg) ? cancel(leg, 'duplicate_leg') : null,
      waitsFor: 'the end of a second stop',
    }));
}

function targetSteps(situation: Situation, stop: TradeLeg): ExitStep[] {
  const { liveTargets, input } = situation;
  if (liveTargets.length === 0) return [missingTarget(situation, stop)];
  return liveTargets.map((target, index) => {
    if (target.isStuck) {
      return { action: cancel(target, 'not_wanted'), waitsFor: 'the end of a target' };
    }
    if (isInFlight(target)) return waiting('an answer about the target');
    const linked = target.ocaGroup !== null && target.ocaGroup === stop.ocaGroup;
    if (input.targetPrice === null || index > 0 || !linked) {
      const cause = index > 0 ? 'duplicate_leg' : 'not_wanted';
      return { action: cancel(target, cause), waitsFor: 'the end of a target not wanted' };
    }
    return targetStep(situation, target, input.targetPrice);
  });
}

/** A target may only stand in one group with the stop: beside it both could fill. */
function missingTarget(situation: Situation, stop: TradeLeg): ExitStep {
  const wished = wishedTarget(situation);
  if (wished === null || stop.ocaGroup === null || isInFlight(stop)) return NOTHING;
  return {
    action: {
      kind: 'place_exits',
      quantity: text(situation.coverable),
      stopPrice: null,
      targetPrice: wished,
      ocaGroup: stop.ocaGroup,
      cause: 'missing_exit',
    },
    waitsFor: 'the acknowledgement of a new target',
  };
}

function targetStep(situation: Situation, target: TradeLeg, wantedPrice: string): ExitStep {
  const { coverable, there } = situation;
  const rightQuantity = fits(target, situation);
  const rightPrice = samePrice(target.limitPrice, wantedPrice);
  if (rightQuantity && rightPrice) return NOTHING;
  const isRefused = isRefusedAt(target, 'limitPrice', wantedPrice);
  if (!isRefused || (!rightQuantity && !isRefusedFor(target, coverable))) {
    const cause = rightQuantity ? 'price' : 'quantity';
    return {
      action: modify(target, coverable, wantedPrice, target.stopPrice, cause),
      waitsFor: 'the new terms of the target',
    };
  }
  // The price may stay, and so may a target that is too small; one that is too large may not.
  if (workingQuantity(target).lte(there)) return NOTHING;
  return { action: cancel(target, 'quantity'), waitsFor: 'the end of a target that is too large' };
}

export function modify(
  leg: TradeLeg,
  working: Decimal,
  limitPrice: string | null,
  stopPrice: string | null,
  cause: ActionCause,
): ProtectiveAction {
  const quantity = totalFor(leg, working);
  return { kind: 'modify', legId: leg.legId, quantity, limitPrice, stopPrice, cause };
}
