/** Booking executions and commissions: once each, with corrections by key (BRK-3), and positions. */
import type { CommissionReport, ExecutionReport } from '../contract/broker-facts.js';
import { brokerDay } from '../domain/calendar.js';
import { decimal, text, ZERO, type Decimal } from '../domain/money.js';
import { fromRow, toJson, toRow, type Transaction } from './database.js';
import type { TradeBook } from './book/load.js';
import type { InboxContext } from './inbox.js';

/** True when the execution was new; a repeat of a known id changes nothing. */
export async function bookExecution(
  tx: Transaction,
  context: InboxContext,
  report: ExecutionReport,
  book: TradeBook | null,
  orderRowId: string | null,
): Promise<boolean> {
  const accountId = book?.account.id ?? context.accountIds.get(report.account);
  if (!accountId) throw new Error(`an execution came for the unknown account ${report.account}`);
  const earlier = await tx.execution.findMany({
    where: { accountId, executionKey: report.executionKey },
    orderBy: { correction: 'desc' },
  });
  if (earlier.some((row) => row.correction >= report.correction)) return false;
  await tx.execution.updateMany({
    where: { accountId, executionKey: report.executionKey },
    data: { superseded: true },
  });
  const replaced = earlier[0] ? signed(report.side, fromRow(earlier[0].quantity)) : ZERO;
  const commission = await takeOrphanCommission(tx, accountId, report.executionId);
  await tx.execution.create({
    data: {
      userId: context.userId,
      accountId,
      orderRowId,
      tradeId: book?.trade.id ?? null,
      executionId: report.executionId,
      executionKey: report.executionKey,
      correction: report.correction,
      symbol: report.symbol,
      brokerContractId: report.brokerContractId,
      side: report.side,
      quantity: toRow(report.quantity),
      price: toRow(report.price),
      brokerOrderId: report.brokerOrderId,
      brokerDay: new Date(`${brokerDay(report.executedAtMs)}T00:00:00Z`),
      executedAt: new Date(report.executedAtMs),
      ...(commission ? commissionColumns(commission) : {}),
    },
  });
  const change = signed(report.side, decimal(report.quantity)).sub(replaced);
  await movePosition(tx, context.userId, accountId, book?.trade.strategyId ?? null, report, change);
  if (book) await noteFill(tx, book.trade.id, report.executedAtMs);
  return true;
}

/** True when the commission was new. One that comes before its execution waits for it. */
export async function bookCommission(
  tx: Transaction,
  accountId: string,
  report: CommissionReport,
): Promise<boolean> {
  const { executionId } = report;
  const row = await tx.execution.findUnique({
    where: { accountId_executionId: { accountId, executionId } },
  });
  if (!row) {
    const body = toJson(report);
    await tx.orphanCommission.upsert({
      where: { accountId_executionId: { accountId, executionId } },
      create: { accountId, executionId, body },
      update: { body },
    });
    return false;
  }
  if (row.commission !== null && fromRow(row.commission).eq(decimal(report.commission)))
    return false;
  await tx.execution.update({ where: { id: row.id }, data: commissionColumns(report) });
  return true;
}

async function takeOrphanCommission(
  tx: Transaction,
  accountId: string,
  executionId: string,
): Promise<CommissionReport | null> {
  const key = { accountId_executionId: { accountId, executionId } };
  const row = await tx.orphanCommission.findUnique({ where: key });
  if (row) await tx.orphanCommission.delete({ where: key });
  return row ? (row.body as unknown as CommissionReport) : null;
}

function commissionColumns(report: CommissionReport) {
  return {
    commission: toRow(report.commission),
    commissionCurrency: report.currency,
    brokerRealizedPnl: report.brokerRealizedPnl,
  };
}

/** The reservation's cash is let go once account values newer than this fill have come (RSK-2). */
async function noteFill(tx: Transaction, tradeId: string, executedAtMs: number): Promise<void> {
  await tx.reservation.updateMany({
    where: { tradeId, phase: 'CASH' },
    data: { filledAt: new Date(executedAtMs) },
  });
}

function signed(side: string, quantity: Decimal): Decimal {
  return side === 'BUY' ? quantity : quantity.neg();
}

/** Moves the virtual position of a strategy, or the external one (strategy null). */
async function movePosition(
  tx: Transaction,
  userId: string,
  accountId: string,
  strategyId: string | null,
  report: ExecutionReport,
  change: Decimal,
): Promise<void> {
  const { symbol, brokerContractId } = report;
  // Two trades of one strategy may fill at once: the row is locked, or made, by one of them.
  const lockKey = `${accountId}/${strategyId ?? 'external'}/${brokerContractId}`;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${lockKey}, 0))`;
  const row = await tx.position.findFirst({ where: { accountId, strategyId, brokerContractId } });
  const before = row ? fromRow(row.quantity) : ZERO;
  const costBefore = row ? fromRow(row.averageCost) : ZERO;
  const after = before.add(change);
  const data = {
    quantity: text(after),
    averageCost: text(averageCost(before, costBefore, change, decimal(report.price))),
  };
  if (row) await tx.position.update({ where: { id: row.id }, data });
  else
    await tx.position.create({
      data: { userId, accountId, strategyId, symbol, brokerContractId, ...data },
    });
}

/** 8 decimals: what the column keeps. */
const COST_DECIMALS = 8;

/** Average cost after a change: growing averages, shrinking keeps, crossing zero starts anew. */
function averageCost(before: Decimal, cost: Decimal, change: Decimal, price: Decimal): Decimal {
  const after = before.add(change);
  if (after.isZero()) return ZERO;
  if (before.isZero() || before.isNeg() !== after.isNeg()) return price;
  if (before.isNeg() !== change.isNeg()) return cost;
  return before.mul(cost).add(change.mul(price)).div(after).toDecimalPlaces(COST_DECIMALS);
}
