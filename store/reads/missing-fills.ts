/** Fills that wait for a person to book them, each with the command that does it (TRD-11). */
import type { AttentionView } from '../../contract/views.js';
import { text } from '../../domain/money.js';
import { missingQuantity, resolveCommand, unbookable } from '../../domain/trade/declared-fill.js';
import { tradeLeg } from '../../domain/trade/leg.js';
import { FACTS_FOR_PERSON_MS, missingText } from '../../domain/trade/overdue.js';
import { loadBook } from '../book/load.js';
import type { Database } from '../database.js';

/** Orders of trades, open or not, whose executions have been waited for so long. `max`: so many at most. */
export async function listMissingFills(
  db: Database,
  userId: string,
  max: number,
): Promise<AttentionView[]> {
  const nowMs = Date.now();
  const orders = await db.order.findMany({
    where: { userId, reported: { path: ['sinceMs'], lte: nowMs - FACTS_FOR_PERSON_MS } },
    orderBy: { createdAt: 'asc' },
    take: max,
    select: { id: true, tradeId: true },
  });
  const found: AttentionView[] = [];
  for (const { id, tradeId } of orders) {
    const { book } = await loadBook(db, tradeId);
    const leg = book.legs.find(({ legId }) => legId === id);
    if (!leg || missingQuantity(leg).isZero()) continue;
    const known = `executions that never came (${missingText([tradeLeg(leg)])})`;
    const why = unbookable(leg, nowMs);
    found.push({
      ...{ kind: 'executions_missing', symbol: book.symbol, trade_id: tradeId, account_id: null },
      reason: why === null ? known : `${known}; ${why}`,
      since: new Date(leg.reported?.sinceMs ?? nowMs).toISOString(),
      ...(why === null
        ? { command: resolveCommand(tradeId, leg, text(missingQuantity(leg))) }
        : {}),
    });
  }
  return found;
}
