/**
 * What trades keep from others, compared with what their books ask for (RSK-2). Every change of a book ends with
 * its reservation, so nothing should be found here; what a restored backup, a stuck workflow or a mistake leaves
 * behind would keep money from every later signal, with nobody to see it.
 *
 *  1. A book that nothing has disturbed is never found, and one that was mended is not found again.
 *  2. Nothing is let go of a trade of which something may still fill, or whose result is not booked.
 *  3. At rest, with nothing found and account values newer than every fill, the cash that is kept is that of the
 *     shares which entries may still buy, and only trades that aren't over keep limits.
 */
import { decimal, max, min, text } from '../money.js';
import { entryOf, type Book, type Change, type Reservation } from '../trade/book.js';
import { isOver } from '../trade/is-over.js';
import { plannedReservation, reservationOf } from '../trade/reservation.js';
import { settle } from '../trade/settle.js';
import { wasTaken, withdraw } from '../trade/wishes.js';
import type { EpochMs } from '../vocabulary.js';
import { finding, type Finding } from './finding.js';

/** Twice the longest time that a setting lets an approved entry wait for its send: nothing sends it any more. */
export const UNSENT_MAX_MS = 2 * 3_600_000;
/** Settling waits a minute for commissions; a story that was killed is taken up again within seconds. */
export const UNSETTLED_MAX_MS = 30 * 60_000;

/** Why a reservation is not as it should be. */
export type LeakCause =
  /** More is kept than the book asks for. */
  | 'too_much'
  /** Less is: it was let go while something may still fill. */
  | 'too_little'
  /** A plan that nobody can send any more, of which nothing was ever sent. */
  | 'unsent'
  /** It is over, and its result was never booked. */
  | 'unsettled';

export interface Leak {
  readonly cause: LeakCause;
  /** As the book asks for it now. */
  readonly asked: Reservation;
}

/** What is wrong with a trade's reservation; null when nothing is, or it never had a plan. */
export function leakOf(book: Book, nowMs: EpochMs): Leak | null {
  const { reservation: kept } = book;
  const asked = askedOf(book, nowMs);
  if (asked === null) return null;
  if (kept === null) {
    // Without a row nothing of it can be sent, and what is over needs none to be settled.
    const needsNone = asked.phase === 'RELEASED' || isOver(book) || isUnsent(book, nowMs);
    return needsNone ? null : { cause: 'too_little', asked };
  }
  if (kept.phase !== asked.phase) {
    return { cause: rank(kept) > rank(asked) ? 'too_much' : 'too_little', asked };
  }
  if (kept.phase === 'RELEASED') return null;
  if (isUnsent(book, nowMs)) return { cause: 'unsent', asked };
  if (isUnsettled(book, nowMs)) return { cause: 'unsettled', asked };
  const amounts: readonly ('restingCash' | 'exposure' | 'openRisk' | 'cash')[] =
    kept.phase === 'CASH'
      ? ['restingCash', 'exposure', 'openRisk', 'cash']
      : ['restingCash', 'exposure', 'openRisk'];
  for (const amount of amounts) {
    const [keeps, should] = [decimal(kept[amount]), decimal(asked[amount])];
    if (!keeps.eq(should)) return { cause: keeps.gt(should) ? 'too_much' : 'too_little', asked };
  }
  const isWaiting = kept.phase === 'CASH' && kept.filledAtMs === null && asked.filledAtMs !== null;
  return isWaiting ? { cause: 'too_much', asked } : null;
}

/**
 * The same as each change of the book makes it, with the plan's amounts; of a trade whose row is gone, as if it were
 * there. Cash beyond what rests goes with the next account values.
 */
function askedOf(book: Book, nowMs: EpochMs): Reservation | null {
  const reservation = asPlanned(book);
  const asked = reservationOf({ ...book, reservation }, nowMs);
  if (asked === null || asked.phase !== 'CASH' || asked.filledAtMs !== null) return asked;
  const isBeyond = decimal(asked.cash).gt(decimal(asked.restingCash));
  return isBeyond ? { ...asked, filledAtMs: nowMs } : asked;
}

/** A wider stop risks more than was planned; values that show what was bought leave less of the cash. */
function asPlanned(book: Book): Reservation | null {
  const [kept, planned] = [book.reservation, plannedReservation(book)];
  if (kept === null || planned === null) return kept ?? planned;
  // An adoption spends nothing; what it keeps was converted when a person adopted the position, its plan was not.
  if (decimal(planned.cash).isZero()) return kept;
  const [cash, openRisk] = [decimal(kept.cash), decimal(kept.openRisk)];
  return {
    ...kept,
    cash: text(min(cash, decimal(planned.cash))),
    exposure: planned.exposure,
    openRisk: text(max(openRisk, decimal(planned.openRisk))),
  };
}

const RANKS = { RELEASED: 0, EXPOSURE: 1, CASH: 2 } as const;

function rank({ phase }: Reservation): number {
  return RANKS[phase];
}

function isUnsent(book: Book, nowMs: EpochMs): boolean {
  if (book.decided === null || wasTaken(book) || isOver(book)) return false;
  return nowMs - book.decided.decidedAtMs > UNSENT_MAX_MS;
}

function isUnsettled(book: Book, nowMs: EpochMs): boolean {
  const { closedAtMs, settledAtMs } = book;
  if (closedAtMs === null || settledAtMs !== null || !isOver(book)) return false;
  return nowMs - closedAtMs > UNSETTLED_MAX_MS;
}

/** What mends it, judged anew under the trade's lock; null when nothing is to be mended any more. */
export function mendReservation(book: Book, nowMs: EpochMs): Change | null {
  const leak = leakOf(book, nowMs);
  if (leak === null) return null;
  const told = { kind: 'reconciled', summary: summaryOf(book, leak) };
  const made = mended(book, leak, nowMs);
  return { book: made.book, events: [...made.events, told] };
}

function mended(book: Book, { cause, asked }: Leak, nowMs: EpochMs): Change {
  if (cause === 'unsent') return withdraw(book, 'its plan was never sent, and is too old to be');
  if (cause === 'unsettled') return settle(book, nowMs);
  return { book: { ...book, reservation: asked }, events: [] };
}

/** What differs, one finding for each trade. */
export function compareReservations(books: readonly Book[], nowMs: EpochMs): Finding[] {
  return books.flatMap((book) => {
    const leak = leakOf(book, nowMs);
    return leak === null ? [] : [findingOf(book, leak)];
  });
}

function findingOf(book: Book, leak: Leak): Finding {
  return finding({
    kind: leak.cause === 'too_little' ? 'reservation_short' : 'reservation_leaked',
    ...{ subject: book.id, symbol: book.symbol, tradeIds: [book.id] },
    ...{ books: keptText(book.reservation), broker: fillableText(book) },
    brokerContractId: book.instrument.brokerContractId ?? null,
    ...{ step: 'mend_reservation', summary: summaryOf(book, leak), why: WHY[leak.cause] },
  });
}

const WHY: Readonly<Record<LeakCause, string>> = {
  too_much: 'what is kept from others is what may still be bought, and what is held: no more',
  too_little: 'what may still fill must be counted, or others spend the same money',
  unsent:
    'nothing of it is at the broker, and its plan can not be sent any more: the next plan reserves anew',
  unsettled:
    'nothing of it is at the broker, and its executions say what it came to: that is booked now',
};

function summaryOf(book: Book, { cause, asked }: Leak): string {
  const { symbol, side } = book;
  const kept = `${side} ${symbol} keeps ${keptText(book.reservation)}`;
  switch (cause) {
    case 'too_much':
    case 'too_little':
      return `${kept}; its book asks for ${keptText(asked)}`;
    case 'unsent':
      return `${kept} for a plan that was never sent`;
    case 'unsettled':
      return `${kept}, and is over without a result`;
  }
}

function keptText(kept: Reservation | null): string {
  if (kept === null || kept.phase === 'RELEASED') return 'nothing';
  const { phase, cash, restingCash, exposure, openRisk } = kept;
  const limits = `exposure ${exposure} and risk ${openRisk}`;
  return phase === 'EXPOSURE' ? limits : `cash ${cash} (${restingCash} to be spent), ${limits}`;
}

/** What the broker may still fill of it, for people. */
function fillableText(book: Book): string {
  const entry = entryOf(book);
  if (entry === undefined || !wasTaken(book)) return 'nothing was sent';
  return isOver(book)
    ? 'nothing can fill'
    : `entry ${entry.status}, ${entry.filledQuantity} filled`;
}
