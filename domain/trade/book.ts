/**
 * The book of a trade: everything that is known and wanted of it, as one immutable value. It is changed
 * only by the pure functions beside this file, which give the next book and what to tell of the change;
 * orders change only through the order machine. Plain JSON: decimals are text, instants epoch ms.
 *
 * Invariants, quoted by the property tests:
 *  1. A leg that the broker has shown is never NEW again; a child that was refused with its parent may be.
 *  2. A leg's filled quantity is the sum of its executions that count.
 *  3. A leg has at most one open incarnation, and none while it is NEW.
 *  4. The reservation is held while an incarnation that could open risk is open, and while the trade is
 *     not over.
 *  5. A verdict about an incarnation that has moved on changes nothing.
 *  6. A fact that was applied before changes nothing.
 *  7. A book that is over has no live leg, no open incarnation and nothing held.
 */
import type { OrderLeg } from '../orders/leg.js';
import type { OrderTerms } from '../orders/terms.js';
import type { DecimalText } from '../money.js';
import type { BracketPlan, ReservationAmounts } from '../risk/plan.js';
import type { EpochMs, Instrument, LegRole, Side } from '../vocabulary.js';
import { goesAlone } from './bracket.js';
import type { LedgerRates } from './commissions.js';
import type { Incarnation } from './incarnation.js';
import type { Moves } from './moves.js';
import type { BeforeEntryState } from './states.js';

/** One leg: its order as the machine knows it, its terms, and every write of it. */
export interface Leg extends OrderLeg {
  readonly clientOrderId: string;
  /** 1 for the first of its role; repairs count up. */
  readonly sequence: number;
  /** As this system wants it; a modification counts once the broker has shown it. */
  readonly wanted: OrderTerms;
  /** As the broker last read it back; null before it did. */
  readonly readBack: OrderTerms | null;
  /** The broker's own word, for people. */
  readonly brokerStatus: string | null;
  /** Oldest first. */
  readonly incarnations: readonly Incarnation[];
  readonly acknowledgedAtMs: EpochMs | null;
}

/** One report of an execution; a later correction supersedes it. */
export interface BookFill {
  readonly legId: string;
  readonly executionId: string;
  readonly executionKey: string;
  readonly correction: number;
  readonly superseded: boolean;
  /** Concluded from a position, not reported by the broker. */
  readonly inferred: boolean;
  readonly symbol: string;
  readonly brokerContractId: number;
  readonly side: Side;
  readonly quantity: DecimalText;
  readonly price: DecimalText;
  readonly brokerOrderId: string | null;
  readonly executedAtMs: EpochMs;
  readonly receivedAtMs: EpochMs;
  /** Null while the broker has not told it. */
  readonly commission: DecimalText | null;
  readonly commissionCurrency: string | null;
  /** The contract's currency per unit of that one, of when it was booked; none where they are the same, or not known. */
  readonly commissionRate?: DecimalText | null;
  readonly brokerRealizedPnl: DecimalText | null;
}

export interface WantedExits {
  /** The prices the exits should have now, as approved; null before a plan. */
  readonly stopPrice: DecimalText | null;
  readonly targetPrice: DecimalText | null;
  /** They were moved to the average fill, once. */
  readonly reanchored: boolean;
  /** The live exits were read back and found as wanted. */
  readonly verified: boolean;
}

/** What people, or the trade's own clock, want of it. */
export interface Wishes {
  /** Why a close was asked for (`manual`, `max_holding`, `session_end` …); null if not. */
  readonly close: string | null;
  readonly cancelEntry: boolean;
  /** Where the exits are wanted, of an open trade (TRD-5). */
  readonly moves: Moves;
}

/** What the trade keeps from others (RSK-2). */
export interface Reservation extends ReservationAmounts {
  /** CASH: money too; EXPOSURE: limits only; RELEASED: nothing. */
  readonly phase: 'CASH' | 'EXPOSURE' | 'RELEASED';
  /** What of the cash is for shares that may still be bought. */
  readonly restingCash: DecimalText;
  /** Older account values include nothing of what was bought; null while nothing was. */
  readonly filledAtMs: EpochMs | null;
}

/** The recorded decision that the trade runs by. */
export interface Decided {
  readonly decisionId: string;
  readonly verdict: 'approved' | 'denied';
  /** By the clock that its checks were made by. */
  readonly decidedAtMs: EpochMs;
}

/** What the trade came to: kept up to date once it was settled. */
export interface Result {
  readonly grossPnl: DecimalText;
  readonly commission: DecimalText;
  readonly realizedPnl: DecimalText;
  readonly rMultiple: DecimalText | null;
}

export interface Book {
  readonly id: string;
  /** The broker's id of the account. */
  readonly account: string;
  readonly side: Side;
  readonly symbol: string;
  /** As the broker resolved it. */
  readonly instrument: Instrument;
  /** Of the account's ledger, as of the last values; absent where nobody has read it. */
  readonly rates?: LedgerRates;
  /** Null before a decision, and once a plan was withdrawn. */
  readonly decided: Decided | null;
  /** The newest approved plan, also once it was withdrawn: what the legs were made by. */
  readonly plan: BracketPlan | null;
  /** The state while, or because, nothing was ever sent. */
  readonly beforeEntry: BeforeEntryState;
  readonly exits: WantedExits;
  readonly wishes: Wishes;
  /** In order of creation: entry, stop, target, then repairs. */
  readonly legs: readonly Leg[];
  /** In order of booking. */
  readonly fills: readonly BookFill[];
  readonly reservation: Reservation | null;
  /** Since when shares are held without enough armed stops; null when they are covered. */
  readonly unarmedSinceMs: EpochMs | null;
  /** When a sale for want of a stop was claimed, the first of the newest such time; absent or null: none was. */
  readonly flattenedAtMs?: EpochMs | null;
  readonly openedAtMs: EpochMs | null;
  readonly closedAtMs: EpochMs | null;
  /** For people: what went wrong, if anything did. */
  readonly failure: string | null;
  /** When lots and result were booked; null while the trade isn't settled. */
  readonly settledAtMs: EpochMs | null;
  readonly result: Result | null;
}

/** A line of the trade's timeline. */
export interface TimelineEvent {
  readonly kind: string;
  readonly summary: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** What a function makes of a book. Nothing happened when it is the same book and there are no events. */
export interface Change {
  readonly book: Book;
  readonly events: readonly TimelineEvent[];
}

/** A change that changes nothing; `note` says why, for the log. */
export interface Unchanged extends Change {
  readonly note: string;
}

/** The book as it was, with the reason. */
export function unchanged(book: Book, note: string): Unchanged {
  return { book, events: [], note };
}

/** Applies changes one after the other, and gives all that they tell. */
export function inTurn(book: Book, ...steps: readonly ((book: Book) => Change)[]): Change {
  return steps.reduce<Change>(
    (done, step) => {
      const next = step(done.book);
      return { book: next.book, events: [...done.events, ...next.events] };
    },
    { book, events: [] },
  );
}

/** The leg of that id. @throws when the book has none: ids come from the book itself. */
export function legOf(book: Book, legId: string): Leg {
  const leg = book.legs.find((candidate) => candidate.legId === legId);
  if (!leg) throw new Error(`trade ${book.id} has no leg ${legId}`);
  return leg;
}

/** The entry; undefined before a plan. */
export function entryOf(book: Book): Leg | undefined {
  return book.legs.find((leg) => leg.role === 'ENTRY');
}

/** The legs that are sent with the entry, as one bracket. */
export function bracketOf(book: Book): Leg[] {
  if (goesAlone(book)) return book.legs.filter(({ role }) => role === 'ENTRY');
  return book.legs.filter(
    (leg) => leg.sequence === 1 && leg.role !== 'CLOSE' && !isLeftOver(book, leg),
  );
}

/** A target of a plan that was withdrawn unsent, and that the newest one does without: its shares and price are of before. */
function isLeftOver({ plan }: Book, { role, intent }: Leg): boolean {
  return role === 'TARGET' && intent === 'NEW' && plan !== null && plan.targetPrice === null;
}

/** The book with one leg replaced by what `change` makes of it. */
export function withLeg(book: Book, legId: string, change: (leg: Leg) => Leg): Book {
  const legs = book.legs.map((leg) => (leg.legId === legId ? change(leg) : leg));
  return { ...book, legs };
}

/** The next number of a role: 1 for the first. */
export function nextSequence(book: Book, role: LegRole): number {
  const used = book.legs.filter((leg) => leg.role === role).map(({ sequence }) => sequence);
  return 1 + Math.max(0, ...used);
}
