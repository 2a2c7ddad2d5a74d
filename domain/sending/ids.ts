/** Order ids: fresh ones, and of a resend the old ones as long as a straggler would then meet its own order. */
import { isOpen, isReplaced, placing, type Incarnation } from '../trade/incarnation.js';
import { repeatAfterMs } from '../trade/leg.js';
import type { EpochMs } from '../vocabulary.js';

type WithIncarnations = { readonly incarnations: readonly Incarnation[] };

export interface Given {
  /** The highest order id that the connection ever gave out. */
  readonly lastGivenId: number;
  readonly sessionClientId: number;
}

/**
 * The ids of the legs' last placings, in the order of the legs, when they may be used again: this client
 * was given no higher one since, none was refused, and every leg has one. Else null: fresh ones.
 */
export function idsToKeep(legs: readonly WithIncarnations[], given: Given): number[] | null {
  const placings = legs.map(placing);
  const ids: number[] = [];
  for (const place of placings) {
    if (!place || place.idRefused || place.state === 'REFUSED') return null;
    if (place.sessionClientId !== given.sessionClientId) return null;
    ids.push(place.sessionOrderId);
  }
  return Math.max(...ids) === given.lastGivenId ? ids : null;
}

/**
 * Consecutive order ids, never one that was given out before: from max(own + 1, the broker's next valid id)
 * on, so that a roll-back of the broker's counter never gives one again (BRK-2).
 */
export function freshIds(lastGivenId: number, nextValidId: number, count: number): number[] {
  const first = Math.max(lastGivenId + 1, nextValidId);
  return Array.from({ length: count }, (_, index) => first + index);
}

/** An order id at the broker that must be cancelled although no order of the book stands for it. */
export interface LooseEnd {
  readonly legId: string;
  readonly sessionOrderId: number;
  /** `half_sent`: messages may be staged there; `stray`: an order that another one replaced lives. */
  readonly why: 'half_sent' | 'stray';
}

/** A cancel of what was never shown and may be half sent: lost so often, it is not repeated. */
const TIDYING_MAX = 3;
/** After so many cancels of a stray that came to nothing a person must look; they go on at pauses. */
const STRAY_FOR_PERSON = 3;

/**
 * What earlier placings of a leg may have left at the broker. Nothing lists staged orders, so a
 * parent that was proven absent may still stand there half sent; and an order that was given up, and
 * shows up after all, is one too many: it may fill at any time. Each is cancelled by its id: what may be
 * half sent until the broker has answered, a stray until it has ended or is proven gone.
 */
export function looseEndsOf(
  leg: WithIncarnations & { readonly legId: string; readonly role: string },
): LooseEnd[] {
  const ends: LooseEnd[] = [];
  for (const place of leg.incarnations) {
    if (place.kind !== 'place') continue;
    const { sessionOrderId } = place;
    const isHalfSent = leg.role === 'ENTRY' && place.state === 'ABSENT' && isLastOfId(leg, place);
    const isUntidy = isHalfSent && !isTidied(leg, place);
    if (isStray(leg, place)) ends.push({ legId: leg.legId, sessionOrderId, why: 'stray' });
    else if (isUntidy) ends.push({ legId: leg.legId, sessionOrderId, why: 'half_sent' });
  }
  return ends;
}

/** Whether the broker showed an order that the leg no longer stands for, and neither its end nor its absence. */
export function isStray(leg: WithIncarnations, place: Incarnation): boolean {
  return place.kind === 'place' && place.state === 'SHOWN' && isReplaced(place, placing(leg));
}

/** How its cancels went so far: when the next may go, and whether a person must look. */
export interface StrayPause {
  readonly untilMs: EpochMs;
  readonly isForPerson: boolean;
}

/**
 * After cancels of a stray that did not end it the next one waits, longer each time; null: it may go at once.
 * The first says nothing: it may have gone with the placing that replaced the order, before that was shown.
 */
export function strayPause(leg: WithIncarnations, sessionOrderId: number): StrayPause | null {
  const vain = tidyings(leg, sessionOrderId).filter(
    (cancel) => !isOpen(cancel) && cancel.state !== 'NOT_WRITTEN',
  );
  const last = vain.at(-1);
  if (last === undefined || vain.length < 2) return null;
  return {
    untilMs: last.claimedAtMs + repeatAfterMs(vain.length - 1),
    isForPerson: vain.length >= STRAY_FOR_PERSON,
  };
}

/** Whether no later placing took the id over: kept ids complete the family instead. */
function isLastOfId(leg: WithIncarnations, place: Incarnation): boolean {
  const later = leg.incarnations.filter(({ kind, n }) => kind === 'place' && n > place.n);
  return later.every(({ sessionOrderId }) => sessionOrderId !== place.sessionOrderId);
}

/** The broker answered a cancel of it, or was asked often enough. */
function isTidied(leg: WithIncarnations, place: Incarnation): boolean {
  const cancels = tidyings(leg, place.sessionOrderId).filter(({ n }) => n > place.n);
  if (cancels.some(({ state }) => state === 'SHOWN' || state === 'REFUSED')) return true;
  return cancels.filter(({ state }) => state === 'ABSENT').length >= TIDYING_MAX;
}

/** Cancels of an order id, oldest first. */
export function tidyings(leg: WithIncarnations, sessionOrderId: number): Incarnation[] {
  return leg.incarnations.filter(
    (incarnation) => incarnation.kind === 'cancel' && incarnation.sessionOrderId === sessionOrderId,
  );
}
