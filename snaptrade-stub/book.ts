/**
 * The brokerage behind the stub: orders, positions, cash, and one price per ticker at which everything
 * trades. What is offered at a price is one budget, taken by orders in the order of their time.
 */
import { randomUUID } from 'node:crypto';
import { decimal, min, ZERO } from '../domain/money.js';
import type { Decimal } from '../domain/money.js';
import { ApiError, refused } from './api-error.js';
import { isOpen, openUnits } from './order.js';
import type { StubOrder, Terms } from './order.js';
import type { StubAccount, StubOptions } from './options.js';

/** More than any test asks for. */
const PLENTY = decimal('1000000000');

interface Market {
  readonly price: Decimal;
  offered: Decimal;
}

interface Holding {
  units: Decimal;
  cost: Decimal;
}

export interface PlaceRequest {
  readonly accountId: string;
  readonly ticker: string;
  readonly terms: Terms;
  readonly clientOrderId: string | null;
}

export class Book {
  readonly orders: StubOrder[] = [];
  private readonly markets = new Map<string, Market>();
  private readonly cash = new Map<string, Decimal>();
  private readonly holdings = new Map<string, Map<string, Holding>>();

  constructor(private readonly options: StubOptions) {
    for (const [ticker, price] of Object.entries(options.prices)) this.setPrice(ticker, price);
    for (const { id, cash } of options.accounts) {
      this.cash.set(id, decimal(cash));
      this.holdings.set(id, new Map());
    }
  }

  get tickers(): readonly string[] {
    return [...this.markets.keys()];
  }

  get accounts(): readonly StubAccount[] {
    return this.options.accounts;
  }

  account(id: string): StubAccount {
    const found = this.options.accounts.find((account) => account.id === id);
    if (!found) throw new ApiError(404, 'Account not found', '1011');
    return found;
  }

  cashOf(accountId: string): Decimal {
    return this.cash.get(accountId) ?? ZERO;
  }

  positionsOf(accountId: string): readonly (readonly [string, Holding])[] {
    return [...(this.holdings.get(accountId) ?? [])].filter(([, { units }]) => !units.isZero());
  }

  /** Cash and what the positions are worth. */
  valueOf(accountId: string): Decimal {
    return this.positionsOf(accountId).reduce(
      (total, [ticker, { units }]) => total.add(units.mul(this.priceOf(ticker))),
      this.cashOf(accountId),
    );
  }

  priceOf(ticker: string): Decimal {
    const market = this.markets.get(ticker);
    if (!market) throw new ApiError(404, `No quote for ${ticker}`, '1063');
    return market.price;
  }

  offeredOf(ticker: string): Decimal {
    return this.markets.get(ticker)?.offered ?? ZERO;
  }

  /** Moves the market, and fills what can be filled then. */
  setPrice(ticker: string, price: string, offered?: string): void {
    const offer = offered === undefined ? PLENTY : decimal(offered);
    this.markets.set(ticker, { price: decimal(price), offered: offer });
    this.match(ticker);
  }

  find(accountId: string, orderId: string): StubOrder {
    const found = this.orders.find((one) => one.id === orderId && one.accountId === accountId);
    if (!found) throw new ApiError(404, 'Order not found', '1063');
    return found;
  }

  place(request: PlaceRequest): StubOrder {
    const { accountId, clientOrderId } = request;
    this.account(accountId);
    if (!this.markets.has(request.ticker)) refused(`Symbol ${request.ticker} is not tradeable`);
    const known = this.orders.find((one) => {
      return clientOrderId !== null && one.clientOrderId === clientOrderId;
    });
    if (known && this.options.clientOrderIds === 'enforced') return known;
    const order = this.add(request);
    const problem = this.unaffordable(order);
    if (problem === null) this.match(order.ticker);
    else order.status = 'REJECTED';
    return order;
  }

  cancel(accountId: string, orderId: string): StubOrder {
    const order = this.find(accountId, orderId);
    if (!isOpen(order)) refused(`Order ${orderId} is ${order.status} and can not be cancelled`);
    this.end(order, 'CANCELED'); // cancelled
    return order;
  }

  /** The old order is replaced by a new one with an id of its own. */
  replace(accountId: string, orderId: string, terms: Terms): StubOrder {
    const old = this.find(accountId, orderId);
    if (!isOpen(old)) refused(`Order ${orderId} is ${old.status} and can not be replaced`);
    this.end(old, 'REPLACED');
    const order = this.add({ accountId, ticker: old.ticker, terms, clientOrderId: null });
    order.isTriggered = old.isTriggered;
    this.match(order.ticker);
    return order;
  }

  end(order: StubOrder, status: StubOrder['status']): void {
    order.status = status;
    order.updatedAtMs = Date.now();
  }

  private add({ accountId, ticker, terms, clientOrderId }: PlaceRequest): StubOrder {
    const now = Date.now();
    const order: StubOrder = {
      ...terms,
      ...{ accountId, ticker, clientOrderId, id: randomUUID() },
      ...{ status: 'ACCEPTED', shownStatus: null, isTriggered: false },
      ...{ filled: ZERO, turnover: ZERO },
      ...{ placedAtMs: now, updatedAtMs: now, executedAtMs: null },
    };
    this.orders.push(order);
    return order;
  }

  /** Why the account can't have it: no cash to buy with, or no shares that are not sold already. */
  private unaffordable({
    accountId,
    ticker,
    action,
    units,
    price,
    stop,
  }: StubOrder): string | null {
    if (action === 'BUY') {
      const worth = units.mul(price ?? stop ?? this.priceOf(ticker));
      return worth.gt(this.cashOf(accountId)) ? 'insufficient funds' : null;
    }
    const held = this.holdings.get(accountId)?.get(ticker)?.units ?? ZERO;
    const offered = this.orders
      .filter((one) => one.accountId === accountId && one.ticker === ticker)
      .filter((one) => one.action === 'SELL')
      .reduce((total, one) => total.add(openUnits(one)), ZERO);
    return offered.gt(held) ? 'insufficient shares' : null;
  }

  private match(ticker: string): void {
    const market = this.markets.get(ticker);
    if (!market) return;
    for (const order of this.orders) {
      if (order.ticker !== ticker || !isOpen(order) || !takes(order, market.price)) continue;
      const units = min(openUnits(order), market.offered);
      if (units.gt(0)) this.fill(order, units, market);
    }
  }

  private fill(order: StubOrder, units: Decimal, market: Market): void {
    const { accountId, ticker, action } = order;
    const worth = units.mul(market.price);
    const sign = action === 'BUY' ? 1 : -1;
    market.offered = market.offered.sub(units);
    order.filled = order.filled.add(units);
    order.turnover = order.turnover.add(worth);
    order.updatedAtMs = order.executedAtMs = Date.now();
    order.status = order.filled.eq(order.units) ? 'EXECUTED' : 'PARTIAL';
    this.cash.set(accountId, this.cashOf(accountId).sub(worth.mul(sign)));
    const holdings = this.holdings.get(accountId)!;
    const before = holdings.get(ticker) ?? { units: ZERO, cost: ZERO };
    const after = before.units.add(units.mul(sign));
    const cost =
      sign > 0
        ? before.cost.add(worth)
        : before.units.isZero()
          ? ZERO
          : before.cost.mul(after).div(before.units);
    holdings.set(ticker, { units: after, cost });
  }
}

/** Whether the order trades at this price; a stop that is reached stays triggered. */
function takes(order: StubOrder, now: Decimal): boolean {
  const { action, orderType, price, stop } = order;
  if (stop !== null && !order.isTriggered) {
    order.isTriggered = action === 'BUY' ? now.gte(stop) : now.lte(stop);
    if (!order.isTriggered) return false;
  }
  if (orderType === 'Market' || orderType === 'Stop') return true;
  return action === 'BUY' ? now.lte(price!) : now.gte(price!);
}
