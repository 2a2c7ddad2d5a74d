/** Settling: lots, P&L net of commissions, R multiple, and letting the reservation go. */
import type { SettleOutcome } from '../contract/activities.js';
import { decimal, moneyText, sum, ZERO, type Decimal } from '../domain/money.js';
import { bookLots, type Fill, type Lot } from '../domain/lots.js';
import type { BracketPlan } from '../domain/risk/plan.js';
import { textFromRow, toJson, toRow, type Database, type Transaction } from './database.js';
import { lockBook, type TradeBook } from './book/load.js';
import { saveBook } from './book/save.js';
import { addTradeEvent } from './timeline.js';

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
  return db.$transaction(async (tx) => {
    const book = await lockBook(tx, tradeId);
    const fills = fillsOf(book);
    const { lots, grossPnl } = bookLots(fills);
    const gross = decimal(grossPnl);
    const commission = sum(fills.map((fill) => decimal(fill.commission ?? '0')));
    const net = gross.sub(commission);
    await keepLots(tx, book, lots);
    await tx.reservation.updateMany({
      where: { tradeId, phase: { not: 'RELEASED' } },
      data: { phase: 'RELEASED', releasedAt: new Date(nowMs) },
    });
    const result = { gross, commission, net, rMultiple: await rMultiple(tx, book, net) };
    return finish(tx, book, result, fills.length > 0, nowMs);
  });
}

interface Result {
  readonly gross: Decimal;
  readonly commission: Decimal;
  readonly net: Decimal;
  readonly rMultiple: Decimal | null;
}

async function finish(
  tx: Transaction,
  book: TradeBook,
  { gross, commission, net, rMultiple }: Result,
  traded: boolean,
  nowMs: number,
): Promise<SettleOutcome> {
  const { trade } = book;
  const summary = traded
    ? `${trade.side} ${trade.filledQuantity.toFixed()} ${trade.symbol}: ${moneyText(net)} after commissions`
    : `${trade.side} ${trade.symbol}: nothing was filled`;
  if (trade.realizedPnl === null) await announce(tx, book, summary, traded, nowMs);
  if (traded) {
    await tx.trade.update({
      where: { id: trade.id },
      data: {
        grossPnl: toRow(gross),
        commission: toRow(commission),
        realizedPnl: toRow(net),
        rMultiple: rMultiple && toRow(rMultiple),
      },
    });
  }
  const { snapshot } = await saveBook(tx, book, nowMs);
  return { snapshot, realizedPnl: traded ? moneyText(net) : null, summary };
}

/** Timeline and outbox, once per trade. */
async function announce(
  tx: Transaction,
  book: TradeBook,
  summary: string,
  traded: boolean,
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
      kind: traded ? 'closed' : 'ended',
      body: toJson({ summary, at_ms: nowMs }),
    },
  });
}

/** Executions that count, oldest first; a bust has quantity 0 and counts nothing. */
function fillsOf(book: TradeBook): Fill[] {
  return [...book.rows.values()]
    .flatMap((row) => row.executions)
    .filter((row) => !row.superseded && row.quantity.gt(0))
    .sort((a, b) => a.executedAt.getTime() - b.executedAt.getTime() || Number(a.id - b.id))
    .map((row) => ({
      executionId: row.executionId,
      side: row.side as 'BUY' | 'SELL',
      quantity: textFromRow(row.quantity),
      price: textFromRow(row.price),
      commission: textFromRow(row.commission),
    }));
}

async function keepLots(tx: Transaction, book: TradeBook, lots: readonly Lot[]) {
  const { userId, id: tradeId } = book.trade;
  await tx.lot.deleteMany({ where: { tradeId } });
  await tx.lot.createMany({
    data: lots.map((lot) => ({
      userId,
      tradeId,
      side: lot.side,
      openExecutionId: lot.openExecutionId,
      closeExecutionId: lot.closeExecutionId,
      quantity: lot.quantity,
      openPrice: lot.openPrice,
      closePrice: lot.closePrice,
      realizedPnl: lot.realizedPnl,
    })),
  });
}

/** 4 decimals: an R multiple is read, not reckoned with. */
const R_DECIMALS = 4;

/** Result over the risk that was approved; null where no plan was. */
async function rMultiple(tx: Transaction, book: TradeBook, net: Decimal): Promise<Decimal | null> {
  if (book.trade.decisionId === null) return null;
  const row = await tx.decision.findUnique({ where: { id: book.trade.decisionId } });
  const plan = row?.plan as unknown as BracketPlan | null;
  const risk = plan ? decimal(plan.approvedRisk) : ZERO;
  return risk.gt(0) ? net.div(risk).toDecimalPlaces(R_DECIMALS) : null;
}
