/** A trade as its book tells it: state, sums and protection, for rows, people and workflows. */
import type { Book } from './book.js';
import { deriveTrade, type TradeView } from './derive.js';
import { isOver } from './is-over.js';
import { tradeLeg } from './leg.js';

export interface BookView extends TradeView {
  /** The trade has come to its end (is-over.ts). */
  readonly isOver: boolean;
}

/** Derives it; the same book gives the same view. */
export function viewOf(book: Book): BookView {
  const derived = deriveTrade(book.legs.map(tradeLeg), {
    side: book.side,
    beforeEntry: book.beforeEntry,
    closeRequested: book.wishes.close,
    isFlattened: (book.flattenedAtMs ?? null) !== null,
    stopPrice: book.exits.stopPrice,
    targetPrice: book.exits.targetPrice,
  });
  return { ...derived, isOver: isOver(book) };
}
