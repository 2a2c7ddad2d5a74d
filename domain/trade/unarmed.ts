/** The time that shares are without an armed stop: what it has run to has them sold (flatten.ts). */
import { isLive } from '../orders/machine.js';
import type { Book } from './book.js';
import { heldQuantity } from './exposure.js';

/** No armed stop for that long, while the link was READY all along: then the shares are sold. */
export const FLATTEN_AFTER_MS = 10_000;

/**
 * What waited for a person, or for the broker's position, was not repaired meanwhile: its time without a stop counts
 * from now, so that it is repaired before it is sold for it.
 */
export function countedFromNow(book: Book): Book {
  return book.unarmedSinceMs === null ? book : { ...book, unarmedSinceMs: null };
}

/** Whether shares are held and no stop of theirs lives: the next that is sent is one. */
export function lacksStop({ legs, side }: Book): boolean {
  if (!heldQuantity(legs, side).gt(0)) return false;
  return !legs.some((leg) => leg.role === 'STOP' && isLive(leg));
}
