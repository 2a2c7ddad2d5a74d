/** The lots of a trade's result, written anew with each result. */
import type { Book } from '../../domain/trade/book.js';
import { lotsOf } from '../../domain/trade/settle.js';
import type { Transaction } from '../database.js';
import type { BookKeys } from './keys.js';

/** Replaces the trade's lots by those of its executions as they are now. */
export async function saveLots(tx: Transaction, book: Book, { userId }: BookKeys): Promise<void> {
  const tradeId = book.id;
  const lots = lotsOf(book)?.lots ?? [];
  await tx.lot.deleteMany({ where: { tradeId } });
  await tx.lot.createMany({
    data: lots.map(({ side, quantity, openExecutionId, openPrice, ...closing }) => ({
      userId,
      tradeId,
      side,
      quantity,
      openExecutionId,
      openPrice,
      closeExecutionId: closing.closeExecutionId,
      closePrice: closing.closePrice,
      realizedPnl: closing.realizedPnl,
    })),
  });
}
