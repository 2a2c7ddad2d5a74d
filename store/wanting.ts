/** Trades of an account that are not as they should be at the broker, by their rows. */
import { breachesOf } from '../domain/trade/guard.js';
import { openTrades } from './book/open-trades.js';
import type { Database } from './database.js';

export interface Looked {
  /** Trades that hold shares. */
  readonly looked: number;
  /** Not protected, not found as wanted when read back, or exits that could fill too much. */
  readonly wanting: readonly string[];
}

/** Looks at every open trade of the account. */
export async function wantingTrades(
  db: Database,
  connectionId: string,
  accountId: string,
): Promise<Looked> {
  const held = await db.trade.findMany({
    where: { accountId, closedAt: null, heldQuantity: { not: 0 } },
    select: { id: true, isProtected: true, verified: true },
  });
  const wanting = new Set(
    held.filter(({ isProtected, verified }) => !isProtected || !verified).map(({ id }) => id),
  );
  for await (const page of openTrades(db, connectionId, false)) {
    for (const trade of page) {
      if (trade.accountId === accountId && breachesOf(trade).length > 0) wanting.add(trade.tradeId);
    }
  }
  return { looked: held.length, wanting: [...wanting] };
}

/** Trades of the account of which a write is open, or an order's fate in doubt. */
export async function doubtfulTrades(
  db: Database,
  connectionId: string,
  accountId: string,
): Promise<string[]> {
  const found: string[] = [];
  for await (const page of openTrades(db, connectionId, true)) {
    for (const trade of page) if (trade.accountId === accountId) found.push(trade.tradeId);
  }
  return found;
}

/** Trades of the account with an order that nobody knows the fate of. */
export async function unknownTrades(db: Database, accountId: string): Promise<string[]> {
  const rows = await db.order.findMany({
    where: { accountId, status: 'UNKNOWN' },
    select: { tradeId: true },
    distinct: ['tradeId'],
  });
  return rows.map(({ tradeId }) => tradeId);
}
