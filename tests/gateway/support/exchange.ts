/** An exchange over a market that the test drives by hand, quote by quote. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decimal, text } from '../../../domain/money.js';
import type { Decimal } from '../../../domain/money.js';
import type {
  Exchange,
  ExchangeEvent,
  Market,
  OrderRequest,
  OrderView,
  QuoteView,
  Sessions,
} from '../../../gateway/exchange/api.js';
import { createExchange } from '../../../gateway/exchange/exchange.js';
import type { RunningExchange } from '../../../gateway/exchange/exchange.js';
import type { ExchangeOptions } from '../../../gateway/exchange/options.js';
import { FaultBook } from '../../../gateway/faults.js';
import { createListings } from '../../../gateway/market/listings.js';
import { createSessions } from '../../../gateway/market/sessions.js';

export const ACCOUNT = 'DU1000001';
/** A Monday with a regular session, 10:00 in New York. */
export const MONDAY_TEN_MS = Date.parse('2026-11-23T10:00:00-05:00');

type QuoteListener = (symbol: string, quote: QuoteView) => void;

/** Quotes only when told; open until closed. */
export class HandMarket implements Market {
  private readonly quotes = new Map<string, QuoteView>();
  private readonly listeners = new Set<QuoteListener>();
  private readonly closed = new Set<string>();
  private readonly halted = new Set<string>();

  constructor(private readonly clock: { nowMs: number }) {}

  /** `'181.60x100 181.62x200'`, or with a last print: `'… @181.61'`. */
  quoteText(symbol: string, line: string): void {
    const match = /^([\d.]+)x([\d.]+) ([\d.]+)x([\d.]+)(?: @([\d.]+))?$/.exec(line);
    if (!match) throw new Error(`no quote: ${line}`);
    const [bid, bidSize, ask, askSize] = match.slice(1, 5).map((part) => decimal(part)) as [
      Decimal,
      Decimal,
      Decimal,
      Decimal,
    ];
    const last = match[5];
    this.publish(symbol, { bid, bidSize, ask, askSize, ...(last && { last: decimal(last) }) });
  }

  publish(symbol: string, quote: Omit<QuoteView, 'timeMs' | 'halted'>): void {
    const whole = { ...quote, timeMs: this.clock.nowMs, halted: this.halted.has(symbol) };
    this.quotes.set(symbol, whole);
    for (const listener of this.listeners) listener(symbol, whole);
  }

  close(symbol: string): void {
    this.closed.add(symbol);
  }

  quote: Market['quote'] = (symbol) => this.quotes.get(symbol);
  onQuote: Market['onQuote'] = (listener) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  isOpen: Market['isOpen'] = (symbol) => !this.closed.has(symbol);
  setPrices(prices: Record<string, Decimal>): void {
    for (const [symbol, price] of Object.entries(prices)) {
      const size = decimal('1000');
      const tick = decimal('0.01');
      const [bid, ask] = [price.sub(tick), price.add(tick)];
      this.publish(symbol, { bid, bidSize: size, ask, askSize: size });
    }
  }
  setHalted(symbol: string, halted: boolean): void {
    if (halted) this.halted.add(symbol);
    else this.halted.delete(symbol);
    const quote = this.quotes.get(symbol);
    if (quote) this.publish(symbol, quote);
  }
  control(): void {}
  state(): ReturnType<Market['state']> {
    return { mode: 'simulated', paused: false, speed: 1, at: '' };
  }
  start(): void {}
  stop(): void {}
}

export interface Rig {
  exchange: RunningExchange;
  market: HandMarket;
  faults: FaultBook;
  /** Set it to let time pass, then `exchange.tick()`. */
  clock: { nowMs: number };
  events: ExchangeEvent[];
  stateDir: string;
  /** The story since the last call, one line an event; see `eventLine`. */
  story(): string[];
  /** Closes the exchange and opens it again over the same folder and market. */
  restart(): void;
  order(orderId: number, clientId?: number): OrderView;
  close(): void;
}

export interface RigOptions extends Partial<Omit<ExchangeOptions, 'sessions'>> {
  hours?: 'always' | 'exchange';
  sessions?: Sessions;
  nowMs?: never;
  at?: number;
}

/** An exchange with IBM at 100.00 / 100.02, 1000 shares on each side. */
export function createRig(options: RigOptions = {}): Rig {
  const { hours = 'always', at = MONDAY_TEN_MS, ...rest } = options;
  const clock = { nowMs: at };
  const market = new HandMarket(clock);
  const faults = new FaultBook();
  const stateDir = options.stateDir ?? mkdtempSync(join(tmpdir(), 'ballast-exchange-'));
  market.quoteText('IBM', '100.00x1000 100.02x1000');
  const open = (): RunningExchange => {
    const exchange = createExchange({
      ...{ accounts: [ACCOUNT], startingCash: decimal('100000'), market, faults, stateDir },
      ...{ listings: createListings(), sessions: createSessions(hours), tickMs: 0 },
      ...rest,
      nowMs: () => clock.nowMs,
    });
    exchange.onEvent((event) => rig.events.push(event));
    return exchange;
  };
  let told = 0;
  const rig: Rig = {
    ...{ market, faults, clock, events: [], stateDir },
    exchange: undefined as unknown as RunningExchange,
    story() {
      const fresh = rig.events.slice(told);
      told = rig.events.length;
      return fresh.map(eventLine);
    },
    restart() {
      rig.exchange.close();
      rig.exchange = open();
    },
    order(orderId, clientId = 1) {
      const { exchange } = rig;
      const all = [...exchange.openOrders(), ...exchange.completedOrders()];
      const found = all.find((each) => each.orderId === orderId && each.clientId === clientId);
      if (!found) throw new Error(`no order ${orderId} of client ${clientId}`);
      return found;
    },
    close() {
      rig.exchange.close();
      faults.close();
      if (!options.stateDir) rmSync(stateDir, { recursive: true });
    },
  };
  rig.exchange = open();
  return rig;
}

/** One event as a line: `2 PreSubmitted/trigger 0+100`, `1 BOT 100@100.02`, `1 error 202` … */
export function eventLine(event: ExchangeEvent): string {
  if (event.kind === 'unspoken') return `(${event.order.orderId} ${event.order.status})`;
  if (event.kind === 'order') {
    const { orderId, status, whyHeld, filled, remaining } = event.order;
    const held = whyHeld ? `/${whyHeld}` : '';
    return `${orderId} ${status}${held} ${text(filled)}+${text(remaining)}`;
  }
  if (event.kind === 'execution') {
    const { orderId, side, shares, price } = event.execution;
    return `${orderId} ${side} ${text(shares)}@${text(price)}`;
  }
  if (event.kind === 'commission') {
    const { commission, realizedPnl } = event.report;
    return `commission ${text(commission)}${realizedPnl ? ` pnl ${text(realizedPnl)}` : ''}`;
  }
  if (event.kind === 'error') return `${event.orderId} error ${event.code}`;
  return `position ${event.position.contract.symbol} ${text(event.position.position)}`;
}

type Wish = Partial<Omit<OrderRequest, 'totalQuantity' | 'lmtPrice' | 'auxPrice'>> & {
  quantity?: string;
  lmt?: string;
  aux?: string;
  symbol?: string;
};

/** An order for IBM: BUY 100 MKT DAY, transmitted, unless wished otherwise. */
export function request(wish: Wish = {}): OrderRequest {
  const { quantity = '100', lmt, aux, symbol = 'IBM', ...rest } = wish;
  return {
    contract: { symbol, secType: 'STK', exchange: 'SMART', currency: 'USD' },
    ...{ action: 'BUY', totalQuantity: decimal(quantity), orderType: 'MKT', tif: 'DAY' },
    ...(lmt && { orderType: 'LMT', lmtPrice: decimal(lmt) }),
    ...(aux && { orderType: 'STP', auxPrice: decimal(aux) }),
    ...{ goodTillDate: '', goodAfterTime: '', ocaGroup: '', ocaType: 0, account: ACCOUNT },
    ...{ orderRef: '', transmit: true, parentId: 0, outsideRth: false, triggerMethod: 0 },
    ...{ allOrNone: false, whatIf: false, echoed: {} },
    ...rest,
  };
}

export interface BracketWish {
  entry?: Wish;
  stop?: Wish;
  target?: Wish;
  clientId?: number;
  firstId?: number;
}

/** A long bracket sent as one chain: parent, target, stop with ids n, n+1, n+2. */
export function placeBracket(exchange: Exchange, wish: BracketWish = {}): void {
  const { clientId = 1, firstId = 1 } = wish;
  const exit = { action: 'SELL', tif: 'GTC', parentId: firstId, quantity: wish.entry?.quantity };
  const child = Object.fromEntries(Object.entries(exit).filter(([, value]) => value)) as Wish;
  exchange.place(clientId, firstId, request({ transmit: false, ...wish.entry }));
  exchange.place(
    clientId,
    firstId + 1,
    request({ ...child, lmt: '110.00', transmit: false, ...wish.target }),
  );
  exchange.place(clientId, firstId + 2, request({ ...child, aux: '95.00', ...wish.stop }));
}
