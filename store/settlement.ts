/** Settling: lots, P&L net of commissions, R multiple, and letting the reservation go. */
import type { SettleOutcome } from '../contract/activities.js';
import { bookLots, rMultiple, type Fill, type LotBook } from '../domain/lots.js';
import { decimal, moneyText } from '../domain/money.js';
import type { BracketPlan } from '../domain/risk/plan.js';
import type { Side } from '../domain/vocabulary.js';
import { textFromRow, toJson, type Database, type Transaction } from './database.js';
import { lockBook, type TradeBook } from './book/load.js';
import { saveBook } from './book/save.js';
import { addTradeEvent } from './timeline.js';
import { transact } from './transact.js';

/** Executions of the trade that count and whose commission has not come. */
export async function missingCommissions(db: Database, tradeId: string): Promise<number> {
  return db.execution.count({
    where: { tradeId, superseded: false, commission: null, quantity: { gt: 0 } },
  });
}

/** Books the result of a trade that is over. Again gives the same result. */
export async function settleTrade(
  db: Database,
  tradeId: string,
  nowMs: number,
): Promise<SettleOutcome> {
  return transact(db, 'settle.commit', { tradeId }, async (tx) => {
    const book = await lockBook(tx, tradeId);
    const isFirst = book.trade.realizedPnl === null;
    const result = await bookResult(tx, book);
    await tx.reservation.updateMany({
      where: { tradeId, phase: { not: 'RELEASED' } },
      data: { phase: 'RELEASED', releasedAt: new Date(nowMs) },
    });
    const summary = summaryOf(book, result);
    if (isFirst) await announce(tx, book, summary, result, nowMs);
    const { snapshot } = await saveBook(tx, book, nowMs);
    return { snapshot, realizedPnl: result && moneyText(decimal(result.realizedPnl)), summary };
  });
}

/** Lots and P&L from the executions as they are now; null when nothing was filled. */
async function bookResult(tx: Transaction, book: TradeBook): Promise<LotBook | null> {
  const fills = fillsOf(book);
  if (fills.length === 0) return null;
  const result = bookLots(fills);
  await keepLots(tx, book, result);
  const risk = await approvedRisk(tx, book);
  await tx.trade.update({
    where: { id: book.trade.id },
    data: {
      grossPnl: result.grossPnl,
      commission: result.commission,
      realizedPnl: result.realizedPnl,
      rMultiple: risk === null ? null : rMultiple(result.realizedPnl, risk),
    },
  });
  return result;
}

/**
 * What came after the trade was settled (a commission, a correction, a bust) is booked as an adjustment
 * (TRD-12): the result is reckoned anew and the difference told on the timeline.
 */
export async function adjustResult(tx: Transaction, tradeId: string): Promise<void> {
  const book = await lockBook(tx, tradeId);
  const before = textFromRow(book.trade.realizedPnl);
  if (before === null) return;
  const result = await bookResult(tx, book);
  if (result === null || decimal(result.realizedPnl).eq(decimal(before))) return;
  const { userId } = book.trade;
  const summary = `result adjusted from ${before} to ${result.realizedPnl}`;
  await addTradeEvent(tx, { userId, tradeId }, 'adjusted', summary);
}

/** Timeline and outbox, once per trade. */
async function announce(
  tx: Transaction,
  book: TradeBook,
  summary: string,
  result: LotBook | null,
  nowMs: number,
): Promise<void> {
  const { userId, id: tradeId } = book.trade;
  const dedupeKey = `trade-over:${tradeId}`;
  if (await tx.notification.findUnique({ where: { dedupeKey } })) return;
  await addTradeEvent(tx, { userId, tradeId }, 'settled', summary);
  await tx.notification.create({
    data: {
      userId,
      tradeId,
      dedupeKey,
      kind: result ? 'closed' : 'ended',
      body: toJson({ summary, at_ms: nowMs }),
    },
  });
}

function summaryOf({ trade }: TradeBook, result: LotBook | null): string {
  if (result === null) return `${trade.side} ${trade.symbol}: nothing was filled`;
  const filled = textFromRow(trade.filledQuantity);
  const net = moneyText(decimal(result.realizedPnl));
  return `${trade.side} ${filled} ${trade.symbol}: ${net} after commissions`;
}

/** Executions that count, oldest first. */
function fillsOf(book: TradeBook): Fill[] {
  return [...book.rows.values()]
    .flatMap((row) => row.executions)
    .filter((row) => !row.superseded)
    .sort((a, b) => a.executedAt.getTime() - b.executedAt.getTime() || Number(a.id - b.id))
    .map((row) => ({
      executionId: row.executionId,
      side: row.side as Side,
      quantity: textFromRow(row.quantity),
      price: textFromRow(row.price),
      commission: textFromRow(row.commission),
    }));
}

async function keepLots(tx: Transaction, book: TradeBook, { lots }: LotBook): Promise<void> {
  const { userId, id: tradeId } = book.trade;
  await tx.lot.deleteMany({ where: { tradeId } });
  await tx.lot.createMany({
    data: lots.map(({ side, quantity, openExecutionId, openPrice, ...closing }) => ({
      userId,
      tradeId,
      side,
      quantity,
      openExecutionId,
      openPrice,
      closeExecutionId: closing.closeExecutionId,
      closePrice: closing.closePrice,
      realizedPnl: closing.realizedPnl,
    })),
  });
}

/** What the plan allowed to be lost; null where there is no plan. */
async function approvedRisk(tx: Transaction, book: TradeBook): Promise<string | null> {
  if (book.trade.decisionId === null) return null;
  const row = await tx.decision.findUnique({ where: { id: book.trade.decisionId } });
  const plan = row?.plan as unknown as BracketPlan | null;
  return plan?.approvedRisk ?? null;
}
