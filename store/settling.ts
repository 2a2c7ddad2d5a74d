/** How a trade ends: withdrawn before it was sent, abandoned, or settled with its lots and P&L. */
import type { EntryOutcome } from '../contract/activities.js';
import type { TradeSnapshot } from '../contract/workflows.js';
import type { Database, Transaction } from './database.js';
import { lockBook, type TradeBook } from './book/load.js';
import { saveBook, viewOf } from './book/save.js';
import { applyToLeg } from './order-facts.js';
import { addTradeEvent } from './timeline.js';
import { transact } from './transact.js';

/** What became of an entry that no worker took in time: only its row knows. */
export async function withdrawEntry(db: Database, tradeId: string): Promise<EntryOutcome> {
  return transact(db, 'untaken.commit', { tradeId }, async (tx) => {
    const book = await lockBook(tx, tradeId);
    const snapshot = book.trade.snapshot as unknown as TradeSnapshot;
    if (entryWasTaken(book)) return { kind: 'unknown', snapshot };
    // The plan is as old as the wait: the next round makes a new one.
    const reason = 'no broker worker took it in time';
    await tx.reservation.updateMany({ where: { tradeId }, data: { phase: 'RELEASED' } });
    const saved = await saveBook(tx, book, Date.now(), { decisionId: null, failure: reason });
    return { kind: 'not_sent', reason, snapshot: saved.snapshot };
  });
}

/** Ends a trade of which nothing was ever at the broker; one in flight stays as it is. */
export async function abandonTrade(
  tx: Transaction,
  tradeId: string,
  reason: string,
  nowMs: number,
): Promise<TradeSnapshot> {
  const book = await lockBook(tx, tradeId);
  if (entryWasTaken(book) || viewOf(book).isOver) {
    return book.trade.snapshot as unknown as TradeSnapshot;
  }
  await tx.reservation.updateMany({
    where: { tradeId },
    data: { phase: 'RELEASED', releasedAt: new Date(nowMs) },
  });
  for (const leg of book.legs.values()) {
    applyToLeg(book, leg.legId, { kind: 'sendFailed', message: reason });
  }
  const { userId, cancelRequested } = book.trade;
  const beforeEntry = cancelRequested ? 'CANCELLED' : 'ABANDONED';
  await addTradeEvent(tx, { userId, tradeId }, 'ended', `${beforeEntry.toLowerCase()}: ${reason}`);
  const { snapshot } = await saveBook(tx, book, nowMs, { beforeEntry, failure: reason });
  return snapshot;
}

function entryWasTaken(book: TradeBook): boolean {
  return [...book.legs.values()].some((leg) => leg.intent !== 'NEW');
}
