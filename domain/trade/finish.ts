/**
 * What follows from a change by itself: the times since when something is so, and the reservation. Every
 * change of a book ends here, before it is saved.
 */
import { adjust } from './settle.js';
import { inTurn, type Book, type Change, type TimelineEvent } from './book.js';
import { settleMoves } from './carry-moves.js';
import { concluded } from './conclusion.js';
import { decimal, text } from '../money.js';
import { ENDED } from '../orders/table.js';
import { leftText, partOf } from './fraction.js';
import { placing } from './incarnation.js';
import { withIncarnation } from './leg.js';
import { heldAsTold } from './overdue.js';
import { reservationOf } from './reservation.js';
import { stopStands } from './stop-delay.js';
import { viewOf, type BookView } from './view.js';

export interface Finished extends Change {
  readonly view: BookView;
}

/** `before`: the book as it was loaded; `change`: what was made of it. */
export function finish(before: Book, change: Change, nowMs: number): Finished {
  if (change.book === before) return { ...change, view: viewOf(before) };
  const marked = { ...change.book, legs: change.book.legs.map(withEnd) };
  const adjusted = inTurn(marked, settleMoves, (now) => adjust(before, now));
  const view = viewOf(adjusted.book);
  const covered = isCovered(adjusted.book, view);
  const timed: Book = {
    ...adjusted.book,
    unarmedSinceMs: covered ? null : (adjusted.book.unarmedSinceMs ?? nowMs),
    openedAtMs: adjusted.book.openedAtMs ?? (view.entryFilled === '0' ? null : nowMs),
    closedAtMs: view.isOver ? (adjusted.book.closedAtMs ?? nowMs) : null,
  };
  const failure = concluded(timed, view, nowMs);
  const book = { ...timed, failure, reservation: reservationOf(timed, nowMs) };
  const ended = [...change.events, ...adjusted.events, ...partEvents(before, view)];
  ended.push(...stopStands(before, book));
  if (view.isOver && before.closedAtMs === null && failure !== null && failure !== before.failure) {
    if (!change.events.some(({ kind }) => kind === 'ended')) {
      ended.push({ kind: 'ended', summary: `${view.state.toLowerCase()}: ${failure}` });
    }
  }
  return { book, events: ended, view };
}

/** What no order can be for is told when it comes about, and when it changes: nobody else looks after it. */
function partEvents(before: Book, view: BookView): TimelineEvent[] {
  const [was, part] = [partOf(viewOf(before)), partOf(view)];
  if (part.eq(0) || part.eq(was)) return [];
  const summary = `${view.heldQuantity} held, exits are for ${view.orderableQuantity}: ${leftText(part)}`;
  const detail = { held: view.heldQuantity, part: text(part) };
  return [{ kind: 'part_left', summary, detail }];
}

/** Also for shares of which so far only a status tells: their executions may be late, or never come. */
function isCovered({ legs, side }: Book, view: BookView): boolean {
  if (view.orderableQuantity !== '0' && !view.isProtected) return false;
  const told = heldAsTold(legs, side);
  return told.lte(decimal(view.heldQuantity)) || told.lte(decimal(view.armedQuantity));
}

/** An order that has ended ends its placing, however the end was learnt. */
function withEnd(leg: Book['legs'][number]): Book['legs'][number] {
  const place = placing(leg);
  const isOver = place?.state === 'SHOWN' && ENDED.has(leg.status);
  return isOver ? withIncarnation(leg, place.n, { state: 'ENDED' }) : leg;
}
