/** Trades whose stop is to follow the price by steps. */
import type { Instrument } from '../domain/vocabulary.js';
import type { Database, Transaction } from './database.js';

/** Of a connection: as many as quotes are streamed for, several trades to a symbol, each looked at every second. */
export const TRAILS_MAX = 500;

export interface TrailingTrade {
  readonly tradeId: string;
  readonly symbol: string;
  readonly instrument: Instrument;
}

/** Those of the accounts, the oldest first, at most so many. */
export async function trailingTrades(
  db: Database,
  accountIds: readonly string[],
  most: number,
): Promise<readonly TrailingTrade[]> {
  if (accountIds.length === 0) return [];
  return db.$queryRaw<TrailingTrade[]>`
    SELECT id::text AS "tradeId", symbol, instrument FROM trades
     WHERE closed_at IS NULL AND moves -> 'trail' <> 'null'::jsonb
       AND account_id = ANY(${[...accountIds]}::uuid[])
     ORDER BY created_at LIMIT ${most}`;
}

/** Why no further trade of the connection may trail; null when one may. */
export async function trailsRefusal(tx: Transaction, connectionId: string): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ isFull: boolean }[]>`
    SELECT count(*) >= ${TRAILS_MAX} AS "isFull" FROM (
      SELECT 1 FROM trades t JOIN accounts a ON a.id = t.account_id
       WHERE t.closed_at IS NULL AND t.moves -> 'trail' <> 'null'::jsonb
         AND a.connection_id = ${connectionId}::uuid
       LIMIT ${TRAILS_MAX}) AS those`;
  if (row?.isFull !== true) return null;
  return `${TRAILS_MAX} trades trail already, as many as are looked at: end one of these trails first`;
}
