/** The one answer to whether a trade is over (TRD-15). */
import { decimal } from '../money.js';
import { awaitsExecutions, isLive } from '../orders/machine.js';
import { looseEndsOf, type LooseEnd } from '../sending/ids.js';
import type { OrderLeg } from '../orders/leg.js';
import type { Book, Leg } from './book.js';
import { heldQuantity } from './exposure.js';
import { isOpen } from './incarnation.js';
import { FINAL_STATES } from './states.js';

/** What an end is judged by: any part of a book. */
export interface Ending extends Pick<Book, 'side' | 'beforeEntry'> {
  readonly legs: readonly (OrderLeg & Pick<Leg, 'incarnations'>)[];
}

/**
 * Nothing is held, no order lives or may live, no write is open, nothing is left half sent at the broker
 * — and the trade was sent once, or ended before that. Late facts may take it up again.
 */
export function isOver({ legs, side, beforeEntry }: Ending): boolean {
  if (legs.some((leg) => isLive(leg) || awaitsExecutions(leg))) return false;
  if (legs.some(({ incarnations }) => incarnations.some(isOpen))) return false;
  if (!heldQuantity(legs, side).eq(0)) return false;
  const wasSent = legs.some((leg) => leg.intent === 'SENT' || !decimal(leg.filledQuantity).eq(0));
  if (!wasSent && !FINAL_STATES.has(beforeEntry)) return false;
  return legs.every((leg) => looseEndsOf(leg).length === 0);
}

/** Orders, or parts of groups, that must be cancelled by their ids. */
export function looseEnds(book: Book): LooseEnd[] {
  return book.legs.flatMap(looseEndsOf);
}
