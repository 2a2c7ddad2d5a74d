/**
 * What a trade keeps from others, and for how long (RSK-2): the one place where a reservation ends.
 * Money is held from the plan until the account's values include what was bought; limits until the trade
 * is settled; nothing is let go while a write is open, for it may yet open a position.
 */
import { decimal, max, text, ZERO, type DecimalText } from '../money.js';
import { entryOf, type Book, type Reservation } from './book.js';
import { isOpen } from './incarnation.js';
import { isOver } from './is-over.js';
import { entryMayFill } from './wishes.js';

/** As an approval writes it down: all of the plan, of which nothing is bought; null without a plan. */
export function plannedReservation({ plan }: Book): Reservation | null {
  if (plan === null) return null;
  const column = (amount: DecimalText) => text(decimal(amount).toDecimalPlaces(CASH_DECIMALS));
  const { cash, exposure, openRisk } = plan.reservation;
  return {
    ...{ phase: 'CASH', cash: column(cash), restingCash: column(cash), filledAtMs: null },
    ...{ exposure: column(exposure), openRisk: column(openRisk) },
  };
}

/** The reservation as the book now asks for it; null when the trade never had one. */
export function reservationOf(book: Book, nowMs: number): Reservation | null {
  const { reservation } = book;
  if (reservation === null) return null;
  const restingCash = restingCashOf(book);
  const bought = !decimal(restingCash).eq(decimal(reservation.restingCash));
  const filledAtMs = bought && hasFills(book) ? nowMs : reservation.filledAtMs;
  const phase = phaseOf(book, reservation, restingCash);
  // Shares that turn out not to have been bought may be bought again: for more than was left.
  const isShort = phase === 'CASH' && decimal(reservation.cash).lt(decimal(restingCash));
  const cash = isShort ? restingCash : reservation.cash;
  return { ...reservation, phase, cash, restingCash, filledAtMs };
}

function phaseOf(book: Book, { phase }: Reservation, restingCash: string): Reservation['phase'] {
  if (mustHold(book)) {
    // An entry that counted as ended, and shows up again, may spend what was let go with it.
    const maySpend = entryMayFill(book) && !decimal(restingCash).isZero();
    if (maySpend) return 'CASH';
    return phase === 'RELEASED' ? 'EXPOSURE' : phase;
  }
  return mayRelease(book) ? 'RELEASED' : phase;
}

/** Something is, or may come to be, at the broker. */
function mustHold(book: Book): boolean {
  const open = book.legs.some(({ incarnations }) => incarnations.some(isOpen));
  const sent = book.legs.some(({ intent }) => intent === 'SENT');
  return open || (sent && !isOver(book));
}

/** Nothing of it was ever sent and its plan is gone; or it is over, and what it came to is booked. */
function mayRelease(book: Book): boolean {
  if (isOver(book)) return book.settledAtMs !== null || !hasFills(book);
  const unsent = book.legs.every(({ intent }) => intent === 'NEW');
  return unsent && book.decided === null;
}

function hasFills(book: Book): boolean {
  return book.fills.length > 0;
}

/** The cash for shares that the entry may still buy: all of it before the first fill, none at its end. */
function restingCashOf(book: Book): string {
  const entry = entryOf(book);
  const planned = decimal(book.plan?.reservation.cash ?? book.reservation!.cash);
  // A converted amount has more decimals than are kept.
  const cash = planned.toDecimalPlaces(CASH_DECIMALS);
  if (entry === undefined || !hasFills(book)) return text(cash);
  if (!entryMayFill(book)) return '0';
  const quantity = decimal(book.plan?.quantity ?? entry.quantity);
  const rest = max(ZERO, quantity.sub(decimal(entry.filledQuantity)));
  return text(cash.mul(rest).div(quantity).toDecimalPlaces(CASH_DECIMALS));
}

/** What the column keeps. */
const CASH_DECIMALS = 8;
