/** What protection sees at one look: the legs sorted by what they are and how far they are. */
import { decimal, text, type Decimal } from '../money.js';
import { awaitsExecutions, filledAtBroker, isLive, workingQuantity } from '../orders/machine.js';
import { hasEnded } from '../orders/table.js';
import type {
  ActionCause,
  NextStep,
  ProtectionInput,
  ProtectionPlan,
  ProtectiveAction,
} from './actions.js';
import { filledOf, fillableMax, heldQuantity, isArmed, liveLegs } from './exposure.js';
import { orderableOf } from './fraction.js';
import type { TradeLeg } from './leg.js';
import {
  asTold,
  FACTS_OVERDUE_MS,
  heldByPosition,
  overdueOf,
  unarmedByPosition,
} from './overdue.js';
import type { EpochMs } from '../vocabulary.js';

/** A leg as protection looks at it now. */
export interface SeenLeg extends TradeLeg {
  /** It is being cancelled, and neither its end nor anything else has come of it for too long. */
  readonly isStuck?: boolean;
}

export interface Situation {
  /** As asked; `unarmedSinceMs` is of what is held here, be it known by executions or by a position. */
  readonly input: ProtectionInput;
  readonly legs: readonly SeenLeg[];
  readonly held: Decimal;
  /** What of it orders can be for: whole shares, unless it was entered in fractions. */
  readonly whole: Decimal;
  /**
   * What trade and broker both hold. All that is held while the broker's position is unknown, or shows
   * none of it: then a person looks, and exits that stand are left as they are.
   */
  readonly there: Decimal;
  /** What exits are set to: what of that orders can be for. */
  readonly coverable: Decimal;
  readonly entries: readonly SeenLeg[];
  readonly liveEntries: readonly SeenLeg[];
  readonly liveStops: readonly SeenLeg[];
  readonly liveTargets: readonly SeenLeg[];
  /** CLOSE legs on the exit's side. */
  readonly liveCloses: readonly SeenLeg[];
  readonly exitFilled: Decimal;
  readonly armed: Decimal;
  /** A status told of fills whose executions may still come: the held quantity isn't known. */
  readonly awaitsExecutions: boolean;
}

export function situationOf(asked: ProtectionInput): Situation {
  const known = asked.legs.filter((leg) => leg.intent !== 'NEW');
  const executed = heldQuantity(known, asked.side);
  const byPosition = heldByPosition(known, executed, asked);
  const held = byPosition ?? executed;
  const unarmedSinceMs = unarmedSince(asked, known, { executed, byPosition });
  const input = { ...asked, unarmedSinceMs };
  const sent = known.map((leg) =>
    isStuck(leg, input) ? { ...leg, isStuck: true, isDoubtful: true } : leg,
  );
  const late = new Set<SeenLeg>(overdueOf(sent, input.nowMs, FACTS_OVERDUE_MS));
  const legs = sent.map((leg) => (late.has(leg) ? asTold(leg) : leg));
  const exits = legs.filter((leg) => leg.side !== input.side);
  const entries = legs.filter((leg) => leg.role === 'ENTRY');
  const common = closable(held, input);
  const there = common === null || common.eq(0) ? held : common;
  return {
    input,
    legs,
    held,
    whole: orderableOf(held, sent),
    there,
    coverable: orderableOf(there, sent),
    entries,
    liveEntries: liveLegs(entries),
    liveStops: liveLegs(exits, 'STOP'),
    liveTargets: liveLegs(exits, 'TARGET'),
    liveCloses: liveLegs(exits, 'CLOSE'),
    exitFilled: filledOf(exits),
    armed: armedBy(exits, input),
    awaitsExecutions: sent.some(
      (leg) => awaitsExecutions(leg) && (byPosition === null || !late.has(leg)),
    ),
  };
}

function armedBy(legs: readonly TradeLeg[], { side, stopPrice }: ProtectionInput): Decimal {
  return fillableMax(legs.filter((leg) => isArmed(leg, side, stopPrice)));
}

/** The book's own clock, unless only a position tells of the shares that are unarmed. */
function unarmedSince(
  input: ProtectionInput,
  legs: readonly TradeLeg[],
  { executed, byPosition }: { readonly executed: Decimal; readonly byPosition: Decimal | null },
): EpochMs | null {
  const { unarmedSinceMs, nowMs } = input;
  const isOfBook = unarmedSinceMs !== null && armedBy(legs, input).lt(orderableOf(executed, legs));
  if (byPosition === null || !byPosition.gt(0) || isOfBook) return unarmedSinceMs;
  return unarmedByPosition(legs, unarmedSinceMs, nowMs);
}

/** A cancel takes effect within a second; what is still being cancelled after this may be so for ever. */
export const CANCEL_MAX_MS = 5_000;

/**
 * Being cancelled, no cancel of ours is open, and neither a write, a fill nor the loss of cover is recent:
 * nobody knows how long the broker will ponder it. An exit of that kind protects no more than a doubtful one.
 */
function isStuck(leg: TradeLeg, input: ProtectionInput): boolean {
  if (leg.status !== 'CANCEL_PENDING' || leg.cancelInFlight) return false;
  const sinceMs = Math.max(
    leg.lastWriteMs ?? input.nowMs,
    input.unarmedSinceMs ?? -Infinity,
    input.lastExitFillMs ?? -Infinity,
  );
  return input.nowMs - sinceMs >= CANCEL_MAX_MS;
}

/** The broker has it and may act on it: it can be cancelled and modified. */
export function isAtBroker(leg: TradeLeg): boolean {
  if (leg.cancelInFlight) return false;
  return leg.status === 'ACCEPTED' || leg.status === 'HELD' || leg.status === 'PARTIAL';
}

/** Acknowledged and not held. */
export function isWorking(leg: TradeLeg): boolean {
  return leg.status === 'ACCEPTED' || leg.status === 'PARTIAL';
}

/** Held for its parent. Statuses come out of order, and not all come: only a picture says that it sleeps on. */
export function isAsleep(leg: TradeLeg): boolean {
  return leg.status === 'HELD' && leg.whyHeld.includes('child');
}

/** A complete picture was begun after the shares lost their cover, so what the legs say is so. */
export function isPictured({ link, unarmedSinceMs }: ProtectionInput): boolean {
  return link !== null && (unarmedSinceMs === null || link.pictureAtMs > unarmedSinceMs);
}

/** An answer is under way: deciding now would decide on what may change at once. */
export function isInFlight(leg: TradeLeg): boolean {
  return isLive(leg) && (!isAtBroker(leg) || leg.modificationInFlight);
}

/** The broker has it and no write of it is open, or its cancel is stuck and may be repeated. */
export function canBeCancelled(leg: SeenLeg): boolean {
  return (isAtBroker(leg) && !leg.modificationInFlight) || leg.isStuck === true;
}

/** Ended without the broker filling it, or never having left. */
export function isLost(leg: TradeLeg): boolean {
  return hasEnded(leg.status) && leg.status !== 'EXECUTED';
}

/** The order's total so that exactly `working` remains to be filled, as the broker counts. */
export function totalFor(leg: TradeLeg, working: Decimal): string {
  return text(filledAtBroker(leg).add(working));
}

/** Whether what of it still works is right: all that orders can be for, and no more than there is. */
export function fits(leg: TradeLeg, { coverable, there }: Situation): boolean {
  const working = workingQuantity(leg);
  return working.gte(coverable) && working.lte(there);
}

export function cancel(leg: TradeLeg, cause: ActionCause): ProtectiveAction {
  return { kind: 'cancel', legId: leg.legId, cause };
}

/**
 * Cancels of those that can be cancelled now; the others must be waited for. A cancel that is stuck is
 * repeated, with growing pauses like every change. One write of a leg is open at a time, and a claim takes
 * all actions or none: a leg that is being modified would hold up the others.
 */
export function cancelAll(legs: readonly SeenLeg[], cause: ActionCause): ProtectiveAction[] {
  return legs.filter(canBeCancelled).map((leg) => cancel(leg, cause));
}

export const SETTLED: ProtectionPlan = {
  actions: [],
  recheckAtMs: null,
  waitsFor: null,
  then: null,
};

/** The broker's answer to a write is waited for: what has none by its deadline is looked up. */
export function act(actions: readonly ProtectiveAction[], waitsFor: string): ProtectionPlan {
  return { actions, recheckAtMs: null, waitsFor, then: 'look_up' };
}

/** What the legs say is not enough to go by. */
export function lookFirst(waitsFor: string): ProtectionPlan {
  return { ...act([], waitsFor), needsPicture: true };
}

/** `recheckAtMs` null: the default deadline of what comes then (needs.ts). */
export function wait(
  waitsFor: string,
  recheckAtMs: number | null = null,
  then: NextStep = 'plan',
): ProtectionPlan {
  return { actions: [], recheckAtMs, waitsFor, then };
}

/** Ended by the broker without a fill: what never left this system is no refusal. */
export function isRefused(leg: TradeLeg): boolean {
  return isLost(leg) && leg.status !== 'FAILED';
}

/** After the first refusal of an order the next one waits this long, then twice as long. */
const RETRY_AFTER_MS = 1_000;
/** However often it was refused: an outage of hours ends some day. */
const RETRY_AFTER_MAX_MS = 60_000;

/**
 * When an order of that kind may be tried again; −∞ when it may at once. `free`: so many of the lost ones
 * have no pause. One that never left this system says nothing of the broker: the next waits the same
 * moment each time, however many there were.
 */
export function retryPauseEndsMs(lost: readonly TradeLeg[], free = 0): number {
  const gone = lost.filter(({ neverLeft }) => !neverLeft).slice(free);
  const doublings = Math.max(0, gone.length - 1);
  const pauseMs = Math.min(RETRY_AFTER_MS * 2 ** doublings, RETRY_AFTER_MAX_MS);
  const unsent = lost.filter(({ neverLeft }) => neverLeft);
  return Math.max(lastWriteMs(gone) + pauseMs, lastWriteMs(unsent) + RETRY_AFTER_MS);
}

/** −∞ when there was none. */
function lastWriteMs(legs: readonly TradeLeg[]): number {
  return Math.max(...legs.map((leg) => leg.lastWriteMs ?? -Infinity), -Infinity);
}

/** What the trade and the broker agree on, parts of a share included; null while the broker's position is unknown. */
export function closable(held: Decimal, { side, brokerNet }: ProtectionInput): Decimal | null {
  if (brokerNet === null) return null;
  const net = decimal(brokerNet);
  const inDirection = side === 'BUY' ? net : net.neg();
  const sameSign = held.gt(0) ? inDirection : inDirection.neg();
  const size = held.abs();
  if (sameSign.lte(0)) return decimal('0');
  return sameSign.lt(size) ? sameSign : size;
}
