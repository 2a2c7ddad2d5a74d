/**
 * Stops that a release lets go again: at prices of before a split they would sell at once (REC-5). Whether one does
 * is judged by the market before it is released, for nothing at the broker asks again.
 */
import type { Book } from '../../domain/trade/book.js';
import { marketRefusal } from '../../domain/trade/moves.js';
import { viewOf } from '../../domain/trade/view.js';
import { decimal } from '../../domain/money.js';
import { loadBook, lockTrade } from '../book/load.js';
import type { Transaction } from '../database.js';
import { marketOf } from './market.js';
import { CannotResolveError } from './prepared.js';

export interface StandingStop {
  /** For people: which stop it is. */
  readonly told: string;
  /** For people: the market by which it stands. */
  readonly market: string;
}

/**
 * The stops of the open trades that hold shares of the symbol; locks these trades. `marketPrice`: what a person
 * says of the market, null: nothing.
 * @throws CannotResolveError where one would trigger at once, or nobody knows whether it would
 */
export async function stopsThatStand(
  tx: Transaction,
  accountIds: readonly string[],
  symbol: string,
  marketPrice: string | null,
  nowMs: number,
): Promise<StandingStop[]> {
  const trades = await tx.trade.findMany({
    where: { accountId: { in: [...accountIds] }, symbol, closedAt: null },
    orderBy: { id: 'asc' },
    select: { id: true },
  });
  const stops: StandingStop[] = [];
  for (const { id } of trades) {
    await lockTrade(tx, id);
    const { book, keys } = await loadBook(tx, id);
    const { brokerContractId } = book.instrument;
    const { stopPrice } = book.exits;
    if (brokerContractId === undefined || stopPrice === null) continue;
    if (!decimal(viewOf(book).heldQuantity).gt(0)) continue;
    const place = { symbol, connectionId: keys.connectionId, brokerContractId };
    const market = await marketOf(tx, place, marketPrice, nowMs);
    mustStand(book, stopPrice, book.side === 'BUY' ? market.bid : market.ask);
    stops.push({ told: `trade ${id}: its stop is wanted at ${stopPrice}`, market: market.told });
  }
  return stops;
}

function mustStand({ id, side, symbol }: Book, stopPrice: string, market: string): void {
  const refusal = marketRefusal(side, 'stop', stopPrice, market);
  if (refusal === null) return;
  throw new CannotResolveError(
    `${symbol} stays quarantined: of trade ${id} ${refusal}; where shares were split, "ballast resolve split" carries it across; "ballast close" sells what it holds`,
  );
}
