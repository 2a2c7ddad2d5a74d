/**
 * What a hand did of the trades' shares between a split and its resolution: it is booked to them as they are carried
 * across, by its executions. Left to the next comparison, each trade would leave all of it to the others until then.
 */
import { decimal, max, min, sum, text, ZERO, type DecimalText } from '../../domain/money.js';
import type { Book } from '../../domain/trade/book.js';
import { signed } from '../../domain/trade/executions.js';
import { opposite } from '../../domain/vocabulary.js';
import { bookFills, provenFills, provenShares } from '../closed-outside.js';
import { loadBook } from '../book/load.js';
import type { Transaction } from '../database.js';
import { CannotResolveError, type Resolved } from './prepared.js';

/** A trade with the shares of now that it is to hold, in its direction. */
export interface CarriedShares {
  readonly book: Book;
  readonly shares: DecimalText;
}

/** What of it a hand has closed since. */
export interface ClosedByHand {
  readonly tradeId: string;
  readonly quantity: DecimalText;
  /** For people. */
  readonly told: string;
}

/**
 * Deals out to the trades, in their order, what is external in the other direction, as far as executions tell of it.
 * `external`: signed, in shares of now.
 */
export async function closedByHand(
  tx: Transaction,
  accountId: string,
  carried: readonly CarriedShares[],
  external: DecimalText,
): Promise<ClosedByHand[]> {
  const managed = sum(carried.map(({ book, shares }) => signed(book.side, shares)));
  const closed: ClosedByHand[] = [];
  let taken = ZERO;
  for (const { book, shares } of carried) {
    const { brokerContractId } = book.instrument;
    if (brokerContractId === undefined || !signed(book.side, '1').mul(managed).gt(0)) continue;
    const byOthers = min(signed(book.side, external).neg(), managed.abs());
    const proven = await provenShares(tx, accountId, book, brokerContractId);
    const quantity = min(decimal(shares), min(byOthers, proven).sub(taken));
    if (quantity.lte(ZERO)) continue;
    taken = taken.add(quantity);
    const left = text(max(ZERO, decimal(shares).sub(quantity)));
    const told = `trade ${book.id}: ${opposite(book.side)} ${text(quantity)} by orders that are not of this system is booked to it: ${left} of the ${shares} are left`;
    closed.push({ tradeId: book.id, quantity: text(quantity), told });
  }
  return closed;
}

/** Books it to trades that were carried across and are locked. @throws CannotResolveError when it isn't there any more */
export async function bookByHand(
  tx: Transaction,
  closed: readonly ClosedByHand[],
  nowMs: number,
): Promise<Resolved[]> {
  const done: Resolved[] = [];
  for (const { tradeId, quantity } of closed) {
    const { book, keys } = await loadBook(tx, tradeId);
    const { brokerContractId = 0 } = book.instrument;
    const fills = await provenFills(tx, keys.accountId, book, brokerContractId, decimal(quantity));
    const booked = sum(fills.map((fill) => decimal(fill.quantity)));
    if (!booked.eq(decimal(quantity)))
      throw new CannotResolveError(
        `executions tell of ${text(booked)} of the ${quantity} that were closed of trade ${tradeId}: nothing was changed; look again without --confirm`,
      );
    const { snapshot } = await bookFills(tx, book, keys, fills, nowMs);
    done.push({ tradeId, snapshot });
  }
  return done;
}
