/**
 * A fill that a status told of and whose execution never came, booked by a person (TRD-11). It counts like
 * the broker's own until that one comes after all: then it gives way to it, share by share, and no share
 * counts twice.
 */
import { decimal, sum, text, ZERO, type Decimal, type DecimalText } from '../money.js';
import { awaitsExecutions, workingQuantity } from '../orders/machine.js';
import type { OrderLeg } from '../orders/leg.js';
import type { EpochMs } from '../vocabulary.js';
import { legOf, withLeg, type Book, type BookFill, type Change, type Leg } from './book.js';
import { FOREIGN_EPOCH } from './adopt.js';
import { settleChanges } from './fact.js';
import { DECLARED_PREFIX } from './inferred.js';
import { placing } from './incarnation.js';
import { step, withIncarnation } from './leg.js';
import { FACTS_FOR_PERSON_MS } from './overdue.js';
import { nameOf } from './resolve.js';

/** As a person read it in the broker's own statement. */
export interface DeclaredFill {
  readonly quantity: DecimalText;
  /** The average, where there were several executions. */
  readonly price: DecimalText;
  readonly executedAtMs: EpochMs;
}

/** What a status told of beyond all executions that came. */
export function missingQuantity(leg: OrderLeg): Decimal {
  if (leg.reported === null || !awaitsExecutions(leg)) return ZERO;
  const own = leg.executions.filter(({ ofEarlier }) => !ofEarlier);
  return decimal(leg.reported.filled).sub(
    sum(own.map(({ toldQuantity }) => decimal(toldQuantity))),
  );
}

/** What a person types to book it; price and time are the person's to fill in. */
export function resolveCommand(tradeId: string, leg: Leg, quantity: DecimalText): string {
  const order = leg.clientOrderId;
  return `ballast resolve missing-fill ${tradeId} ${order} --quantity ${quantity} --price PRICE --at TIME`;
}

/** Why no fill of the order may be booked by hand now; null when one may. */
export function unbookable(leg: Leg, nowMs: EpochMs): string | null {
  const name = nameOf(leg);
  if (!awaitsExecutions(leg)) {
    return `no execution of the ${name} is missing: they tell of all that its status does`;
  }
  const sinceMs = leg.reported?.sinceMs ?? 0;
  if (nowMs - sinceMs < FACTS_FOR_PERSON_MS) {
    const untilText = new Date(sinceMs + FACTS_FOR_PERSON_MS).toISOString();
    return `the broker is still asked for the execution of the ${name}: wait until ${untilText}`;
  }
  if (workingQuantity(leg).gt(ZERO)) {
    return `the ${name} still works, and what comes next could not be told from what is missing: wait for its end, or cancel it`;
  }
  return null;
}

/** Why this can't be what is missing; null when it can. */
export function unfitting(
  leg: Leg,
  { quantity, price, executedAtMs }: DeclaredFill,
  nowMs: EpochMs,
): string | null {
  const missing = missingQuantity(leg);
  // Of a part nobody could tell which execution it is when the others come.
  if (!decimal(quantity).eq(missing)) {
    return `${text(missing)} of the ${nameOf(leg)} are missing, all of which must be booked at once, not ${quantity}`;
  }
  if (decimal(price).lte(ZERO)) return 'a price is above zero';
  if (executedAtMs > nowMs) return 'it can not have been filled in the future';
  const writtenAtMs = sentSinceMs(leg);
  if (executedAtMs < writtenAtMs) {
    return `it can not have been filled before it was sent, at ${new Date(writtenAtMs).toISOString()}`;
  }
  return null;
}

/** Since when it may have filled: its first write; of an exit that the database had lost nobody knows when. */
export function sentSinceMs({ incarnations }: Pick<Leg, 'incarnations'>): EpochMs {
  const times = incarnations.map(({ epoch, claimedAtMs }) =>
    epoch === FOREIGN_EPOCH ? 0 : claimedAtMs,
  );
  return Math.min(...times);
}

/** Books it. Ask `unbookable` and `unfitting` first. */
export function declareFill(
  book: Book,
  legId: string,
  { quantity, price, executedAtMs }: DeclaredFill,
  actor: string,
  nowMs: EpochMs,
): Change {
  const before = legOf(book, legId);
  const executionKey = `${DECLARED_PREFIX}${before.clientOrderId}-${book.fills.length}`;
  const executionId = executionKey;
  const execution = { executionId, executionKey, correction: 1, quantity, price } as const;
  const { symbol, brokerContractId = 0 } = book.instrument;
  const fill: BookFill = {
    ...{ ...execution, legId, superseded: false, inferred: true, symbol, brokerContractId },
    ...{ side: before.side, brokerOrderId: null, executedAtMs, receivedAtMs: nowMs },
    // None will come for it: the settlement needn't wait.
    ...{ commission: '0', commissionCurrency: null, brokerRealizedPnl: null },
  };
  const booked = withLeg(book, legId, (leg) =>
    ended(step(leg, { kind: 'executed', ...execution })),
  );
  const what = `${before.side} ${quantity} at ${price}`;
  const summary = `${before.role}: ${what} booked by ${actor}, its execution never came`;
  const detail = { role: before.role, quantity, price, executedAtMs };
  return {
    book: { ...booked, fills: [...booked.fills, fill] },
    events: [{ kind: 'resolved', summary, detail }],
  };
}

function ended(leg: Leg): Leg {
  const place = placing(leg);
  const marked = place ? withIncarnation(leg, place.n, { state: 'ENDED', missed: null }) : leg;
  return settleChanges(marked, false);
}
