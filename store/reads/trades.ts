/** Lists of trades: one line each, newest first. */
import { TRADE_STATES, type TradeState } from '../../domain/trade/states.js';
import type { Side } from '../../domain/vocabulary.js';
import { textFromRow, type Database, type Prisma } from '../database.js';
import type { Trade } from '../generated/client.js';
import { instant, optionalText } from './shape.js';

export interface TradeSummary {
  readonly id: string;
  readonly signal_id: string;
  readonly strategy_id: string;
  readonly account_id: string;
  readonly symbol: string;
  readonly side: Side;
  readonly state: TradeState;
  readonly planned_quantity: string | null;
  readonly filled_quantity: string;
  readonly held_quantity: string;
  /** What sizing took as the entry. */
  readonly reference_price: string | null;
  readonly average_entry: string | null;
  readonly average_exit: string | null;
  readonly stop_price: string | null;
  readonly target_price: string | null;
  readonly is_protected: boolean;
  readonly exit_reason: string | null;
  readonly denial_codes: readonly string[];
  readonly failure: string | null;
  readonly gross_pnl: string | null;
  readonly commission: string | null;
  /** Net of commissions. */
  readonly realized_pnl: string | null;
  readonly r_multiple: string | null;
  readonly created_at: string;
  readonly opened_at: string | null;
  readonly closed_at: string | null;
  readonly updated_at: string;
}

/** States in which nothing of a trade happens any more. */
export const ENDED_STATES = [
  'CLOSED',
  'DENIED',
  'REJECTED',
  'CANCELLED',
  'ABANDONED',
  'EXPIRED',
  'FAILED',
] as const satisfies readonly TradeState[];

export function hasEnded(state: TradeState): boolean {
  return (ENDED_STATES as readonly TradeState[]).includes(state);
}

/** What a list may be narrowed to: a state, or the groups `live` and `ended`. */
export const STATUS_FILTERS = ['live', 'ended', ...TRADE_STATES] as const;
export type StatusFilter = (typeof STATUS_FILTERS)[number];

export interface TradeFilter {
  readonly status?: StatusFilter;
  readonly symbol?: string;
  readonly strategy?: string;
  readonly limit: number;
}

/** The user's trades, newest first. */
export async function listTrades(
  db: Database,
  userId: string,
  filter: TradeFilter,
): Promise<TradeSummary[]> {
  const rows = await db.trade.findMany({
    where: {
      userId,
      ...(filter.status ? { state: stateCondition(filter.status) } : {}),
      ...(filter.symbol ? { symbol: filter.symbol } : {}),
      ...(filter.strategy ? { strategy: { name: filter.strategy } } : {}),
    },
    include: SUMMARY_INCLUDE,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: filter.limit,
  });
  return rows.map(tradeSummary);
}

function stateCondition(status: StatusFilter): Prisma.StringFilter | string {
  if (status === 'live') return { notIn: [...ENDED_STATES] };
  if (status === 'ended') return { in: [...ENDED_STATES] };
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
    created_at: instant(row.createdAt),
    opened_at: instant(row.openedAt),
    closed_at: instant(row.closedAt),
    updated_at: instant(row.updatedAt),
  };
}
