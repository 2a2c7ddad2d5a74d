/** Lists of trades: one line each, newest first. */
import type { StatusFilter, TradeFilter, TradeSummary } from '../../contract/views.js';
import { FINAL_STATES, type TradeState } from '../../domain/trade/states.js';
import type { Side } from '../../domain/vocabulary.js';
import { textFromRow, type Database, type Prisma } from '../database.js';
import type { Trade } from '../generated/client.js';
import { instant, optionalText } from './shape.js';

/** The user's trades, newest first. */
export async function listTrades(
  db: Database,
  userId: string,
  filter: TradeFilter,
): Promise<TradeSummary[]> {
  const rows = await db.trade.findMany({
    where: tradesWhere(userId, filter),
    include: SUMMARY_INCLUDE,
    orderBy: NEWEST_FIRST,
    ...pageFrom(filter),
  });
  return pageOf(rows, filter).map(tradeSummary);
}

export const NEWEST_FIRST: Prisma.TradeOrderByWithRelationInput[] = [
  { createdAt: 'desc' },
  { id: 'desc' },
];

export interface PageAsked {
  /** The one that the page before ended with. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/**
 * Rows from the one that the page before ended with; the database compares its own instants. `pageOf` takes that one out:
 * it may have left the filter meanwhile, and to skip one row would skip another then.
 */
export function pageFrom({ after, limit }: PageAsked) {
  const isFirst = after === undefined;
  return { take: isFirst ? limit : limit + 1, ...(!isFirst && { cursor: { id: after } }) };
}

/** The page of rows that were read with `pageFrom`. */
export function pageOf<T extends { readonly id: string }>(
  rows: readonly T[],
  { after, limit }: PageAsked,
): readonly T[] {
  return rows.filter(({ id }) => id !== after).slice(0, limit);
}

/** How many of the user's trades a filter lets through, its limit aside. */
export function countTrades(
  db: Database,
  userId: string,
  filter: Omit<TradeFilter, 'limit'>,
): Promise<number> {
  return db.trade.count({ where: tradesWhere(userId, filter) });
}

/** What a filter lets through, its limit and its page aside. */
export function tradesWhere(
  userId: string,
  { status, symbol, strategy, account, side, from, until }: Omit<TradeFilter, 'limit'>,
): Prisma.TradeWhereInput {
  const since = { ...(from && { gte: from }), ...(until && { lt: until }) };
  return {
    userId,
    ...(status ? { state: stateCondition(status) } : {}),
    ...(symbol ? { symbol: symbol.toUpperCase() } : {}),
    ...(strategy ? { strategy: { name: strategy } } : {}),
    ...(account ? { account: { brokerAccountId: account } } : {}),
    ...(side ? { side } : {}),
    ...(from || until ? { createdAt: since } : {}),
  };
}

function stateCondition(status: StatusFilter): Prisma.StringFilter | string {
  if (status === 'live') return { notIn: [...FINAL_STATES] };
  if (status === 'ended') return { in: [...FINAL_STATES] };
  return status;
}

/** The names that a summary needs beside the trade's own row. */
export const SUMMARY_INCLUDE = {
  signal: { select: { signalId: true } },
  strategy: { select: { name: true } },
  account: { select: { brokerAccountId: true } },
} as const;

export type SummaryRow = Trade & {
  readonly signal: { readonly signalId: string };
  readonly strategy: { readonly name: string };
  readonly account: { readonly brokerAccountId: string };
};

/** A trade's row and names as one line. */
export function tradeSummary(row: SummaryRow): TradeSummary {
  return {
    id: row.id,
    signal_id: row.signal.signalId,
    strategy_id: row.strategy.name,
    account_id: row.account.brokerAccountId,
    symbol: row.symbol,
    side: row.side as Side,
    state: row.state as TradeState,
    planned_quantity: optionalText(row.plannedQuantity),
    filled_quantity: textFromRow(row.filledQuantity),
    held_quantity: textFromRow(row.heldQuantity),
    reference_price: optionalText(row.referencePrice),
    average_entry: optionalText(row.averageEntry),
    average_exit: optionalText(row.averageExit),
    stop_price: optionalText(row.stopPrice),
    target_price: optionalText(row.targetPrice),
    is_protected: row.isProtected,
    exit_reason: row.exitReason,
    denial_codes: row.denialCodes,
    failure: row.failure,
    gross_pnl: optionalText(row.grossPnl),
    commission: optionalText(row.commission),
    realized_pnl: optionalText(row.realizedPnl),
    r_multiple: optionalText(row.rMultiple),
    doubt: row.doubt,
    created_at: instant(row.createdAt),
    opened_at: instant(row.openedAt),
    closed_at: instant(row.closedAt),
    updated_at: instant(row.updatedAt),
  };
}
