/** Trades whose stop is to follow the price by steps. */
import type { Instrument } from '../domain/vocabulary.js';
import type { Database } from './database.js';

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
