/** What is open: trades that hold shares, or of which an order is or may be at the broker. */
import type { OpenTradeView } from '../../contract/views.js';
import type { OrderTerms } from '../../domain/orders/terms.js';
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
    include: {
      account: { select: { brokerAccountId: true } },
      orders: { where: { role: 'ENTRY' }, select: { terms: true, readBack: true } },
    },
    orderBy: { createdAt: 'asc' },
  });
  return rows.map((row) => ({
    trade_id: row.id,
    account_id: row.account.brokerAccountId,
    symbol: row.symbol,
    side: row.side,
    state: row.state,
    held_quantity: textFromRow(row.heldQuantity),
    planned_quantity: optionalText(row.plannedQuantity),
    filled_quantity: textFromRow(row.filledQuantity),
    limit_price: limitOf(row.orders),
    stop_price: optionalText(row.stopPrice),
    is_protected: row.isProtected,
    unprotected_since: instant(row.unarmedSince),
  }));
}

interface EntryRow {
  readonly terms: unknown;
  readonly readBack: unknown;
}

/** As the broker read it back; as it is wanted until it has. */
function limitOf([entry]: readonly EntryRow[]): string | null {
  if (entry === undefined) return null;
  return ((entry.readBack ?? entry.terms) as OrderTerms).limitPrice;
}
