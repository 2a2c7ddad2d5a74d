/**
 * The border inside the paper gateway: what the protocol side (sessions, codec) asks of the exchange
 * side (books, matching, accounts), and what it is told. The exchange knows nothing of sockets or of
 * message layouts; the protocol knows nothing of matching. Words are IBKR's here, because this whole
 * program imitates IBKR. Money, price and quantity are decimals.
 */
import type { Decimal } from '../../domain/money.js';

export type Action = 'BUY' | 'SELL';
export type ApiStatus =
  | 'ApiPending'
  | 'PendingSubmit'
  | 'PendingCancel'
  | 'PreSubmitted'
  | 'Submitted'
  | 'ApiCancelled'
  | 'Cancelled'
  | 'Filled'
  | 'Inactive';

export interface ContractSpec {
  conId: number;
  symbol: string;
  secType: string;
  exchange: string;
  primaryExchange: string;
  currency: string;
  localSymbol: string;
  tradingClass: string;
}

/** A listed instrument: the built-in list, and whatever the replay folder holds. */
export interface Listing extends ContractSpec {
  longName: string;
  industry: string;
  category: string;
  subcategory: string;
  minTick: Decimal;
  /** Price of the simulation's start; for replay the first recorded mid. */
  referencePrice: Decimal;
  /** Unset for symbols that only a replay folder holds. */
  isin?: string;
}

/** How a client names an instrument: by any of its fields, or by a security id. */
export interface ContractQuery extends Partial<ContractSpec> {
  /** Only `ISIN` is known. */
  secIdType?: string;
  secId?: string;
}

/** An order exactly as the client asked for it (placeOrder), unset fields undefined. */
export interface OrderRequest {
  contract: ContractQuery;
  action: Action;
  totalQuantity: Decimal;
  orderType: string;
  lmtPrice?: Decimal;
  auxPrice?: Decimal;
  trailStopPrice?: Decimal;
  trailingPercent?: Decimal;
  tif: string; // '' means DAY
  goodTillDate: string;
  goodAfterTime: string;
  ocaGroup: string;
  ocaType: number; // 0 unset
  account: string;
  orderRef: string;
  transmit: boolean;
  parentId: number; // 0 none
  outsideRth: boolean;
  triggerMethod: number; // 0 default
  allOrNone: boolean;
  minQty?: Decimal;
  displaySize?: number;
  whatIf: boolean;
  /** Fields that are echoed but not interpreted, by TWS name (openClose, origin, clearingIntent …). */
  echoed: Record<string, string>;
}

/** A live, staged or finished order, as the exchange keeps it. */
export interface OrderView {
  clientId: number;
  orderId: number;
  permId: number;
  parentPermId: number; // 0 none
  contract: ContractSpec;
  request: OrderRequest; // current values, after modifications; ocaGroup/ocaType as the exchange set them
  status: ApiStatus;
  whyHeld: string; // '', 'trigger', 'locate', 'child'
  filled: Decimal;
  remaining: Decimal;
  avgFillPrice: Decimal;
  lastFillPrice: Decimal;
  /** TRAIL's current stop price. */
  trailStopPrice?: Decimal;
  warningText: string;
  completedTimeMs?: number;
  completedStatus?: string;
}

export interface ExecutionView {
  execId: string;
  /** Latest correction or bust counts; keyed by the part before the last dot. */
  timeMs: number;
  account: string;
  exchange: string;
  side: 'BOT' | 'SLD';
  shares: Decimal;
  price: Decimal;
  permId: number;
  clientId: number;
  orderId: number;
  cumQty: Decimal;
  avgPrice: Decimal;
  orderRef: string;
  contract: ContractSpec;
  /** 1 added, 2 removed liquidity. */
  lastLiquidity: number;
}

export interface CommissionView {
  execId: string;
  commission: Decimal;
  currency: string;
  /** Undefined for an opening trade. */
  realizedPnl?: Decimal;
}

export interface PositionView {
  account: string;
  contract: ContractSpec;
  position: Decimal; // signed shares
  avgCost: Decimal;
  marketPrice: Decimal;
  marketValue: Decimal;
  unrealizedPnl: Decimal;
  realizedPnl: Decimal;
}

/** One account value, by TWS tag (NetLiquidation, TotalCashValue, SettledCash, BuyingPower …). */
export interface AccountValue {
  account: string;
  tag: string;
  value: string;
  currency: string;
}

export interface QuoteView {
  bid: Decimal;
  bidSize: Decimal;
  ask: Decimal;
  askSize: Decimal;
  last?: Decimal;
  lastSize?: Decimal;
  high?: Decimal;
  low?: Decimal;
  open?: Decimal;
  close?: Decimal;
  volume?: Decimal;
  timeMs: number; // wall clock
  halted: boolean;
}

export interface WhatIfResult {
  initMarginBefore: Decimal;
  initMarginChange: Decimal;
  initMarginAfter: Decimal;
  maintMarginBefore: Decimal;
  maintMarginChange: Decimal;
  maintMarginAfter: Decimal;
  equityWithLoanBefore: Decimal;
  equityWithLoanChange: Decimal;
  equityWithLoanAfter: Decimal;
  commission: Decimal;
  warningText: string;
}

export interface PnlView {
  daily: Decimal;
  unrealized: Decimal;
  realized: Decimal;
}

/** What happened, in the order in which the exchange decided it. Persisted before it is emitted. */
export type ExchangeEvent =
  | { kind: 'order'; order: OrderView }
  /** A change of an order that no client is told of (by fault): onlookers only. */
  | { kind: 'unspoken'; order: OrderView }
  | { kind: 'execution'; execution: ExecutionView }
  | { kind: 'commission'; report: CommissionView; clientId: number; account: string }
  /** An error for one order of one client (201, 202, 399, 110, 103, 10147 …). */
  | { kind: 'error'; clientId: number; orderId: number; code: number; message: string }
  | { kind: 'position'; position: PositionView };

/** What is done to a market by hand. Instants are recorded ones, ISO 8601 with offset, and for replays alone. */
export interface MarketChange {
  /** Held, or let go. */
  paused?: boolean;
  speed?: number;
  /** Jumps there: the quotes that were valid then are the current ones. */
  at?: string;
  /** Let go until there: every row up to it is played, then the market is held. */
  until?: string;
}

/** The market: prices and their clock. */
export interface Market {
  /** Undefined for an unknown symbol or before the first quote. */
  quote(symbol: string): QuoteView | undefined;
  /** Called for each new quote, in time order; the returned function ends it. */
  onQuote(listener: (symbol: string, quote: QuoteView) => void): () => void;
  /** False after a replay's last row. */
  isOpen(symbol: string): boolean;
  /**
   * Sets prices by hand (control port): bid and ask around the given mid, 1,000 shares on each side or
   * the size given; throws on an unknown symbol.
   */
  setPrices(prices: Record<string, Decimal>, sizes?: Record<string, Decimal>): void;
  setHalted(symbol: string, halted: boolean): void;
  control(change: MarketChange): void;
  state(): { mode: 'simulated' | 'replay'; paused: boolean; speed: number; at: string };
  start(): void;
  stop(): void;
}

export interface Listings {
  find(spec: ContractQuery): Listing[];
  all(): readonly Listing[];
}

export interface Sessions {
  /** Liquid hours (regular session) now. */
  isRegularSession(nowMs: number): boolean;
  /** Trading hours incl. pre- and after-market now. */
  isTradingSession(nowMs: number): boolean;
  nextRegularOpenMs(nowMs: number): number;
  regularCloseMs(nowMs: number): number; // of the session that holds now, else of the next one
  /** TWS text: `20260406:0400-20260406:2000;20260405:CLOSED`, for the next days. */
  tradingHoursText(nowMs: number): string;
  liquidHoursText(nowMs: number): string;
  readonly timeZoneId: string; // US/Eastern
}

/** The exchange and the broker's books behind it. Every call answers by events, errors included. */
export interface Exchange {
  readonly accounts: readonly string[];
  onEvent(listener: (event: ExchangeEvent) => void): () => void;

  /** One counter per client id, kept over restarts. */
  nextValidId(clientId: number): number;
  /** New order, modification of a live one, or release of a staged group. */
  place(clientId: number, orderId: number, request: OrderRequest): void;
  whatIf(request: OrderRequest): WhatIfResult | { error: { code: number; message: string } };
  cancel(clientId: number, orderId: number): void;
  globalCancel(): void;

  /** The live order under a client's id; undefined for staged, finished and unknown ones. */
  liveOrder(clientId: number, orderId: number): OrderView | undefined;
  /** Live orders: of one client, or of all. Staged (untransmitted) ones are not listed. */
  openOrders(clientId?: number): OrderView[];
  /** Today's completed orders. */
  completedOrders(): OrderView[];
  /** Today's orders that vanished by fault: for onlookers, no client is told of them. */
  vanishedOrders(): OrderView[];
  executions(): { execution: ExecutionView; commission?: CommissionView }[]; // today's
  positions(): PositionView[];
  accountValues(account: string): AccountValue[];
  pnl(account: string, conId?: number): PnlView & { position: Decimal; value: Decimal };
}

/** One request for historical bars, its texts (`60 D`, `1 day`) already read. */
export interface BarRequest {
  symbol: string;
  /** Bars end at or before this; epoch ms. */
  endMs: number;
  /** `D` counts trading days. */
  duration: { count: number; unit: 'S' | 'D' | 'W' | 'M' | 'Y' };
  /** Length of a bar in ms: a day is 86,400,000, a week 7 and a month 30 of them. */
  barSizeMs: number;
  regularHoursOnly: boolean;
  /** BID_ASK: open is the time average of the bids, low the least, high the highest ask, close their average. */
  what: 'TRADES' | 'MIDPOINT' | 'BID' | 'ASK' | 'BID_ASK';
}

export interface BarView {
  startMs: number; // of daily and longer bars: New York midnight of their (first) date
  open: Decimal;
  high: Decimal;
  low: Decimal;
  close: Decimal;
  volume: Decimal;
  wap: Decimal;
  count: number;
}

/** Historical bars, oldest first; [] for an unknown symbol or an empty span. */
export interface History {
  bars(request: BarRequest): BarView[];
}
