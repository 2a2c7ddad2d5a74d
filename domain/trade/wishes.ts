/** What people, or the trade's own clock, may ask of a trade, and how it ends unsent. */
import { hasEnded } from '../orders/table.js';
import { entryOf, type Book, type Change, unchanged, type Unchanged } from './book.js';
import { isOver } from './is-over.js';
import { step } from './leg.js';
import { viewOf } from './view.js';

/** A wish that was followed, or why it can't be now; a refusal changes nothing. */
export interface Wished extends Change {
  readonly refusal: string | null;
}

/** The entry still works, or may. */
export function entryMayFill(book: Book): boolean {
  const entry = entryOf(book);
  return entry !== undefined && !hasEnded(entry.status);
}

/** The position is to be closed now; `cause` becomes the exit reason (`manual`, `max_holding` …). */
export function requestClose(book: Book, cause: string): Wished {
  const view = viewOf(book);
  if (view.isOver) return refusal(book, `the trade is over (${view.state})`);
  if (view.entryFilled === '0') {
    return refusal(book, 'nothing is held yet: cancel the entry instead');
  }
  return wish(book, { close: cause });
}

/** What of the entry is unfilled is to be cancelled. */
export function requestCancel(book: Book): Wished {
  const view = viewOf(book);
  if (view.isOver) return refusal(book, `the trade is over (${view.state})`);
  if (entryOf(book) !== undefined && !entryMayFill(book)) {
    return refusal(book, 'the entry is finished: close the trade instead');
  }
  return wish(book, { cancelEntry: true });
}

/** The plan is as old as the wait: nothing of it was sent, and the next round makes a new one. */
export function withdraw(book: Book, reason: string): Change | Unchanged {
  if (wasTaken(book)) return unchanged(book, 'the entry was taken for a send');
  return { book: { ...book, decided: null, failure: reason }, events: [] };
}

/** Ends a trade of which nothing is, or may be, at the broker; one in flight stays as it is. */
export function abandon(book: Book, reason: string): Change | Unchanged {
  if (wasTaken(book) || isOver(book)) return unchanged(book, 'it is in flight, or over');
  const beforeEntry = book.wishes.cancelEntry ? 'CANCELLED' : 'ABANDONED';
  const legs = book.legs.map((leg) => step(leg, { kind: 'sendFailed', message: reason }));
  const summary = `${beforeEntry.toLowerCase()}: ${reason}`;
  return {
    book: { ...book, legs, beforeEntry, failure: reason },
    events: [{ kind: 'ended', summary }],
  };
}

/** A leg is, or may be, at the broker. */
export function wasTaken(book: Book): boolean {
  return book.legs.some((leg) => leg.intent !== 'NEW');
}

function wish(book: Book, change: Partial<Book['wishes']>): Wished {
  return { book: { ...book, wishes: { ...book.wishes, ...change } }, events: [], refusal: null };
}

function refusal(book: Book, reason: string): Wished {
  return { book, events: [], refusal: reason };
}
