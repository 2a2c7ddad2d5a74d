/** From what was booked to what counts for a leg, and what it does to a position. */
import type { BookedExecution } from '../orders/leg.js';
import { decimal, max, text, ZERO, type Decimal, type DecimalText } from '../money.js';
import type { Side } from '../vocabulary.js';
import type { Book, BookFill } from './book.js';
import { isReplaced, placing, type Incarnation } from './incarnation.js';

/**
 * A leg's executions that count, each with the most that any report of it told. `incarnations`: the leg's,
 * for an order that another one has replaced is told by its durable id.
 */
export function fillsToExecutions(
  fills: readonly BookFill[],
  incarnations: readonly Incarnation[],
): BookedExecution[] {
  return fills
    .filter(({ superseded }) => !superseded)
    .map(({ executionId, executionKey, correction, quantity, price, brokerOrderId }) => {
      const reports = fills.filter((other) => other.executionKey === executionKey);
      const told = max(ZERO, ...reports.map((report) => decimal(report.quantity)));
      const toldQuantity = text(told);
      const execution = { executionId, executionKey, correction, quantity, price, toldQuantity };
      const isEarlier = isOfEarlierOrder({ incarnations }, brokerOrderId);
      return isEarlier ? { ...execution, ofEarlier: true } : execution;
    });
}

/** Whether an order that has this durable id was replaced by another one of the same reference. */
function isOfEarlierOrder(
  leg: { readonly incarnations: readonly Incarnation[] },
  brokerOrderId: string | null,
): boolean {
  if (brokerOrderId === null) return false;
  const present = placing(leg);
  const places = leg.incarnations.filter(
    ({ kind, brokerOrderIds }) => kind === 'place' && brokerOrderIds.includes(brokerOrderId),
  );
  return places.length > 0 && places.every((place) => isReplaced(place, present));
}

/** What a position becomes by a fill. */
export interface PositionMove {
  readonly symbol: string;
  readonly brokerContractId: number;
  /** Signed. */
  readonly change: DecimalText;
  readonly price: DecimalText;
}

/** How a change of the book moves its position: fills that came to count, and those that ceased to. */
export function positionMoves(before: Book, after: Book): PositionMove[] {
  const counting = (book: Book) =>
    new Map(
      book.fills.filter(({ superseded }) => !superseded).map((fill) => [fill.executionKey, fill]),
    );
  const [was, is] = [counting(before), counting(after)];
  const keys = [...was.keys(), ...[...is.keys()].filter((key) => !was.has(key))];
  return keys.flatMap((key) => {
    const [old, now] = [was.get(key), is.get(key)];
    const change = signedOf(now).sub(signedOf(old));
    if (change.isZero()) return [];
    const { symbol, brokerContractId, price } = (now ?? old)!;
    return [{ symbol, brokerContractId, change: text(change), price }];
  });
}

function signedOf(fill: BookFill | undefined): Decimal {
  return fill ? signed(fill.side, fill.quantity) : ZERO;
}

/** A quantity with the sign of its side. */
export function signed(side: Side, quantity: DecimalText): Decimal {
  return side === 'BUY' ? decimal(quantity) : decimal(quantity).neg();
}

export interface Held {
  /** Signed. */
  readonly quantity: DecimalText;
  readonly averageCost: DecimalText;
}

/** 8 decimals: what the column keeps. */
const COST_DECIMALS = 8;

/** The position after a move: growing averages its cost, shrinking keeps it, crossing zero starts anew. */
export function movedPosition(held: Held, { change, price }: PositionMove): Held {
  const before = decimal(held.quantity);
  const after = before.add(decimal(change));
  const cost = costAfter(before, decimal(held.averageCost), decimal(change), decimal(price));
  return { quantity: text(after), averageCost: text(cost) };
}

function costAfter(before: Decimal, cost: Decimal, change: Decimal, price: Decimal): Decimal {
  const after = before.add(change);
  if (after.isZero()) return ZERO;
  if (before.isZero() || before.isNeg() !== after.isNeg()) return price;
  if (before.isNeg() !== change.isNeg()) return cost;
  return before.mul(cost).add(change.mul(price)).div(after).toDecimalPlaces(COST_DECIMALS);
}
