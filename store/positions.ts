/** Virtual positions: one per strategy and contract; strategy null is what is external (TRD-13). */
import type { ExpectedPosition } from '../domain/sending/group.js';
import { movedPosition, type PositionMove } from '../domain/trade/executions.js';
import type { Holding } from '../domain/trade/corporate-action.js';
import { Prisma, textFromRow, type Database, type Transaction } from './database.js';

export interface Holder {
  readonly userId: string;
  readonly accountId: string;
  /** Null: external. */
  readonly strategyId: string | null;
}

/** Locks a holder's position until the transaction ends, whether it has a row or not. */
export async function lockPosition(
  tx: Transaction,
  { accountId, strategyId }: Pick<Holder, 'accountId' | 'strategyId'>,
  brokerContractId: number,
): Promise<void> {
  const lockKey = `${accountId}/${strategyId ?? 'external'}/${brokerContractId}`;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${lockKey}, 0))`;
}

/** Moves a holder's position, making its row on the first move. */
export async function movePosition(
  tx: Transaction,
  { userId, accountId, strategyId }: Holder,
  move: PositionMove,
): Promise<void> {
  const { symbol, brokerContractId } = move;
  // Two trades of one strategy may fill at once: the row is locked, or made, by one of them.
  await lockPosition(tx, { accountId, strategyId }, brokerContractId);
  const row = await tx.position.findFirst({ where: { accountId, strategyId, brokerContractId } });
  const data = movedPosition(
    {
      quantity: row ? textFromRow(row.quantity) : '0',
      averageCost: row ? textFromRow(row.averageCost) : '0',
    },
    move,
  );
  if (row) await tx.position.update({ where: { id: row.id }, data });
  else {
    const key = { userId, accountId, strategyId, symbol, brokerContractId };
    await tx.position.create({ data: { ...key, ...data } });
  }
}

/** What the account's books expect the broker to hold of a contract, every holder together. */
export async function expectedPosition(
  db: Database | Transaction,
  accountId: string,
  account: string,
  brokerContractId: number,
): Promise<ExpectedPosition> {
  const rows = await db.$queryRaw<{ quantity: string }[]>`
    SELECT trim_scale(coalesce(sum(quantity), 0))::text AS quantity
      FROM positions WHERE account_id = ${accountId}::uuid
       AND broker_contract_id = ${brokerContractId}`;
  return { account, brokerContractId, quantity: rows[0]!.quantity };
}

/** All that the account's books hold of a contract, and what a share of it cost its holders on average. */
export async function bookedHolding(
  db: Database | Transaction,
  accountId: string,
  brokerContractId: number,
): Promise<Holding> {
  const [row] = await db.$queryRaw<[Holding]>`
    SELECT trim_scale(coalesce(sum(quantity), 0))::text AS quantity,
           trim_scale(${AVERAGE_COST})::text AS "averageCost"
      FROM positions WHERE account_id = ${accountId}::uuid
       AND broker_contract_id = ${brokerContractId}`;
  return row;
}

/** Over rows of `positions`, each by its size; a holder whose cost nobody knows does not count. */
export const AVERAGE_COST = Prisma.sql`(sum(abs(quantity) * average_cost) FILTER (WHERE average_cost > 0)
  / nullif(sum(abs(quantity)) FILTER (WHERE average_cost > 0), 0))`;
