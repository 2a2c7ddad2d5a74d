/** The baseline of an account (REC-2): what a complete picture shows beside the books, kept with its evidence. */
import type { BrokerPosition, Snapshot } from '../domain/broker/snapshot.js';
import { isOwnReference } from '../domain/ids.js';
import { sum, decimal, text } from '../domain/money.js';
import { baselineStep, type BaselineStep, type Candidate } from '../domain/sending/baseline.js';
import { alert } from './alerts.js';
import { textFromRow, toJson, type Database, type Transaction } from './database.js';
import { lockPosition, movePosition } from './positions.js';
import { STANDING_CAUSES } from './causes.js';
import { quarantineAccountSymbol } from './quarantine.js';
import { transact } from './transact.js';

export interface BaselineAccount {
  readonly id: string;
  readonly userId: string;
  readonly brokerAccountId: string;
}

interface Look {
  readonly account: BaselineAccount;
  readonly snapshot: Snapshot;
  /** False for the first look of all, which alone may propose. */
  readonly isFirst: boolean;
}

interface Contract {
  readonly symbol: string;
  readonly shown: string;
  readonly averageCost: string;
  readonly expected: string;
  readonly candidate: Candidate | null;
  readonly hasOwnOrders: boolean;
}

/**
 * Looks at a complete picture whose facts are booked. True when the account's baseline is settled: no
 * later picture can change it.
 */
export async function lookAtBaseline(
  db: Database,
  account: BaselineAccount,
  snapshot: Snapshot,
): Promise<boolean> {
  const { id, brokerAccountId } = account;
  return transact(db, 'baseline.commit', { account: brokerAccountId }, async (tx) => {
    const [row] = await tx.$queryRaw<{ baseline_at: Date | null }[]>`
      SELECT baseline_at FROM accounts WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
    const isFirst = row!.baseline_at === null;
    const open = await tx.externalBaseline.count({ where: { accountId: id, confirmedAt: null } });
    if (!isFirst && open === 0) return true;
    if (await isOlderThanBroker(tx, account, snapshot)) return false;
    const look = { account, snapshot, isFirst };
    for (const contract of await contractsOf(tx, look)) await take(tx, look, ...contract);
    if (isFirst) {
      const baselineAt = new Date(snapshot.startedAtMs);
      await tx.account.update({ where: { id }, data: { baselineAt } });
    }
    return (await tx.externalBaseline.count({ where: { accountId: id, confirmedAt: null } })) === 0;
  });
}

/**
 * References of this installation that the database doesn't know: it is a restored backup, and what it
 * lacks are own trades. Nothing is taken for external then; a person is told, once.
 */
async function isOlderThanBroker(
  tx: Transaction,
  { id, userId, brokerAccountId }: BaselineAccount,
  { orders, completed, executions }: Snapshot,
): Promise<boolean> {
  const { id: installationId } = await tx.installation.findFirstOrThrow();
  const told = [...orders, ...completed, ...executions]
    .map(({ clientOrderId }) => clientOrderId)
    .filter((ref): ref is string => ref !== null && isOwnReference(installationId, ref));
  const own = [...new Set(told)];
  const known = await tx.order.count({ where: { clientOrderId: { in: own } } });
  if (known === own.length) return false;
  await alert(tx, {
    ...{ userId, tradeId: null, kind: 'database_old', dedupeKey: `database-old:${id}` },
    summary: `the broker knows orders of this installation in ${brokerAccountId} that the database lacks: is it a restored backup?`,
    detail: { unknown: own.length - known },
  });
  return true;
}

/** What the broker shows, the books expect, or an earlier picture proposed, by contract. */
async function contractsOf(
  tx: Transaction,
  { account: { id, brokerAccountId }, snapshot, isFirst }: Look,
): Promise<(readonly [number, Contract])[]> {
  const shown = snapshot.positions.filter(({ account }) => account === brokerAccountId);
  const booked = await tx.position.findMany({ where: { accountId: id } });
  const open = await tx.externalBaseline.findMany({ where: { accountId: id, confirmedAt: null } });
  const all = isFirst ? [...shown, ...booked] : open;
  const ids = [...new Set(all.map(({ brokerContractId }) => brokerContractId))].sort(
    (a, b) => a - b,
  );
  const contracts: (readonly [number, Contract])[] = [];
  for (const contractId of ids) {
    const of = <T extends { brokerContractId: number }>(rows: readonly T[]): T[] =>
      rows.filter(({ brokerContractId }) => brokerContractId === contractId);
    await lockPosition(tx, { accountId: id, strategyId: null }, contractId);
    const holders = await tx.position.findMany({
      where: { accountId: id, brokerContractId: contractId },
    });
    const [candidate] = of(open);
    contracts.push([
      contractId,
      {
        symbol: (of(shown)[0] ?? of(booked)[0] ?? candidate)!.symbol,
        ...shownOf(of(shown)),
        expected: text(sum(holders.map(({ quantity }) => decimal(textFromRow(quantity))))),
        hasOwnOrders: await hasOwnOrders(tx, id, contractId),
        candidate: candidate
          ? { quantity: textFromRow(candidate.quantity), seenAtMs: candidate.seenAt.getTime() }
          : null,
      },
    ]);
  }
  return contracts;
}

function shownOf(rows: readonly BrokerPosition[]): Pick<Contract, 'shown' | 'averageCost'> {
  const shown = text(sum(rows.map(({ quantity }) => decimal(quantity))));
  return { shown, averageCost: rows[0]?.averageCost ?? '0' };
}

async function hasOwnOrders(
  tx: Transaction,
  accountId: string,
  brokerContractId: number,
): Promise<boolean> {
  const rows = await tx.$queryRaw<{ sent: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM orders o JOIN trades t ON t.id = o.trade_id
      WHERE o.account_id = ${accountId}::uuid AND o.intent <> 'NEW'
        AND t.instrument->>'brokerContractId' = ${String(brokerContractId)}) AS sent`;
  return rows[0]!.sent;
}

async function take(
  tx: Transaction,
  { account, snapshot }: Look,
  brokerContractId: number,
  contract: Contract,
): Promise<void> {
  const { id: accountId, userId } = account;
  const step = baselineStep(contract, snapshot.startedAtMs);
  const key = { accountId_brokerContractId: { accountId, brokerContractId } };
  const told = evidenceOf(step, snapshot, contract);
  const { symbol } = contract;
  switch (step.kind) {
    case 'nothing':
      return;
    case 'drop':
      await tx.externalBaseline.delete({ where: key });
      return;
    case 'propose': {
      const data = {
        ...{ quantity: step.quantity, averageCost: contract.averageCost },
        ...{ seenAt: new Date(snapshot.startedAtMs), evidence: toJson([told]) },
      };
      const create = { accountId, brokerContractId, userId, symbol, ...data };
      await tx.externalBaseline.upsert({ where: key, create, update: data });
      return;
    }
    case 'confirm': {
      const { evidence } = await tx.externalBaseline.findUniqueOrThrow({ where: key });
      const both = toJson([...(evidence as unknown[]), told]);
      const confirmedAt = new Date(snapshot.startedAtMs);
      await tx.externalBaseline.update({ where: key, data: { confirmedAt, evidence: both } });
      const price = contract.averageCost;
      const change = step.quantity;
      const external = { userId, accountId, strategyId: null };
      await movePosition(tx, external, { symbol, brokerContractId, change, price });
      return;
    }
    case 'unproven': {
      const reason = `the broker holds ${step.quantity} more than the books, and it may be a lost fill of ours`;
      if (await wasTold(tx, { accountId, symbol, reason }, contract)) return;
      const causeKey = `baseline:${brokerContractId}:${step.quantity}`;
      await quarantineAccountSymbol(tx, { userId, accountId, symbol, reason, causeKey });
    }
  }
}

/** Whether a person was told the same of what was proposed: who has lifted it is not told again with each picture. */
async function wasTold(
  tx: Transaction,
  { accountId, symbol, reason }: Readonly<Record<'accountId' | 'symbol' | 'reason', string>>,
  { candidate }: Contract,
): Promise<boolean> {
  if (candidate === null) return false;
  const seenAt = new Date(candidate.seenAtMs);
  const [row] = await tx.$queryRaw<{ told: boolean }[]>`
    SELECT EXISTS (
      SELECT 1 FROM pauses p, jsonb_array_elements(${STANDING_CAUSES}) c
       WHERE p.account_id = ${accountId}::uuid AND p.symbol = ${symbol} AND p.kind = 'quarantine'
         AND c->>'reason' = ${reason} AND (c->>'at')::timestamptz >= ${seenAt}) AS told`;
  return row?.told ?? false;
}

/** What was seen, when, and what was concluded: for whoever doubts it later. */
function evidenceOf(
  { kind }: BaselineStep,
  { startedAtMs, generation }: Snapshot,
  { shown, expected }: Contract,
): object {
  return { kind, at: new Date(startedAtMs).toISOString(), generation, shown, expected };
}
