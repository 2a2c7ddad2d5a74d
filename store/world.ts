/** What the planner needs and only rows, beside a trade's own, can tell. */
import type { ContractInfo } from '../contract/market.js';
import type { Instrument } from '../domain/vocabulary.js';
import type { Database, Transaction } from './database.js';
import { UNKNOWN_CONTRACT_ID } from './market.js';

/**
 * The contract's price increment as the broker gave it, by whatever exchange it was asked for last; null when it was never
 * fetched. That nobody knows it at some exchange says nothing of it.
 */
export async function priceIncrement(
  db: Database | Transaction,
  connectionId: string,
  { symbol, brokerContractId }: Instrument,
): Promise<string | null> {
  const id = brokerContractId ?? { not: UNKNOWN_CONTRACT_ID };
  const row = await db.contract.findFirst({
    where: { connectionId, symbol, brokerContractId: id },
    orderBy: { fetchedAt: 'desc' },
    select: { body: true },
  });
  return (row?.body as unknown as ContractInfo | undefined)?.priceIncrement ?? null;
}

export interface TradeMarket {
  readonly instrument: Instrument;
  readonly brokerAccountId: string;
  readonly connectionId: string;
}

/** Where a trade's contract is to be asked for. @throws when there is no such trade. */
export async function tradeMarket(db: Database, tradeId: string): Promise<TradeMarket> {
  const rows = await db.$queryRaw<TradeMarket[]>`
    SELECT t.instrument, a.broker_account_id AS "brokerAccountId", a.connection_id AS "connectionId"
      FROM trades t JOIN accounts a ON a.id = t.account_id WHERE t.id = ${tradeId}::uuid`;
  const market = rows[0];
  if (!market) throw new Error(`there is no trade ${tradeId}`);
  return market;
}
