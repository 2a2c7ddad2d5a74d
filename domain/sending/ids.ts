/** Order ids: fresh ones, and of a resend the old ones as long as a straggler would then meet its own order. */
import { isReplaced, placing, type Incarnation } from '../trade/incarnation.js';

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

/** A cancel that was lost, or of a stray refused, so often is not repeated. */
const TIDYING_MAX = 3;

/**
 * What earlier placings of a leg may have left at the broker. Nothing lists staged orders, so a
 * parent that was proven absent may still stand there half sent; and an order that was given up, and
 * shows up after all, is one too many. Each is cancelled by its id, until the broker has answered.
 */
export function looseEndsOf(
  leg: WithIncarnations & { readonly legId: string; readonly role: string },
): LooseEnd[] {
  const present = placing(leg);
  const ends: LooseEnd[] = [];
  for (const place of leg.incarnations) {
    if (place.kind !== 'place') continue;
    const { sessionOrderId } = place;
    const isStray = place.state === 'SHOWN' && isReplaced(place, present);
    const isHalfSent = leg.role === 'ENTRY' && place.state === 'ABSENT' && isLastOfId(leg, place);
    if (!isStray && !isHalfSent) continue;
    if (isTidied(leg, place, isStray)) continue;
    ends.push({ legId: leg.legId, sessionOrderId, why: isStray ? 'stray' : 'half_sent' });
  }
  return ends;
}

/** Whether no later placing took the id over: kept ids complete the family instead. */
function isLastOfId(leg: WithIncarnations, place: Incarnation): boolean {
  const later = leg.incarnations.filter(({ kind, n }) => kind === 'place' && n > place.n);
  return later.every(({ sessionOrderId }) => sessionOrderId !== place.sessionOrderId);
}

/**
 * The broker answered a cancel of it, or was asked often enough. A refusal is no answer about an order that
 * was shown: it may be of a cancel that came before the order did.
 */
function isTidied(leg: WithIncarnations, place: Incarnation, isStray: boolean): boolean {
  const cancels = tidyings(leg, place.sessionOrderId).filter(({ n }) => n > place.n);
  const isIn = (...states: readonly Incarnation['state'][]) =>
    cancels.filter(({ state }) => states.includes(state)).length;
  if (isIn('SHOWN') > 0 || (!isStray && isIn('REFUSED') > 0)) return true;
  return isIn('ABSENT', 'REFUSED') >= TIDYING_MAX;
}

/** Cancels of an order id, oldest first. */
export function tidyings(leg: WithIncarnations, sessionOrderId: number): Incarnation[] {
  return leg.incarnations.filter(
    (incarnation) => incarnation.kind === 'cancel' && incarnation.sessionOrderId === sessionOrderId,
  );
}
