/**
 * Carrying out wishes for the exits: with the claim of a write, and by what the broker then says. One
 * modification of an exit is in flight at a time; of the wishes that come meanwhile the newest is next.
 */
import type { DecimalText } from '../money.js';
import type { EpochMs, Quote } from '../vocabulary.js';
import type { OrderTerms } from '../orders/terms.js';
import type { ProtectiveAction } from './actions.js';
import { inTurn, type Book, type Change, type Leg } from './book.js';
import { liveLegs, samePrice } from './exposure.js';
import { changesSincePlacing, openIncarnation, placing } from './incarnation.js';
import { tradeLeg } from './leg.js';
import {
  exitQuote,
  isUndone,
  isWider,
  marketRefusal,
  MOVABLE,
  NO_TARGET,
  ROLE_OF,
  type MovableExit,
  type MoveWish,
} from './moves.js';
import { getsNoTarget } from './protect-held.js';
import { withMoves } from './wishes.js';

/**
 * The book with the exits where they are wanted, as far as a live quote allows; a price that would trigger at
 * once is refused. What is claimed by it must be narrowed to what it writes (`asCarried`).
 */
export function asMoved(book: Book, quote: Quote | null, nowMs: EpochMs): Change {
  if (book.wishes.close !== null) return { book, events: [] };
  return inTurn(book, ...MOVABLE.map((exit) => (now: Book) => moved(now, exit, quote, nowMs)));
}

function moved(book: Book, exit: MovableExit, quote: Quote | null, nowMs: EpochMs): Change {
  const wish = book.wishes.moves[exit];
  if (wish?.state !== 'wanted') return { book, events: [] };
  const market = exitQuote(book.side, quote, nowMs);
  const isBusy = liveOf(book, exit).some((leg) => openIncarnation(leg) !== undefined);
  if (market === null || isBusy) return { book, events: [] };
  const { price } = wish;
  const reason = marketRefusal(book.side, exit, price, market);
  const detail = { exit, price, seq: wish.seq };
  if (reason !== null) {
    const next = withMoves(book, { [exit]: { ...wish, state: 'refused', reason } });
    const summary = `${exit} not moved: ${reason}`;
    return { book: next, events: [{ kind: 'move_refused', summary, detail }] };
  }
  const next = withPrice(withMoves(book, { [exit]: { ...wish, state: 'sent' } }), exit, price);
  // What was wanted meanwhile (by the average fill) is no price that the order ever had.
  const [live] = liveOf(book, exit);
  const was = live === undefined ? priceOf(book, exit) : shownPrice(live, exit);
  const summary = `${exit} to ${price} (was ${String(was)}), by ${wish.by}`;
  return { book: next, events: [{ kind: 'move', summary, detail }] };
}

/** Of what is wanted, what these actions carry; an exit that is not written stays as it was, living or not. */
export function asCarried(
  book: Book,
  wanted: Change,
  actions: readonly ProtectiveAction[],
): Change {
  const left = MOVABLE.filter((exit) => {
    const isChanged = wanted.book.wishes.moves[exit] !== book.wishes.moves[exit];
    const isSent = wanted.book.wishes.moves[exit]?.state === 'sent';
    if (!isChanged || !isSent) return false;
    return !actions.some((action) => carries(action, exit, priceOf(wanted.book, exit)));
  });
  if (left.length === 0) return wanted;
  const next = left.reduce(
    (now, exit) =>
      withPrice(withMoves(now, { [exit]: book.wishes.moves[exit] }), exit, priceOf(book, exit)),
    wanted.book,
  );
  const events = wanted.events.filter(
    ({ kind, detail }) => kind !== 'move' || !left.includes(detail?.['exit'] as MovableExit),
  );
  return { book: next, events };
}

function carries(action: ProtectiveAction, exit: MovableExit, price: DecimalText | null): boolean {
  if (action.kind === 'place_exits') {
    return samePrice(exit === 'stop' ? action.stopPrice : action.targetPrice, price);
  }
  if (action.kind !== 'modify') return false;
  return samePrice(exit === 'stop' ? action.stopPrice : action.limitPrice, price);
}

/** A wish that waits for its turn, or for a live quote. */
export function awaitsMove({ wishes }: Book): boolean {
  if (wishes.close !== null) return false;
  return MOVABLE.some((exit) => wishes.moves[exit]?.state === 'wanted');
}

// ── by what the broker says ──────────────────────────────────────────────────────────────────────

/**
 * What became of moves that were sent: read back, they are done; a modification that came to nothing puts the
 * wanted price back to that of the order which lives, for it is what protects.
 */
export function settleMoves(book: Book): Change {
  return inTurn(book, ...MOVABLE.map((exit) => (now: Book) => settled(now, exit)));
}

function settled(book: Book, exit: MovableExit): Change {
  const wish = book.wishes.moves[exit];
  if (wish === null) return { book, events: [] };
  const live = liveOf(book, exit);
  if (live.length === 0) return withoutOrder(book, exit, wish);
  if (live.some((leg) => openIncarnation(leg))) return { book, events: [] };
  const isThere = live.some((leg) => samePrice(shownPrice(leg, exit), wish.price));
  if (wish.state === 'sent' && isThere) {
    const done = withMoves(book, { [exit]: { ...wish, state: 'done', reason: null } });
    const summary = `${exit} read back at ${wish.price}`;
    return { book: done, events: [{ kind: 'moved', summary, detail: { exit, seq: wish.seq } }] };
  }
  return cameToNothing(book, exit, live);
}

/** Placed anew it goes where it is wanted; one that is not placed any more is moved nowhere, and that is told. */
function withoutOrder(book: Book, exit: MovableExit, wish: MoveWish): Change {
  if (exit === 'stop' || !isUndone(wish) || !getsNoTarget(book.legs.map(tradeLeg))) {
    return { book, events: [] };
  }
  const refused = { ...wish, state: 'refused', reason: NO_TARGET } as const;
  const detail = { exit, price: wish.price, seq: wish.seq };
  const summary = `${exit} not moved to ${wish.price}: ${NO_TARGET}`;
  return {
    book: withMoves(book, { [exit]: refused }),
    events: [{ kind: 'move_refused', summary, detail }],
  };
}

const CAME_TO_NOTHING = new Set(['REFUSED', 'ABSENT', 'NOT_WRITTEN']);

function cameToNothing(book: Book, exit: MovableExit, live: readonly Leg[]): Change {
  const wanted = priceOf(book, exit);
  const [leg] = live;
  if (live.some((each) => samePrice(shownPrice(each, exit), wanted))) return { book, events: [] };
  const last = changesSincePlacing(leg!)
    .filter(({ kind }) => kind === 'modify')
    .at(-1);
  if (last === undefined || !CAME_TO_NOTHING.has(last.state)) return { book, events: [] };
  if (!samePrice(priceIn(last.terms, exit), wanted)) return { book, events: [] };
  const { wish, isCarried } = wishOf(book, exit, wanted);
  const stands = standingPrice(book, exit, leg!, isCarried);
  if (stands === null) return { book, events: [] };
  const back = withPrice(book, exit, stands);
  if (!isCarried) return { book: back, events: [] };
  if (last.state !== 'REFUSED') {
    return { book: withMoves(back, { [exit]: { ...wish, state: 'wanted' } }), events: [] };
  }
  const reason = wish.reason ?? 'the broker refused it';
  const refused = { ...wish, state: 'refused', reason, byBroker: true } as const;
  const summary = `${exit} not moved to ${wish.price}: ${reason}; it stands at ${String(shownPrice(leg!, exit))}`;
  const detail = { exit, price: wish.price, seq: wish.seq };
  const events = [{ kind: 'move_refused', summary, detail }];
  return { book: withMoves(back, { [exit]: refused }), events };
}

/** The newest wish, and whether it was for the price that was written. */
function wishOf(book: Book, exit: MovableExit, written: DecimalText | null) {
  const wish = book.wishes.moves[exit]!;
  return { wish, isCarried: wish.state === 'sent' && samePrice(wish.price, written) };
}

/**
 * The price to want again: that of the order, as this system gave it. Others may have moved the order since: null where
 * the write was to put it back, which is still wanted; else theirs, unless a stop risks more at it (RSK-3).
 */
function standingPrice(
  { side }: Book,
  exit: MovableExit,
  leg: Leg,
  isCarried: boolean,
): DecimalText | null {
  const shown = shownPrice(leg, exit);
  const taken = changesSincePlacing(leg).filter(
    ({ kind, state }) => kind === 'modify' && state === 'SHOWN',
  );
  const given = priceIn((taken.at(-1) ?? placing(leg))?.terms ?? null, exit);
  if (shown === null || samePrice(shown, given)) return shown;
  if (!isCarried) return null;
  return exit === 'stop' && given !== null && isWider(side, shown, given) ? given : shown;
}

/** The broker's word on a modification that was refused, kept with the wish that it carried. */
export function noteRefusal(
  book: Book,
  leg: Leg,
  terms: OrderTerms | null,
  said: { readonly code: number; readonly message: string },
): Book {
  const exit = MOVABLE.find((each) => ROLE_OF[each] === leg.role);
  const wish = exit && book.wishes.moves[exit];
  if (!exit || wish?.state !== 'sent' || !samePrice(priceIn(terms, exit), wish.price)) return book;
  const reason = `the broker refused it: ${said.code} ${said.message}`;
  return withMoves(book, { [exit]: { ...wish, reason } });
}

// ── one exit ─────────────────────────────────────────────────────────────────────────────────────

function liveOf(book: Book, exit: MovableExit): Leg[] {
  const live = new Set(liveLegs(book.legs.map(tradeLeg), ROLE_OF[exit]).map(({ legId }) => legId));
  return book.legs.filter(({ legId, side }) => live.has(legId) && side !== book.side);
}

function priceOf({ exits }: Book, exit: MovableExit): DecimalText | null {
  return exit === 'stop' ? exits.stopPrice : exits.targetPrice;
}

function withPrice(book: Book, exit: MovableExit, price: DecimalText | null): Book {
  const change = exit === 'stop' ? { stopPrice: price } : { targetPrice: price };
  return { ...book, exits: { ...book.exits, ...change } };
}

function priceIn(terms: OrderTerms | null, exit: MovableExit): DecimalText | null {
  return (exit === 'stop' ? terms?.stopPrice : terms?.limitPrice) ?? null;
}

/** As the broker last read it back; as sent until then. */
function shownPrice({ readBack, wanted }: Leg, exit: MovableExit): DecimalText | null {
  return priceIn(readBack ?? wanted, exit);
}
