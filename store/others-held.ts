/** What others hold of a trade's contract: what of the broker's net position is not the trade's. */
import type { OthersHeld } from '../domain/trade/own-share.js';
import type { Book } from '../domain/trade/book.js';
import type { BookKeys } from './book/keys.js';
import type { Database } from './database.js';

/** Of one moment: both sums come from one statement. */
export async function othersHeld(
  db: Pick<Database, '$queryRaw'>,
  { id, side, instrument }: Pick<Book, 'id' | 'side' | 'instrument'>,
  { accountId }: Pick<BookKeys, 'accountId'>,
): Promise<OthersHeld> {
  const { brokerContractId } = instrument;
  // What was never resolved was never sent, and nobody else can hold it either.
  if (brokerContractId === undefined) return { byTrades: '0', external: '0' };
  const [row] = await db.$queryRaw<[OthersHeld]>`
    SELECT (SELECT trim_scale(coalesce(sum(t.held_quantity), 0))::text FROM trades t
             WHERE t.account_id = ${accountId}::uuid AND t.id <> ${id}::uuid
               AND t.closed_at IS NULL AND t.side = ${side} AND t.held_quantity > 0
               AND t.instrument->>'brokerContractId' = ${String(brokerContractId)}) AS "byTrades",
           (SELECT trim_scale(coalesce(sum(p.quantity), 0))::text FROM positions p
             WHERE p.account_id = ${accountId}::uuid AND p.strategy_id IS NULL
               AND p.broker_contract_id = ${brokerContractId}) AS external`;
  return row;
}
