/** Positions as this system's books hold them, with what protects them. */
import type { PositionView } from '../../contract/views.js';
import type { ContractInfo } from '../../contract/market.js';
import { covers, isOpen } from '../../domain/hours.js';
import { decimal, text, ZERO } from '../../domain/money.js';
import { excessAtBroker, type GuardedTrade } from '../../domain/trade/guard.js';
import { FINAL_STATES } from '../../domain/trade/states.js';
import { openTrades } from '../book/open-trades.js';
import { textFromRow, type Database, type Prisma } from '../database.js';
import { contractIdOf } from '../instrument.js';
import { instant, optionalText } from './shape.js';

/** Every position that isn't flat, by account and symbol, as of an instant. */
export async function listPositions(
  db: Database,
  userId: string,
  nowMs: number,
): Promise<PositionView[]> {
  const rows = await db.position.findMany({
    where: { userId, quantity: { not: 0 } },
    include: { strategy: { select: { name: true } }, account: true },
    orderBy: [{ accountId: 'asc' }, { symbol: 'asc' }],
  });
  const trades = await db.trade.findMany({
    where: { userId, state: { notIn: [...FINAL_STATES] }, heldQuantity: { not: 0 } },
  });
  const quotes = await quotesOf(db, rows);
  const excess = await excessExits(db, rows);
  const closed = await closedMarkets(db, rows, nowMs);
  return rows.map((row) => {
    const contractKey = quoteKey(row.account.connectionId, row.brokerContractId);
    const quote = quotes.get(contractKey);
    const quantity = decimal(textFromRow(row.quantity));
    // A long is sold to the bid, a short bought back at the ask.
    const side = quantity.gt(ZERO) ? quote?.bid : quote?.ask;
    const price = side ? decimal(textFromRow(side)) : null;
    const cost = decimal(textFromRow(row.averageCost));
    return {
      account_id: row.account.brokerAccountId,
      strategy_id: row.strategy?.name ?? null,
      symbol: row.symbol,
      quantity: text(quantity),
      average_cost: text(cost),
      closing_price: price && text(price),
      quote_at: quote && price ? instant(quote.at) : null,
      unrealized_pnl: price && text(price.sub(cost).mul(quantity)),
      trades: trades
        .filter((trade) => isOf(trade, row))
        .map((trade) => ({
          trade_id: trade.id,
          state: trade.state,
          held_quantity: textFromRow(trade.heldQuantity),
          stop_price: optionalText(trade.stopPrice),
          target_price: optionalText(trade.targetPrice),
          is_protected: trade.isProtected,
          regular_hours_only: closed.has(contractKey),
          excess_exits: excess.get(trade.id) ?? null,
        })),
    };
  });
}

type Row = { readonly accountId: string; readonly strategyId: string | null };

/** Whether what the trade holds is in that position: a contract's symbol may change, and options share it. */
function isOf(
  trade: Row & { readonly instrument: Prisma.JsonValue },
  row: Row & { readonly brokerContractId: number },
): boolean {
  const isOfHolder = trade.accountId === row.accountId && trade.strategyId === row.strategyId;
  return isOfHolder && contractIdOf(trade.instrument) === row.brokerContractId;
}

interface Held {
  readonly brokerContractId: number;
  readonly quantity: Prisma.Decimal;
  readonly account: { readonly connectionId: string; readonly brokerAccountId: string };
}

/**
 * By trade: how many shares its contract's exits could fill beyond what the account holds, all holders together.
 * The guard's rule, by the books: what somebody sold by hand is in them before its trade is looked into.
 */
async function excessExits(db: Database, held: readonly Held[]): Promise<Map<string, string>> {
  const positions = held.map(({ account, brokerContractId, quantity }) => ({
    ...{ account: account.brokerAccountId, brokerContractId, quantity: textFromRow(quantity) },
  }));
  const trades: GuardedTrade[] = [];
  for (const connectionId of new Set(held.map(({ account }) => account.connectionId))) {
    for await (const page of openTrades(db, connectionId, false)) trades.push(...page);
  }
  const found = excessAtBroker(trades, positions);
  return new Map(found.map(({ tradeId, shares }) => [tradeId, shares]));
}

/** The contracts that are outside their liquid hours now, as far as their hours are known (SIG-5). */
async function closedMarkets(
  db: Database,
  held: readonly Held[],
  nowMs: number,
): Promise<Set<string>> {
  const rows = await db.contract.findMany({ where: ofContracts(held) });
  const isClosed = (body: unknown) => {
    const { hours } = body as Partial<ContractInfo>;
    return hours ? covers(hours, nowMs) && !isOpen(hours, nowMs) : false;
  };
  const closed = rows.filter(({ body }) => isClosed(body));
  return new Set(closed.map((row) => quoteKey(row.connectionId, row.brokerContractId)));
}

function ofContracts(held: readonly Held[]) {
  return {
    connectionId: { in: held.map((row) => row.account.connectionId) },
    brokerContractId: { in: held.map((row) => row.brokerContractId) },
  };
}

async function quotesOf(db: Database, held: readonly Held[]) {
  const rows = await db.quote.findMany({ where: ofContracts(held) });
  return new Map(rows.map((row) => [quoteKey(row.connectionId, row.brokerContractId), row]));
}

function quoteKey(connectionId: string, brokerContractId: number): string {
  return `${connectionId}/${brokerContractId}`;
}
