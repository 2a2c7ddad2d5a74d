/**
 * An execution of which a statement alone tells, a day late (REC-6). People, and the pictures of the broker, may have
 * settled meanwhile what its shares became. So it is taken only where the trade itself waits for it: where a status
 * told of shares without an execution, or an inferred fill stands in its place. Then nothing is counted twice.
 */
import { decimal, sum, text, type Decimal } from '../money.js';
import type { ExecutionReport } from '../broker/fact.js';
import type { Book, Change } from '../trade/book.js';
import { missingQuantity } from '../trade/declared-fill.js';
import { applyFact } from '../trade/fact.js';
import { countingFills } from '../trade/settle.js';
import type { EpochMs, Side } from '../vocabulary.js';

export type LateTaken =
  | { readonly kind: 'taken'; readonly change: Change }
  /** The trade has it by now. */
  | { readonly kind: 'known' }
  | { readonly kind: 'refused'; readonly why: string };

/** Lays it over the book as the inbox would, unless the trade would count shares that it does not wait for. */
export function takeLate(book: Book, report: ExecutionReport, nowMs: EpochMs): LateTaken {
  const { clientOrderId, executionKey, side, quantity } = report;
  const leg = book.legs.find((one) => one.clientOrderId === clientOrderId);
  if (leg === undefined || leg.side !== side) {
    return refused(`trade ${book.id} has no ${side} with the reference ${clientOrderId}`);
  }
  if (book.fills.some((fill) => fill.executionKey === executionKey)) return { kind: 'known' };
  const change = applyFact(book, { kind: 'execution', report, receivedAtMs: nowMs });
  const grown = filled(change.book, side).sub(filled(book, side));
  const missing = missingQuantity(leg);
  if (grown.lte(missing)) return { kind: 'taken', change };
  return refused(
    `its order waits for ${text(missing)} shares without an execution, and no inferred fill stands for ` +
      `these ${quantity}: "ballast reconcile" shows whether the position lacks them, "ballast resolve difference" settles it`,
  );
}

function refused(why: string): LateTaken {
  return { kind: 'refused', why };
}

function filled(book: Book, side: Side): Decimal {
  return sum(
    countingFills(book)
      .filter((fill) => fill.side === side)
      .map(({ quantity }) => decimal(quantity)),
  );
}
