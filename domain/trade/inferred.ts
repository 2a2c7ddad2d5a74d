/**
 * A fill that only the position shows: its execution was lost, and the broker lists it no more. It
 * is booked at the order's own price and marked, until the broker's own report of it comes.
 */
import { decimal, min, text, type Decimal, type DecimalText } from '../money.js';
import type { EpochMs, LegRole } from '../vocabulary.js';
import { legOf, withLeg, type Book, type BookFill, type Change, type Leg } from './book.js';
import { placing } from './incarnation.js';
import { step, withIncarnation } from './leg.js';

/** What the keys of fills begin with that a person booked (`declared-fill.ts`): which order it was is known. */
export const DECLARED_PREFIX = 'declared-';

/** What the order would have filled at; null for a market order, whose price nobody knows. */
export function inferredPrice({ readBack, wanted }: Leg): DecimalText | null {
  const terms = readBack ?? wanted;
  return terms.limitPrice ?? terms.stopPrice;
}

/**
 * Books the fill. `alsoFits`: the orders that it may have been as well, for people.
 * @throws when the order has no price: ask `inferredPrice` first
 */
export function inferFill(
  book: Book,
  legId: string,
  quantity: DecimalText,
  nowMs: EpochMs,
  alsoFits: readonly LegRole[] = [],
): Change {
  const leg = legOf(book, legId);
  const price = inferredPrice(leg);
  if (price === null) throw new Error(`${leg.role} has no price to infer a fill at`);
  const executionKey = `inferred-${leg.clientOrderId}-${leg.filledQuantity}`;
  const executionId = executionKey;
  const execution = { executionId, executionKey, correction: 1, quantity, price } as const;
  const { symbol, brokerContractId = 0 } = book.instrument;
  const fill: BookFill = {
    ...{ ...execution, legId, superseded: false, inferred: true, symbol, brokerContractId },
    ...{ side: leg.side, brokerOrderId: null, executedAtMs: nowMs, receivedAtMs: nowMs },
    ...{ commission: null, commissionCurrency: null, brokerRealizedPnl: null },
  };
  const booked = withLeg(book, legId, (now) => {
    const filled = step(now, { kind: 'executed', ...execution });
    const place = placing(filled);
    return place ? withIncarnation(filled, place.n, { state: 'ENDED', missed: null }) : filled;
  });
  const doubt = alsoFits.length > 0 ? `; it may have been ${alsoFits.join(' or ')}` : '';
  const summary = `${leg.role}: ${leg.side} ${quantity} at ${price}, inferred from the position${doubt}`;
  const detail = { role: leg.role, quantity, price, alsoFits };
  return {
    book: { ...booked, fills: [...booked.fills, fill] },
    events: [{ kind: 'fill_inferred', summary, detail }],
  };
}

/**
 * Takes inferred fills back share by share for so many shares as the broker's own report tells of: what was
 * filled never jumps between the reports of one fill. Those of the leg itself go first, then those of the
 * exits of its OCA group: one of them filled, and the position never told which. The newest goes first. Of
 * what a status told of, and a person booked, the order is known: no partner's report takes its place. Last go
 * the `concluded` ones: closes by others that a position, or a person, told of, and that this may have been.
 */
export function withoutInferred(
  book: Book,
  legId: string,
  reported: Decimal,
  concluded: readonly BookFill[],
): Book {
  const newestFirst = book.fills.filter(({ inferred, superseded }) => inferred && !superseded);
  newestFirst.reverse();
  const partners = new Set(partnersOf(book, legId));
  const own = newestFirst.filter((fill) => fill.legId === legId);
  const ofPartners = newestFirst.filter(
    ({ legId: of, executionKey }) => partners.has(of) && !executionKey.startsWith(DECLARED_PREFIX),
  );
  let left = reported;
  let next = book;
  for (const fill of [...own, ...ofPartners, ...concluded]) {
    if (left.lte(0)) break;
    const taken = min(left, decimal(fill.quantity));
    next = reducedFill(next, fill, taken);
    left = left.sub(taken);
  }
  return next;
}

/** The other legs of its OCA group and side: only one of them all fills. */
function partnersOf(book: Book, legId: string): string[] {
  const leg = legOf(book, legId);
  // A broker may give the group another name than it was sent with.
  const groups = [leg.wanted.ocaGroup, leg.readBack?.ocaGroup ?? null];
  const isOfGroup = ({ wanted, readBack }: Leg) =>
    [wanted.ocaGroup, readBack?.ocaGroup ?? null].some(
      (group) => group !== null && groups.includes(group),
    );
  return book.legs
    .filter((other) => other !== leg && other.side === leg.side && isOfGroup(other))
    .map((other) => other.legId);
}

/** The book with so many shares of an inferred fill taken back; of none left no row stands any more. */
export function reducedFill(book: Book, fill: BookFill, by: Decimal): Book {
  const { executionKey, price } = fill;
  const correction = fill.correction + 1;
  const quantity = text(decimal(fill.quantity).sub(by));
  const executionId = `${executionKey}.${correction}`;
  const fills = book.fills.map((other) => (other === fill ? { ...fill, superseded: true } : other));
  const rest = quantity === '0' ? [] : [{ ...fill, executionId, correction, quantity }];
  return withLeg({ ...book, fills: [...fills, ...rest] }, fill.legId, (leg) =>
    step(leg, {
      kind: 'executionCorrected',
      ...{ executionId, executionKey, correction, quantity, price },
    }),
  );
}
