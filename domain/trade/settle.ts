/** What a trade came to: lots, result and R multiple from its executions (TRD-8). */
import { adjustmentOf, bookLots, rMultiple, type Fill, type LotBook } from '../lots.js';
import { decimal, moneyText, text } from '../money.js';
import {
  unchanged,
  type Book,
  type BookFill,
  type Change,
  type Result,
  type Unchanged,
} from './book.js';
import { countedCommission, uncountedText } from './commissions.js';
import { heldQuantity } from './exposure.js';
import { isOver } from './is-over.js';

/** Executions that count, oldest first. */
export function countingFills(book: Book): BookFill[] {
  return book.fills
    .filter(({ superseded }) => !superseded)
    .map((fill, index) => ({ fill, index }))
    .sort((a, b) => a.fill.executedAtMs - b.fill.executedAtMs || a.index - b.index)
    .map(({ fill }) => fill);
}

/** Lots and P&L from the executions as they are now; null when nothing was ever filled. */
export function lotsOf(book: Book): LotBook | null {
  const fills: Fill[] = countingFills(book).map((fill) => ({
    ...fill,
    commission: countedCommission(book, fill),
  }));
  return fills.length === 0 ? null : bookLots(fills);
}

/** Executions that count and whose commission has not come. */
export function missingCommissions(book: Book): number {
  return countingFills(book).filter(
    ({ commission, quantity }) => commission === null && decimal(quantity).gt(0),
  ).length;
}

export interface Settled extends Change {
  /** Null when nothing was filled. */
  readonly lots: LotBook | null;
  /** For people: `BUY 40 AAPL: 12.30 after commissions`. */
  readonly summary: string;
}

/**
 * Books the result of a trade that is over; again gives the same. One that isn't over is left as it is
 * (T1): shares that came back while it was waited for commissions must be protected first.
 */
export function settle(book: Book, nowMs: number): Settled | Unchanged {
  if (!isOver(book)) return unchanged(book, 'the trade is not over');
  const lots = lotsOf(book);
  const summary = summaryOf(book, lots);
  const isFirst = book.settledAtMs === null;
  const events = isFirst ? [{ kind: 'settled', summary }] : [];
  const result = lots && resultOf(book, lots);
  const settledAtMs = book.settledAtMs ?? nowMs;
  return { book: { ...book, result, settledAtMs }, events, lots, summary };
}

/**
 * What came after the trade was settled (a commission, a correction, a bust) is booked as an adjustment
 * (TRD-12). A trade that is taken up again has no result until it is settled anew at its end.
 */
export function adjust(before: Book, book: Book): Change {
  if (book.settledAtMs === null) return { book, events: [] };
  if (!isOver(book)) return withdrawn(book);
  const [old, now] = [lotsOf(before), lotsOf(book)];
  if (old === null || now === null || adjustmentOf(old, now) === null) return { book, events: [] };
  const without = uncountedText(book, countingFills(book));
  const summary = `result adjusted from ${old.realizedPnl} to ${now.realizedPnl}${without}`;
  const detail = { ...adjustmentOf(old, now) };
  const events = [{ kind: 'adjusted', summary, detail }];
  return { book: { ...book, result: resultOf(book, now) }, events };
}

function withdrawn(book: Book): Change {
  const next = { ...book, result: null, settledAtMs: null };
  if (book.result === null) return { book: next, events: [] };
  const { realizedPnl } = book.result;
  const summary = `result withdrawn, it was ${realizedPnl}: ${heldAgainText(book)}`;
  return { book: next, events: [{ kind: 'adjusted', summary, detail: { was: realizedPnl } }] };
}

/** For people: why a trade that was over is not any more. */
export function heldAgainText({ legs, side }: Book): string {
  const held = heldQuantity(legs, side);
  if (held.isZero()) return 'an order of it is not done';
  if (held.lt(0)) return `${text(held.neg())} shares more were closed than it held`;
  return `${text(held)} shares are held again`;
}

function resultOf({ plan }: Book, lots: LotBook): Result {
  const { grossPnl, commission, realizedPnl } = lots;
  const risk = plan?.approvedRisk ?? null;
  const multiple = risk === null ? null : rMultiple(realizedPnl, risk);
  return { grossPnl, commission, realizedPnl, rMultiple: multiple };
}

function summaryOf(book: Book, lots: LotBook | null): string {
  if (lots === null) return `${book.side} ${book.symbol}: nothing was filled`;
  const entered = book.legs.filter(({ role }) => role === 'ENTRY');
  const filled = entered.map(({ filledQuantity }) => filledQuantity).join(' + ');
  const net = moneyText(decimal(lots.realizedPnl));
  return `${book.side} ${filled} ${book.symbol}: ${net} after commissions${uncountedText(book, countingFills(book))}`;
}
