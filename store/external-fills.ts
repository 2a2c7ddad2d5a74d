/** Executions and commissions that belong to no trade: they change the account all the same (TRD-13). */
import type { CommissionReport, ExecutionReport } from '../domain/broker/fact.js';
import { brokerDay } from '../domain/calendar.js';
import { isOwnReference } from '../domain/ids.js';
import { decimal, sum, text, ZERO, type Decimal } from '../domain/money.js';
import { signed } from '../domain/trade/executions.js';
import type { Changed } from './book/change.js';
import { fromRow, toJson, toRow, type Prisma, type Transaction } from './database.js';
import { lockConcluded, putInPlace } from './concluded.js';
import { correctGiven, lockGiven, type Given } from './given-away.js';
import { movePosition } from './positions.js';
import { quarantineAccountSymbol } from './quarantine.js';

/**
 * Books an execution of no order of ours as external, provisionally: its symbol is quarantined with the first
 * report, for it may be a fill of ours that lost its reference. Where a position or a person had told of it before, it
 * takes the place of that (`concluded.ts`). A repeat of a known one changes nothing. What trades took of an earlier
 * report of it follows the correction (`given-away.ts`). Gives the trades that changed.
 */
export async function bookExternal(
  tx: Transaction,
  userId: string,
  accountId: string,
  report: ExecutionReport,
): Promise<readonly Changed[]> {
  const { executionKey, executionId, correction, side, symbol, brokerContractId } = report;
  const holder = { userId, accountId, strategyId: null };
  await lockConcluded(tx, accountId, report);
  const given = await lockGiven(tx, accountId, report);
  const earlier = await tx.execution.findMany({
    where: { accountId, executionKey },
    orderBy: { correction: 'desc' },
  });
  if (earlier.some((row) => row.correction >= correction)) return [];
  const changed = await correctGiven(tx, accountId, given, report);
  const external = earlier.filter(({ tradeId }) => tradeId === null);
  const ids = external.map(({ id }) => id);
  await tx.execution.updateMany({ where: { id: { in: ids } }, data: { superseded: true } });
  // One that a trade took whole has its row there.
  if (earlier.length === external.length) {
    const commission = await takeOrphanCommission(tx, accountId, executionId);
    await tx.execution.create({
      data: {
        ...{ userId, accountId, executionId, executionKey, correction, side, symbol },
        brokerContractId,
        quantity: toRow(report.quantity),
        price: toRow(report.price),
        brokerOrderId: report.brokerOrderId,
        reference: report.clientOrderId,
        brokerDay: new Date(`${brokerDay(report.executedAtMs)}T00:00:00Z`),
        executedAt: new Date(report.executedAtMs),
        ...(commission ? commissionColumns(commission) : {}),
      },
    });
  }
  const others = decimal(report.quantity).sub(changed.kept);
  const was = earlier[0] ? quantityBefore(external, given) : ZERO;
  const change = text(signed(side, text(others.sub(was))));
  await movePosition(tx, holder, { symbol, brokerContractId, change, price: report.price });
  if (earlier.length > 0) return changed.trades;
  const { changed: placed, left } = await putInPlace(tx, holder, report);
  if (!left.isZero()) await quarantine(tx, holder, report);
  return placed;
}

/** What nobody had told of before its execution is unexplained. */
async function quarantine(
  tx: Transaction,
  { userId, accountId }: { readonly userId: string; readonly accountId: string },
  report: ExecutionReport,
): Promise<void> {
  const { side, symbol, quantity, price } = report;
  const reason = `${side} ${quantity} at ${price} by ${await whoseOrder(tx, report)}`;
  // The parts of one order are one cause; what is held in all stands beside it (reads/attention.ts).
  const causeKey = `order:${report.brokerOrderId ?? report.executionKey}:${side}`;
  await quarantineAccountSymbol(tx, { userId, accountId, symbol, reason, causeKey });
}

/** An own reference without a row is no stranger's: the database is older than the broker. */
async function whoseOrder(tx: Transaction, { clientOrderId }: ExecutionReport): Promise<string> {
  if (clientOrderId !== null) {
    const { id } = await tx.installation.findFirstOrThrow();
    if (isOwnReference(id, clientOrderId))
      return `${clientOrderId} of this installation, an order that the database does not know`;
  }
  return 'an order that is not of this system';
}

/** What of the report before was others': all of it, less what trades took. */
function quantityBefore(
  external: readonly { readonly quantity: Prisma.Decimal }[],
  given: readonly Given[],
): Decimal {
  const taken = sum(given.map(({ quantity }) => decimal(quantity)));
  const told = external[0] ? fromRow(external[0].quantity) : taken;
  return told.sub(taken);
}

/**
 * Books the commission of an external execution; one whose execution is unknown waits for it. Gives the
 * trade that the execution turns out to belong to: its book takes the commission then.
 */
export async function bookExternalCommission(
  tx: Transaction,
  accountIds: readonly string[],
  report: CommissionReport,
): Promise<string | null> {
  const { executionId } = report;
  await lockExecution(tx, executionId);
  const row = await tx.execution.findFirst({
    where: { accountId: { in: [...accountIds] }, executionId },
  });
  if (row?.tradeId) return row.tradeId;
  if (row) {
    const known = row.commission !== null && fromRow(row.commission).eq(decimal(report.commission));
    if (known) return null;
    await tx.execution.update({ where: { id: row.id }, data: commissionColumns(report) });
    return null;
  }
  // Nothing tells the account yet: it waits in each, and the execution takes it from its own.
  for (const accountId of accountIds) await keepOrphanCommission(tx, accountId, report);
  return null;
}

/**
 * An execution and its commission may be committed side by side, each looking for the other: one of the
 * two waits here until the other's transaction has ended.
 */
async function lockExecution(tx: Transaction, executionId: string): Promise<void> {
  const key = `execution/${executionId}`;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`;
}

/** A commission that came before its execution waits here for it. */
export async function keepOrphanCommission(
  tx: Transaction,
  accountId: string,
  report: CommissionReport,
): Promise<void> {
  const { executionId } = report;
  const body = toJson(report);
  await tx.orphanCommission.upsert({
    where: { accountId_executionId: { accountId, executionId } },
    create: { accountId, executionId, body },
    update: { body },
  });
}

/** Gives the commission that waited for an execution, and forgets it; null when none did. */
export async function takeOrphanCommission(
  tx: Transaction,
  accountId: string,
  executionId: string,
): Promise<CommissionReport | null> {
  await lockExecution(tx, executionId);
  const [row] = await tx.$queryRaw<{ body: CommissionReport }[]>`
    DELETE FROM orphan_commissions
     WHERE account_id = ${accountId}::uuid AND execution_id = ${executionId} RETURNING body`;
  return row?.body ?? null;
}

function commissionColumns(report: CommissionReport) {
  return {
    commission: toRow(report.commission),
    commissionCurrency: report.currency,
    brokerRealizedPnl: report.brokerRealizedPnl,
  };
}
