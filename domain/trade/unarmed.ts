/** The time that shares are without an armed stop: what it has run to has them sold (flatten.ts). */
import type { Book } from './book.js';

/**
 * What waited for a person, or for the broker's position, was not repaired meanwhile: its time without a stop counts
 * from now, so that it is repaired before it is sold for it.
 */
export function countedFromNow(book: Book): Book {
  return book.unarmedSinceMs === null ? book : { ...book, unarmedSinceMs: null };
}
