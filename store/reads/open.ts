/** What is open: trades that hold shares, or of which an order is or may be at the broker. */
import type { OpenTradeView } from '../../contract/views.js';
import { FINAL_STATES } from '../../domain/trade/states.js';
import { textFromRow, type Database } from '../database.js';
import { instant, optionalText } from './shape.js';

/** Every open trade of the user, the oldest first. */
export async function listOpen(db: Database, userId: string): Promise<OpenTradeView[]> {
  const rows = await db.trade.findMany({
    where: {
      userId,
      state: { notIn: [...FINAL_STATES] },
      OR: [
        { heldQuantity: { not: 0 } },
        { orders: { some: { intent: { in: ['SENDING', 'SENT'] } } } },
      ],
    },
    include: { account: { select: { brokerAccountId: true } } },
    orderBy: { createdAt: 'asc' },
  });
  return rows.map((row) => ({
    trade_id: row.id,
    account_id: row.account.brokerAccountId,
    symbol: row.symbol,
    side: row.side,
    state: row.state,
    held_quantity: textFromRow(row.heldQuantity),
    stop_price: optionalText(row.stopPrice),
    is_protected: row.isProtected,
    unprotected_since: instant(row.unarmedSince),
  }));
}
