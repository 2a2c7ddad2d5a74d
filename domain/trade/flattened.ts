/** A sale for want of a stop, that nobody has asked for: it is remembered, and told by news.ts (TRD-3). */
import { FLATTEN, type ProtectiveAction } from './actions.js';
import type { Book } from './book.js';
import type { EpochMs } from '../vocabulary.js';

/** The book once those actions are claimed; each time without a stop is remembered and told once. */
export function withFlatten(
  book: Book,
  actions: readonly ProtectiveAction[],
  nowMs: EpochMs,
): Book {
  if (!actions.some(({ cause }) => cause === FLATTEN)) return book;
  const toldAtMs = book.flattenedAtMs ?? null;
  const isKnown = toldAtMs !== null && toldAtMs >= (book.unarmedSinceMs ?? -Infinity);
  return isKnown ? book : { ...book, flattenedAtMs: nowMs };
}
