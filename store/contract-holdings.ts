/** What the books hold of contracts, to compare with what the broker tells of them. */
import { decimal, type DecimalText } from '../domain/money.js';
import type { Database } from './database.js';

export interface ContractHolding {
  readonly brokerContractId: number;
  /** Signed: of all strategies and of nobody's. */
  readonly quantity: DecimalText;
  /** A trade that isn't over is in it. */
  readonly isTraded: boolean;
}

/** The holdings of one account in these contracts, each of them once. */
export async function contractHoldings(
  db: Pick<Database, '$queryRaw'>,
  accountId: string,
  brokerContractIds: readonly number[],
): Promise<readonly ContractHolding[]> {
  const rows = await db.$queryRaw<ContractHolding[]>`
    SELECT c.id AS "brokerContractId",
           (SELECT trim_scale(coalesce(sum(p.quantity), 0))::text FROM positions p
             WHERE p.account_id = ${accountId}::uuid AND p.broker_contract_id = c.id) AS quantity,
           EXISTS (SELECT 1 FROM trades t
             WHERE t.account_id = ${accountId}::uuid AND t.closed_at IS NULL
               AND t.instrument->>'brokerContractId' = c.id::text) AS "isTraded"
      FROM unnest(${[...brokerContractIds]}::int[]) AS c(id)`;
  return rows;
}

/** Whether the broker's quantity is another one than the books'. */
export function differs({ quantity }: ContractHolding, told: DecimalText): boolean {
  return !decimal(quantity).eq(decimal(told));
}
