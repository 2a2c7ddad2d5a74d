/**
 * An execution of others that comes after a position, or a person, had told what it did: it takes the place
 * of what was concluded, share by share, and no share counts twice (REC-2).
 */
import { decimal, min, text, ZERO, type Decimal } from '../money.js';
import { opposite, type EpochMs, type Side } from '../vocabulary.js';
import { legOf, type Book, type BookFill, type Change, type TimelineEvent } from './book.js';
import {
  bookOutside,
  firstFillAtMs,
  GONE_PREFIX,
  outsideFills,
  type OutsideExecution,
} from './closed-outside.js';
import { reducedFill } from './inferred.js';

/** An execution that is told for the first time; all of it is left. */
export type LateExecution = OutsideExecution & { readonly side: Side };

export interface Placed extends Change {
  /** Shares of the execution that the trade has taken. */
  readonly taken: Decimal;
}

/** Fills that were concluded, and that the execution may be: what was done later is no part of them. */
export function concludedFills(
  book: Book,
  { side, executedAtMs }: Pick<LateExecution, 'side' | 'executedAtMs'>,
): BookFill[] {
  if (side !== opposite(book.side) || executedAtMs < firstFillAtMs(book)) return [];
  return book.fills.filter(
    ({ executionKey, superseded, executedAtMs: concludedAtMs }) =>
      !superseded && executionKey.startsWith(GONE_PREFIX) && executedAtMs <= concludedAtMs,
  );
}

/** Puts the execution in the place of what was concluded, the oldest first. */
export function takePlace(book: Book, execution: LateExecution, nowMs: EpochMs): Placed {
  let [now, taken]: [Book, Decimal] = [book, ZERO];
  const events: TimelineEvent[] = [];
  for (const fill of concludedFills(book, execution)) {
    const left = decimal(execution.left).sub(taken);
    const share = min(left, decimal(fill.quantity));
    if (share.lte(ZERO)) break;
    const { sequence } = legOf(now, fill.legId);
    const { side: _, ...told } = execution;
    const reports = outsideFills(share, [{ ...told, left: text(left) }], now, sequence);
    const change = bookOutside(reducedFill(now, fill, share), fill.legId, reports, nowMs);
    events.push(...change.events);
    now = change.book;
    taken = taken.add(share);
  }
  return { book: now, events, taken };
}
