/** Resolving an external execution: a person attributes it to an order of a trade (TRD-13). */
import { text } from '../../domain/money.js';
import type { ExecutionReport } from '../../domain/broker/fact.js';
import { applyFact } from '../../domain/trade/fact.js';
import { signed } from '../../domain/trade/executions.js';
import type { Side } from '../../domain/vocabulary.js';
import { changeBook } from '../book/change.js';
import { lockTrade } from '../book/load.js';
import { textFromRow, type Transaction } from '../database.js';
import { keepOrphanCommission, takeOrphanCommission } from '../external-fills.js';
import { partsTaken } from '../given-away.js';
import { contractIdOf } from '../instrument.js';
import { lockPosition, movePosition } from '../positions.js';
import { CannotResolveError, type Prepare } from './prepared.js';

export interface FillResolution {
  /** The broker's id of the execution. */
  readonly executionId: string;
  /** The reference of the order it belongs to. */
  readonly clientOrderId: string;
}

/** Prepares the attribution. */
export function resolveFill({ executionId, clientOrderId }: FillResolution): Prepare {
  return async (tx, { userId, nowMs }) => {
    const row = await lockedFill(tx, userId, executionId, clientOrderId);
    const taken = (await partsTaken(tx, row.accountId, row.brokerContractId))(row.executionKey);
    if (!taken.isZero())
      throw new CannotResolveError(
        `${text(taken)} of execution ${executionId} count as closes of trades already: what is left of it stays external`,
      );
    const order = await tx.order.findUnique({
      where: { clientOrderId },
      include: { trade: true },
    });
    if (!order || order.userId !== userId || order.accountId !== row.accountId) {
      throw new CannotResolveError(`no order of that account has the reference ${clientOrderId}`);
    }
    const { tradeId, trade } = order;
    const what = `${row.side} ${textFromRow(row.quantity)} ${row.symbol} at ${textFromRow(row.price)}`;
    // An option has its underlying's symbol, and a contract may have had another one.
    if (contractIdOf(trade.instrument) !== row.brokerContractId) {
      throw new CannotResolveError(
        `${what} is of contract ${row.brokerContractId}, and not of the ${trade.symbol} that ${clientOrderId} is for`,
      );
    }
    return {
      subject: `execution ${executionId}`,
      does: [
        `${what} counts as a fill of the ${order.role} of trade ${tradeId}`,
        'it leaves the external position; the trade is protected, or settled, by what it holds then',
      ],
      evidence: [
        `executed at ${row.executedAt.toISOString()}, permId ${row.brokerOrderId ?? 'none'}`,
        `trade ${tradeId}: ${trade.state}, ${textFromRow(trade.heldQuantity)} held`,
      ],
      basis: { execution: String(row.id), correction: row.correction, seq: String(trade.seq) },
      apply: async () => {
        await takeOutOfExternal(tx, row);
        const { snapshot, changed } = await changeBook(tx, tradeId, nowMs, async (book) => {
          const report = reportOf(row, clientOrderId, book.account);
          const change = applyFact(book, { kind: 'execution', report, receivedAtMs: nowMs });
          const commission = await takeOrphanCommission(tx, row.accountId, executionId);
          if (commission === null) return change;
          const fact = { kind: 'commission', report: commission, receivedAtMs: nowMs } as const;
          return { ...change, book: applyFact(change.book, fact).book };
        });
        if (!changed) throw new CannotResolveError('the trade has it already');
        return { tradeId, snapshot };
      },
    };
  };
}

/** Read again under its locks, taken in the order of who books such executions: trade, then external position. */
async function lockedFill(
  tx: Transaction,
  userId: string,
  executionId: string,
  clientOrderId: string,
): Promise<FillRow> {
  const { accountId, brokerContractId } = await externalFill(tx, userId, executionId);
  const order = await tx.order.findUnique({ where: { clientOrderId }, select: { tradeId: true } });
  if (order !== null) await lockTrade(tx, order.tradeId);
  await lockPosition(tx, { accountId, strategyId: null }, brokerContractId);
  return externalFill(tx, userId, executionId);
}

type FillRow = NonNullable<Awaited<ReturnType<Transaction['execution']['findFirst']>>>;

async function externalFill(
  tx: Transaction,
  userId: string,
  executionId: string,
): Promise<FillRow> {
  const row = await tx.execution.findFirst({ where: { userId, executionId, superseded: false } });
  if (row && row.tradeId === null) return row;
  const why = row
    ? `execution ${executionId} belongs to trade ${row.tradeId}`
    : `there is no execution ${executionId}`;
  throw new CannotResolveError(why);
}

/** Its row goes, for the trade books it anew; its commission waits for it there. */
async function takeOutOfExternal(tx: Transaction, row: FillRow): Promise<void> {
  const { id, userId, accountId, executionId, symbol, brokerContractId } = row;
  if (row.commission !== null) {
    await keepOrphanCommission(tx, accountId, {
      ...{ executionId, account: null, commission: textFromRow(row.commission) },
      currency: row.commissionCurrency ?? 'USD',
      brokerRealizedPnl: textFromRow(row.brokerRealizedPnl),
    });
  }
  await tx.execution.delete({ where: { id } });
  const change = text(signed(row.side as Side, textFromRow(row.quantity)).neg());
  const price = textFromRow(row.price);
  const holder = { userId, accountId, strategyId: null };
  await movePosition(tx, holder, { symbol, brokerContractId, change, price });
}

function reportOf(row: FillRow, clientOrderId: string, account: string): ExecutionReport {
  const { executionId, executionKey, correction, brokerOrderId, symbol, brokerContractId } = row;
  return {
    ...{ executionId, executionKey, correction, brokerOrderId, symbol, brokerContractId },
    ...{ clientOrderId, account, sessionOrderId: 0, sessionClientId: -1 },
    side: row.side as Side,
    quantity: textFromRow(row.quantity),
    price: textFromRow(row.price),
    executedAtMs: row.executedAt.getTime(),
  };
}
