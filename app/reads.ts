/** What is read, for every surface: views of the contract, of the application's user alone. */
import type {
  AccountView,
  AttentionView,
  ConnectionView,
  ListedOrder,
  OpenTradeView,
  OrderFilter,
  PositionView,
  PriceBarsView,
  SignalView,
  StrategyView,
  TradeDetail,
  TradeFilter,
  TradeList,
  TradeMatch,
  TradeSummary,
} from '../contract/views.js';
import * as reads from '../store/reads.js';
import type { App } from './app.js';

export function listTrades({ db, userId }: App, filter: TradeFilter): Promise<TradeSummary[]> {
  return reads.listTrades(db, userId, filter);
}

/** The same list with what its limit leaves out, for whoever must know that it is whole. */
export async function tradeList(app: App, filter: TradeFilter): Promise<TradeList> {
  const trades = await listTrades(app, filter);
  const isCut = trades.length >= filter.limit;
  const total = isCut ? await reads.countTrades(app.db, app.userId, filter) : trades.length;
  return { trades, total, truncated: total > trades.length };
}

/** The whole trade, or null when there is none of that id. */
export function loadTrade({ db, userId }: App, tradeId: string): Promise<TradeDetail | null> {
  return reads.loadTrade(db, userId, tradeId);
}

/** Prices around a trade's life; null when there is none of that id. */
export function tradeBars({ db, userId }: App, tradeId: string): Promise<PriceBarsView | null> {
  return reads.barsOfTrade(db, userId, tradeId);
}

/** Finds a trade as people name it: its id, the beginning of its id, or its signal's id. */
export function findTrade({ db, userId }: App, name: string): Promise<TradeMatch> {
  return reads.findTrade(db, userId, name);
}

export function listPositions({ db, userId }: App): Promise<PositionView[]> {
  return reads.listPositions(db, userId, Date.now());
}

export function listAccounts({ db, userId }: App): Promise<AccountView[]> {
  return reads.listAccounts(db, userId);
}

export function listConnections({ db, userId }: App): Promise<ConnectionView[]> {
  return reads.listConnections(db, userId);
}

/** What is held, or may be at the broker, and whether it is protected: what a stop leaves behind. */
export function listOpen({ db, userId }: App): Promise<OpenTradeView[]> {
  return reads.listOpen(db, userId);
}

/** Pauses in force, and trades that ask for a person. */
export function listAttention({ db, userId }: App): Promise<AttentionView[]> {
  return reads.listAttention(db, userId);
}

/** Signals, by what became of them. */
export function listSignals({ db, userId }: App, filter: TradeFilter): Promise<SignalView[]> {
  return reads.listSignals(db, userId, filter);
}

/** The trade of a signal, by the caller's own id; null when there is none of it. */
export function tradeOfSignal({ db, userId }: App, signalId: string): Promise<string | null> {
  return reads.tradeOfSignal(db, userId, signalId);
}

/** Whether there is a trade of that id. */
export function isTrade({ db, userId }: App, tradeId: string): Promise<boolean> {
  return reads.isTradeOf(db, userId, tradeId);
}

/** Orders of all trades, newest first. */
export function listOrders({ db, userId }: App, filter: OrderFilter): Promise<ListedOrder[]> {
  return reads.listOrders(db, userId, filter);
}

/** One order; null when there is none of that id. */
export function loadOrder({ db, userId }: App, id: string): Promise<ListedOrder | null> {
  return reads.loadOrder(db, userId, id);
}

export function listStrategies({ db, userId }: App): Promise<StrategyView[]> {
  return reads.listStrategies(db, userId);
}
