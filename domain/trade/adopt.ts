/**
 * Exits that this system placed and its database lost: a restored backup knows the trade, and not what was
 * placed for it since (REC-3). By their references they are the trade's own: taken into its book as they
 * stand at the broker, so that no second ones are placed beside them, and none is left in no book.
 */
import type { ExecutionReport, OrderReport } from '../broker/fact.js';
import { sum, decimal, text } from '../money.js';
import { newLeg } from '../orders/machine.js';
import { ENDED } from '../orders/table.js';
import type { OrderTerms } from '../orders/terms.js';
import { opposite, type EpochMs, type LegRole } from '../vocabulary.js';
import { exitTerms } from './bracket.js';
import { nextSequence, unchanged, type Book, type Change, type Unchanged } from './book.js';
import type { Incarnation } from './incarnation.js';
import { step } from './leg.js';

/** An entry is never taken over: its trade's own story begins with it, and what it risks was approved there. */
const ADOPTED_ROLES = ['STOP', 'TARGET', 'CLOSE'] as const satisfies readonly LegRole[];

/** A trade's exits are replaced a few times in its life; more since a backup must be looked at by a person. */
const SEQUENCES_AHEAD = 12;

/** The lease of an adopted exit's placing: none that this database gave. */
export const FOREIGN_EPOCH = '0';

export interface Place {
  readonly role: LegRole;
  readonly sequence: number;
}

/** What the broker tells of one reference. */
export interface Sighting {
  readonly orders: readonly OrderReport[];
  readonly executions: readonly ExecutionReport[];
}

/** The exits that the book lacks and that may have been placed since it was saved: the next ones of each role. */
export function placesAhead(book: Book): Place[] {
  return ADOPTED_ROLES.flatMap((role) => {
    const first = nextSequence(book, role);
    return Array.from({ length: SEQUENCES_AHEAD }, (_, ahead) => ({
      role,
      sequence: first + ahead,
    }));
  });
}

/**
 * Takes the exit into the book as the broker shows it; its state and fills are for the facts that follow.
 * What lives at the broker is younger than the book: the prices wanted from now on are its prices.
 * Unchanged when the book has it, or when the broker tells nothing that says what it is.
 */
export function adoptExit(
  book: Book,
  place: Place & { readonly legId: string; readonly clientOrderId: string },
  seen: Sighting,
  at: { readonly nowMs: EpochMs; readonly generation: number; readonly brokerDay: string },
): Change | Unchanged {
  const { legId, clientOrderId, role, sequence } = place;
  if (book.legs.some((leg) => leg.clientOrderId === clientOrderId))
    return unchanged(book, 'the book has it');
  const living = seen.orders.find(({ status, terms }) => terms !== null && !ENDED.has(status));
  const read = living ?? seen.orders.find(({ terms }) => terms !== null);
  const told = read ?? seen.executions[0];
  const terms = termsOf(book, read, seen);
  if (told === undefined || terms === null || terms.side !== opposite(book.side))
    return unchanged(book, 'nothing tells what it is');
  const incarnation: Incarnation = {
    ...{ n: 1, kind: 'place', state: 'SHOWN', terms, idRefused: false, missed: null },
    ...{ sessionOrderId: told.sessionOrderId, sessionClientId: told.sessionClientId },
    brokerOrderIds: told.brokerOrderId === null ? [] : [told.brokerOrderId],
    // Written in some session before this one: whoever did it is fenced, and its absence proves what any does.
    ...{ epoch: FOREIGN_EPOCH, generation: at.generation - 1, brokerDay: at.brokerDay },
    ...{ groupKey: `adopted-${clientOrderId}`, claimedAtMs: at.nowMs, writtenAtMs: at.nowMs },
  };
  const leg = step(
    {
      ...newLeg({ legId, role, side: terms.side, quantity: terms.quantity }),
      ...{ clientOrderId, sequence, wanted: terms, readBack: null, brokerStatus: null },
      ...{ incarnations: [incarnation], acknowledgedAtMs: at.nowMs },
    },
    { kind: 'sendStarted' },
  );
  const summary = `${role} ${terms.quantity} was placed by this system and is not in its database, which is older: taken over as the broker shows it`;
  return {
    book: {
      ...book,
      legs: [...book.legs, leg],
      exits: living ? pricesOf(book, role, terms) : book.exits,
    },
    events: [{ kind: 'adopted_exit', summary, detail: { role, sequence, clientOrderId, terms } }],
  };
}

/** As read back; of an order that only executions tell of, what they are together. */
function termsOf(
  book: Book,
  read: OrderReport | undefined,
  { executions }: Sighting,
): OrderTerms | null {
  if (read) return read.terms;
  if (executions.length === 0) return null;
  const counting = new Map<string, ExecutionReport>();
  for (const execution of executions) {
    const known = counting.get(execution.executionKey);
    if ((known?.correction ?? 0) < execution.correction)
      counting.set(execution.executionKey, execution);
  }
  const quantity = text(sum([...counting.values()].map((counted) => decimal(counted.quantity))));
  return exitTerms(opposite(book.side), quantity, null);
}

function pricesOf({ exits }: Book, role: LegRole, terms: OrderTerms): Book['exits'] {
  if (role === 'STOP' && terms.stopPrice !== null) return { ...exits, stopPrice: terms.stopPrice };
  if (role === 'TARGET' && terms.limitPrice !== null)
    return { ...exits, targetPrice: terms.limitPrice };
  return exits;
}
