/** Orders of all trades, newest first. */
import { hasEnded, type ListedOrder, type OrderFilter } from '../../contract/views.js';
import { ENDED } from '../../domain/orders/table.js';
import type { TradeState } from '../../domain/trade/states.js';
import type { OrderStatus } from '../../domain/vocabulary.js';
import type { Database, Prisma } from '../database.js';
import { orderView } from './orders.js';
import { pageFrom, pageOf } from './trades.js';

const WITH_NAMES = {
  incarnations: { orderBy: { n: 'asc' } },
  account: { select: { brokerAccountId: true } },
  trade: { select: { state: true, symbol: true, strategy: { select: { name: true } } } },
} as const;

/** Nothing of an order works at the broker any more. */
const OVER: readonly OrderStatus[] = [...ENDED, 'FAILED'];

type Row = Prisma.OrderGetPayload<{ include: typeof WITH_NAMES }>;

/** The user's orders. */
export async function listOrders(
  db: Database,
  userId: string,
  filter: OrderFilter,
): Promise<ListedOrder[]> {
  const rows = await db.order.findMany({
    where: ordersWhere(userId, filter),
    include: WITH_NAMES,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    ...pageFrom(filter),
  });
  return pageOf(rows, filter).map(listedOrder);
}

/** One of them; null when the user has none of that id. */
export async function loadOrder(
  db: Database,
  userId: string,
  id: string,
): Promise<ListedOrder | null> {
  const row = await db.order.findFirst({ where: { id, userId }, include: WITH_NAMES });
  return row && listedOrder(row);
}

function ordersWhere(
  userId: string,
  { open, symbol, account }: OrderFilter,
): Prisma.OrderWhereInput {
  return {
    userId,
    ...(open ? { intent: { in: ['SENDING', 'SENT'] }, status: { notIn: [...OVER] } } : {}),
    ...(symbol ? { trade: { symbol: symbol.toUpperCase() } } : {}),
    ...(account ? { account: { brokerAccountId: account } } : {}),
  };
}

function listedOrder(row: Row): ListedOrder {
  const { trade, account } = row;
  return {
    ...orderView(row, hasEnded(trade.state as TradeState)),
    trade_id: row.tradeId,
    symbol: trade.symbol,
    account_id: account.brokerAccountId,
    strategy_id: trade.strategy.name,
  };
}
