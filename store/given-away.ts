/**
 * What trades took of an execution of no order of ours, which closed their shares by hand (closed-outside.ts)
 * or was attributed by a person (resolve/fill.ts). A correction or a bust of it reaches them: whole executions
 * by their key, parts by a key of their own that begins with it.
 */
import type { ExecutionReport } from '../domain/broker/fact.js';
import { decimal, min, sum, text, type Decimal, type DecimalText } from '../domain/money.js';
import { PART_PREFIX, partKeyPrefix } from '../domain/trade/closed-outside.js';
import { applyFact } from '../domain/trade/fact.js';
import { changeBook, type Changed } from './book/change.js';
import { lockTrade } from './book/load.js';
import { textFromRow, type Transaction } from './database.js';
import { lockPosition } from './positions.js';

export interface Given {
  readonly tradeId: string;
  /** The order that it counts as a fill of. */
  readonly clientOrderId: string;
  readonly executionKey: string;
  readonly quantity: DecimalText;
  readonly price: DecimalText;
}

export interface Corrected {
  /** Shares of the execution that the trades keep. */
  readonly kept: Decimal;
  readonly trades: readonly Changed[];
}

/**
 * Locks the trades that took of it, then the external position, and gives what they took, oldest first. In
 * this order, as who gives an execution away locks; one that is given away between the two looks may end in
 * a deadlock, which the database breaks, and the report is booked with the next try.
 */
export async function lockGiven(
  tx: Transaction,
  accountId: string,
  report: ExecutionReport,
): Promise<Given[]> {
  const before = await givenOf(tx, accountId, report.executionKey);
  const tradeIds = [...new Set(before.map(({ tradeId }) => tradeId))].sort();
  for (const tradeId of tradeIds) await lockTrade(tx, tradeId);
  await lockPosition(tx, { accountId, strategyId: null }, report.brokerContractId);
  return givenOf(tx, accountId, report.executionKey);
}

/**
 * Lays a correction over the trades: each keeps what it took as far as there is so much, the oldest first,
 * and never gets more, for the surplus was somebody else's.
 */
export async function correctGiven(
  tx: Transaction,
  accountId: string,
  given: readonly Given[],
  report: ExecutionReport,
): Promise<Corrected> {
  const trades: Changed[] = [];
  let left = decimal(report.quantity);
  for (const one of given) {
    const quantity = min(left, decimal(one.quantity));
    left = left.sub(quantity);
    const isWhole = one.executionKey === report.executionKey;
    const isSame = quantity.eq(decimal(one.quantity)) && decimal(report.price).eq(one.price);
    // A whole one is booked in any case: its row says that the correction was seen.
    if (isSame && !isWhole) continue;
    const changed = await correct(tx, one, { ...report, quantity: text(quantity) });
    trades.push(changed);
  }
  return { kept: decimal(report.quantity).sub(left), trades };
}

function correct(tx: Transaction, given: Given, report: ExecutionReport): Promise<Changed> {
  const { clientOrderId, executionKey } = given;
  const isWhole = executionKey === report.executionKey;
  const executionId = isWhole ? report.executionId : `${executionKey}.${report.correction}`;
  const nowMs = Date.now();
  const own = { ...report, clientOrderId, executionKey, executionId };
  return changeBook(tx, given.tradeId, nowMs, (book) =>
    applyFact(book, { kind: 'execution', report: own, receivedAtMs: nowMs }),
  );
}

async function givenOf(tx: Transaction, accountId: string, executionKey: string): Promise<Given[]> {
  const rows = await tx.execution.findMany({
    where: {
      ...{ accountId, tradeId: { not: null }, superseded: false },
      OR: [{ executionKey }, { executionKey: { startsWith: partKeyPrefix(executionKey) } }],
    },
    include: { order: true },
    orderBy: { id: 'asc' },
  });
  return rows.flatMap(({ tradeId, order, ...row }) => {
    if (tradeId === null || order === null) return [];
    const [quantity, price] = [textFromRow(row.quantity), textFromRow(row.price)];
    const { clientOrderId } = order;
    return [{ tradeId, clientOrderId, executionKey: row.executionKey, quantity, price }];
  });
}

/** Shares that trades took in parts of executions in a contract, by the execution's key. */
export async function partsTaken(
  tx: Transaction,
  accountId: string,
  brokerContractId: number,
): Promise<(executionKey: string) => Decimal> {
  const parts = await tx.execution.findMany({
    where: {
      ...{ accountId, brokerContractId, tradeId: { not: null }, superseded: false },
      executionKey: { startsWith: PART_PREFIX },
    },
    select: { executionKey: true, quantity: true },
  });
  return (executionKey) => {
    const prefix = partKeyPrefix(executionKey);
    const own = parts.filter((part) => part.executionKey.startsWith(prefix));
    return sum(own.map(({ quantity }) => decimal(textFromRow(quantity))));
  };
}
