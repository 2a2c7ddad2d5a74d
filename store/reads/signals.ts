/** Signals with what became of them. */
import type { JsonObject, SignalView, TradeFilter } from '../../contract/views.js';
import type { Database } from '../database.js';
import { instant } from './shape.js';
import {
  NEWEST_FIRST,
  pageFrom,
  pageOf,
  SUMMARY_INCLUDE,
  tradeSummary,
  tradesWhere,
} from './trades.js';

/** The user's signals by the state of their trades, newest first. */
export async function listSignals(
  db: Database,
  userId: string,
  filter: TradeFilter,
): Promise<SignalView[]> {
  const rows = await db.trade.findMany({
    where: tradesWhere(userId, filter),
    include: { ...SUMMARY_INCLUDE, signal: true },
    orderBy: NEWEST_FIRST,
    ...pageFrom(filter),
  });
  return pageOf(rows, filter).map((row) => ({
    id: row.signal.signalId,
    received_at: instant(row.signal.receivedAt),
    signal: row.signal.body as JsonObject,
    trade: tradeSummary(row),
  }));
}

/** The trade of a signal by the caller's own id; null when the user has sent none of it. */
export async function tradeOfSignal(
  db: Database,
  userId: string,
  signalId: string,
): Promise<string | null> {
  const row = await db.signal.findUnique({
    where: { userId_signalId: { userId, signalId } },
    select: { trade: { select: { id: true } } },
  });
  return row?.trade?.id ?? null;
}
