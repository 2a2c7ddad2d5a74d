/** What people, or the trade's own clock, may ask of a trade, and how it ends unsent. */
import { hasEnded } from '../orders/table.js';
import { entryOf, type Book, type Change, unchanged, type Unchanged } from './book.js';
import { isOver } from './is-over.js';
import { step } from './leg.js';
import { dropped, isUndone, type Moves } from './moves.js';
import { viewOf } from './view.js';

/** A wish that was followed, or why it can't be now; a refusal changes nothing. */
export interface Wished extends Change {
  readonly refusal: string | null;
  /** What is to be said though it was followed. */
  readonly note?: string | null;
}

/** The entry still works, or may. */
export function entryMayFill(book: Book): boolean {
  const entry = entryOf(book);
  return entry !== undefined && !hasEnded(entry.status);
}

/** The cause of a close that a person has asked for; every other one is the trade's own, or a signal's. */
export const BY_PERSON = 'manual';

/** A person has asked for the close: it goes on where the trade's own would wait for one. */
export function isClosedByPerson({ wishes }: Pick<Book, 'wishes'>): boolean {
  return wishes.close === BY_PERSON;
}

/**
 * The position is to be closed now; `cause` becomes the exit reason (`manual`, `max_holding` …). What a person
 * has asked for stays theirs: a cause of the trade's own would have it wait for them again.
 */
export function requestClose(book: Book, cause: string): Wished {
  const view = viewOf(book);
  if (view.isOver) return refusal(book, `the trade is over (${view.state})`);
  if (view.entryFilled === '0') {
    return refusal(book, 'nothing is held yet: cancel the entry instead');
  }
  return wish(withoutMoves(book), { close: isClosedByPerson(book) ? BY_PERSON : cause });
}

/**
 * Whatever there is of it is to end: shares are sold, an unfilled entry is cancelled, and what it buys before it
 * is gone is sold too, with nobody there to ask again. The cause of an earlier close stands.
 */
export function requestEnd(book: Book, cause: string): Wished {
  const view = viewOf(book);
  if (view.isOver) return refusal(book, `the trade is over (${view.state})`);
  const close = book.wishes.close ?? cause;
  if (view.entryFilled !== '0') return wish(withoutMoves(book), { close });
  const wished = wish(withoutMoves(book), { close, cancelEntry: true });
  return { ...wished, note: 'nothing is held: its entry is cancelled' };
}

/** The same asked for by a person: what holds back a close of the trade's own does not hold back theirs. */
export function requestEndByPerson(book: Book): Wished {
  const ended = requestEnd(book, BY_PERSON);
  if (ended.refusal !== null) return ended;
  return { ...ended, ...wish(ended.book, { close: BY_PERSON }) };
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

/** The book with other wishes for its exits. */
export function withMoves(book: Book, change: Partial<Moves>): Book {
  const moves = { ...book.wishes.moves, ...change };
  return { ...book, wishes: { ...book.wishes, moves } };
}

/** A close has come: wishes that were not carried out are not any more. */
function withoutMoves(book: Book): Book {
  const { stop, target, trail } = book.wishes.moves;
  if (!isUndone(stop) && !isUndone(target) && trail === null) return book;
  const reason = 'a close was asked for';
  const left = { stop: dropped(stop, reason), target: dropped(target, reason), trail: null };
  return withMoves(book, left);
}

function wish(book: Book, change: Partial<Book['wishes']>): Wished {
  return { book: { ...book, wishes: { ...book.wishes, ...change } }, events: [], refusal: null };
}

function refusal(book: Book, reason: string): Wished {
  return { book, events: [], refusal: reason };
}
