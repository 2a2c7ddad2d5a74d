/** Commands that move an open trade's exits (TRD-5): what each may ask for, and why not. */
import { decimal, type Decimal, type DecimalText } from '../money.js';
import { invariant } from '../invariant.js';
import type { Trail } from '../risk/context.js';
import { brokenText, judgeWidening, type RiskRoom, type Widening } from '../risk/widen.js';
import type { EpochMs, Quote } from '../vocabulary.js';
import { goesAlone } from './bracket.js';
import type { Book } from './book.js';
import { liveLegs, samePrice } from './exposure.js';
import { tradeLeg } from './leg.js';
import {
  exitQuote,
  isUndone,
  isWider,
  marketRefusal,
  newWish,
  NO_GROUPS,
  NO_POLLING,
  NO_TARGET,
  ROLE_OF,
  type MovableExit,
} from './moves.js';
import { getsNoTarget, isRefusedAt } from './protect-held.js';
import { viewOf } from './view.js';
import { entryMayFill, withMoves, type Wished } from './wishes.js';

/** What is known of the market where the command is recorded. */
export interface MoveMarket {
  readonly quote: Quote | null;
  /** Null: the contract was never fetched. */
  readonly increment: DecimalText | null;
  /** What may be risked; null where the stop that is asked for risks no more than the one that stands. */
  readonly room: RiskRoom | null;
  readonly nowMs: EpochMs;
}

export interface MoveAsked {
  readonly exit: MovableExit;
  readonly price: DecimalText;
  /** The stop may risk more than the one that stands. */
  readonly widen: boolean;
}

/** Accepted, though the last word is the quote's, right before the write. */
const NO_QUOTE_NOW =
  'no live quote now: it is moved once there is one, if the price allows it then';

/** Whether the stop that is asked for would risk more than the one that stands. */
export function asksWider(book: Book, { exit, price }: Omit<MoveAsked, 'widen'>): boolean {
  const { stopPrice } = book.exits;
  if (exit === 'target' || stopPrice === null || priceOf(price) === null) return false;
  return isWider(book.side, price, stopPrice);
}

/** Moves the stop or the target to a price; the newest wish of an exit stands for all before it. */
export function requestMove(book: Book, asked: MoveAsked, market: MoveMarket): Wished {
  const before = stateRefusal(book) ?? stopRefusal(book, asked.exit);
  const reason = before ?? moveRefusal(book, asked, market);
  if (reason !== null) return refusal(book, reason);
  const widening = wideningOf(book, asked, market);
  const tooWide = widening && wideRefusal(asked, widening);
  if (tooWide !== null) return refusal(book, tooWide);
  return wishFor(widening ? withOpenRisk(book, widening) : book, asked, market, widening);
}

function wishFor(
  book: Book,
  { exit, price }: MoveAsked,
  market: MoveMarket,
  widening: Widening | null,
): Wished {
  const { moves } = book.wishes;
  const before = moves[exit];
  if (isUndone(before) && samePrice(before.price, price) && endsNoTrail(book, exit)) {
    return {
      book,
      events: [],
      refusal: null,
      note: `the ${exit} is on its way to ${price} already`,
    };
  }
  const isThere = !isUndone(before) && samePrice(standingOf(book, exit), price);
  if (isThere && endsNoTrail(book, exit)) {
    return { book, events: [], refusal: null, note: `the ${exit} is at ${price}: nothing to do` };
  }
  const wanted = newWish(before, price, 'command');
  const wish = isThere ? ({ ...wanted, state: 'done' } as const) : wanted;
  const isBlind = exitQuote(book.side, market.quote, market.nowMs) === null;
  return {
    book: withMoves(book, { [exit]: wish, ...(exit === 'stop' ? { trail: null } : {}) }),
    events: replaced(book, exit, price),
    refusal: null,
    note: [widening?.says, isBlind ? NO_QUOTE_NOW : null].filter(Boolean).join('; ') || null,
  };
}

/** Lets the stop follow the best price from now on; a stop that is moved by hand ends it. */
export function requestTrail(book: Book, by: Trail, market: MoveMarket): Wished {
  const impossible = goesAlone(book) ? NO_POLLING : null;
  const reason =
    impossible ?? stateRefusal(book) ?? stopRefusal(book, 'stop') ?? trailRefusal(book, by, market);
  if (reason !== null) return refusal(book, reason);
  const { trail } = book.wishes.moves;
  if (trail !== null && JSON.stringify(trail.by) === JSON.stringify(by)) {
    return { book, events: [], refusal: null, note: 'it trails so already: nothing to do' };
  }
  const best = exitQuote(book.side, market.quote, market.nowMs);
  return {
    book: withMoves(book, { trail: { by, best, steppedAtMs: null } }),
    events: [],
    refusal: null,
    note: best === null ? 'no live quote now: it trails from the first one on' : null,
  };
}

/** Where the exit stands, or is about to, by what was last claimed. */
function standingOf({ exits }: Book, exit: MovableExit): DecimalText | null {
  return exit === 'stop' ? exits.stopPrice : exits.targetPrice;
}

function endsNoTrail(book: Book, exit: MovableExit): boolean {
  return exit === 'target' || book.wishes.moves.trail === null;
}

function replaced(book: Book, exit: MovableExit, price: DecimalText): Wished['events'] {
  const { moves } = book.wishes;
  const before = moves[exit];
  const trailing = exit === 'stop' && moves.trail !== null ? ['it trails no more'] : [];
  const earlier = isUndone(before) ? [`instead of ${before.price}`] : [];
  const told = [...earlier, ...trailing];
  if (told.length === 0) return [];
  return [{ kind: 'move', summary: `${exit} wanted at ${price}: ${told.join(', ')}` }];
}

// ── why not ──────────────────────────────────────────────────────────────────────────────────────

function stateRefusal(book: Book): string | null {
  const view = viewOf(book);
  if (view.isOver) return `the trade is over (${view.state})`;
  if (book.wishes.close !== null) return `the trade is being closed (${book.wishes.close})`;
  if (view.entryFilled === '0')
    return 'nothing is held yet: cancel the entry, or wait for its fill';
  if (entryMayFill(book)) return 'the entry still works: cancel what is unfilled, or wait for it';
  return decimal(view.heldQuantity).gt(0) ? null : 'nothing is held any more';
}

function stopRefusal(book: Book, exit: MovableExit): string | null {
  if (exit === 'target') return null;
  const stops = liveLegs(book.legs.map(tradeLeg), 'STOP');
  const isNative =
    (book.plan?.trailing ?? null) !== null || stops.some((leg) => leg.orderType === 'TRAIL');
  return isNative ? "the stop trails from the entry on: its price is the broker's" : null;
}

function moveRefusal(book: Book, asked: MoveAsked, market: MoveMarket): string | null {
  const { exit } = asked;
  const standing = standingOf(book, exit);
  if (exit === 'target' && goesAlone(book)) return NO_GROUPS;
  if (standing === null) return `the trade has no ${exit} to move`;
  if (exit === 'target' && getsNoTarget(book.legs.map(tradeLeg))) return NO_TARGET;
  const price = priceOf(asked.price);
  if (price === null) return `a price is a decimal above zero, not ${JSON.stringify(asked.price)}`;
  const marketPrice = exitQuote(book.side, market.quote, market.nowMs);
  return (
    tickRefusal(price, market.increment) ??
    (marketPrice === null ? null : marketRefusal(book.side, exit, asked.price, marketPrice)) ??
    crossRefusal(book, asked) ??
    (samePrice(standing, asked.price) ? null : brokerRefusal(book, asked))
  );
}

/** What the broker has refused is not written again (protect-held.ts): a wish for it would wait for good. */
function brokerRefusal(book: Book, { exit, price }: MoveAsked): string | null {
  const field = exit === 'stop' ? 'stopPrice' : 'limitPrice';
  const live = liveLegs(book.legs.map(tradeLeg), ROLE_OF[exit]);
  if (!live.some((leg) => isRefusedAt(leg, field, price))) return null;
  const wish = book.wishes.moves[exit];
  const isKept = wish !== null && wish.byBroker && samePrice(wish.price, price);
  const said = isKept ? ` (${String(wish.reason)})` : '';
  return `the broker has refused a ${exit} at ${price} before${said}: give another price`;
}

/** What a stop that risks more would lose (RSK-3); null for any other move. */
function wideningOf(book: Book, asked: MoveAsked, { room, nowMs }: MoveMarket): Widening | null {
  if (!asksWider(book, asked)) return null;
  invariant(room !== null, 'a wider stop is asked for with what may be risked');
  const { heldQuantity, averageEntry } = viewOf(book);
  const held = {
    ...{ side: book.side, quantity: heldQuantity, averageEntry: averageEntry! },
    ...{ stopPrice: book.exits.stopPrice!, wantedPrice: asked.price },
    approvedRisk: book.plan?.approvedRisk ?? null,
  };
  return judgeWidening(held, room, nowMs);
}

function wideRefusal({ price, widen }: MoveAsked, widening: Widening): string | null {
  const { says, broken } = widening;
  if (broken.length > 0) return `a stop at ${price} ${says}: ${brokenText(widening)}`;
  return widen ? null : `a stop at ${price} ${says}: say --widen if that is meant`;
}

/** Others see at once what the trade may lose from now on; a stop that comes nearer frees none of it. */
function withOpenRisk(book: Book, { openRisk }: Widening): Book {
  const { reservation } = book;
  if (reservation === null || decimal(openRisk).lte(decimal(reservation.openRisk))) return book;
  return { ...book, reservation: { ...reservation, openRisk } };
}

function trailRefusal(
  book: Book,
  by: Trail,
  { quote, increment, nowMs }: MoveMarket,
): string | null {
  const given = priceOf('amount' in by ? by.amount : by.fraction);
  if (given === null) return 'a trail is an amount, or a percentage, above zero';
  if ('fraction' in by && given.gte(1)) return 'a trail of 100 % or more never stops anything';
  if (increment === null) return NO_INCREMENT;
  const market = exitQuote(book.side, quote, nowMs) ?? viewOf(book).averageEntry;
  const distance = 'amount' in by ? given : given.mul(decimal(market ?? '0'));
  if (market !== null && distance.lt(decimal(increment))) {
    return `a trail of ${distance.toFixed()} is less than one tick (${increment})`;
  }
  if (market !== null && distance.gte(decimal(market))) {
    return `a trail of ${distance.toFixed()} is all of the price (${market})`;
  }
  return null;
}

function priceOf(value: string): Decimal | null {
  try {
    const price = decimal(value);
    return price.gt(0) ? price : null;
  } catch {
    return null;
  }
}

const NO_INCREMENT = "the contract's price increment is not known: the broker has not told it yet";

function tickRefusal(price: Decimal, increment: DecimalText | null): string | null {
  if (increment === null) return NO_INCREMENT;
  if (price.mod(decimal(increment)).isZero()) return null;
  return `${price.toFixed()} is off the tick: prices are multiples of ${increment}`;
}

/** The stop must stay below the target of a long, above that of a short, as both are wanted. */
function crossRefusal(book: Book, { exit, price }: MoveAsked): string | null {
  const other = exit === 'stop' ? 'target' : 'stop';
  const wish = book.wishes.moves[other];
  const standing = standingOf(book, other);
  const prices = isUndone(wish) ? [wish.price, standing] : [standing];
  const [stopFirst, long] = [exit === 'stop', book.side === 'BUY'];
  const crossed = prices.find((its) => {
    if (its === null) return false;
    const apart = decimal(its).sub(decimal(price));
    return stopFirst === long ? apart.lte(0) : apart.gte(0);
  });
  if (crossed === undefined || crossed === null) return null;
  return `a ${exit} at ${price} is not on its side of the ${other} at ${crossed}`;
}

function refusal(book: Book, reason: string): Wished {
  return { book, events: [], refusal: reason };
}
