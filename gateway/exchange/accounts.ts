/** Cash, positions and what an account is worth. */
import { ZERO, decimal, sum } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { ContractSpec, PnlView, PositionView } from './api.js';
import type { Core } from './core.js';
import { applyTrade, averageCost, cashOf } from './positions.js';
import type { Position, TradeEffect } from './positions.js';

/** Books signed shares at a price into position and cash. */
export function bookTrade(
  core: Core,
  accountName: string,
  contract: ContractSpec,
  signedShares: Decimal,
  price: Decimal,
  commission: Decimal,
): TradeEffect {
  const account = core.state.account(accountName);
  const position = core.state.position(accountName, contract);
  const effect = applyTrade(position, signedShares, price, commission);
  account.cash = account.cash.add(cashOf(signedShares, price, commission));
  core.batch.positions.add(position);
  core.batch.accounts.add(account);
  return effect;
}

/** What a share is worth now: the last print, else the middle of the quote, else what it cost. */
export function markPrice(core: Core, position: Position): Decimal {
  const quote = core.settings.market.quote(position.contract.symbol);
  if (quote?.last) return quote.last;
  if (quote?.bid.gt(ZERO) && quote.ask.gt(ZERO)) return quote.bid.add(quote.ask).div(2);
  return averageCost(position);
}

export function valueOf(core: Core, position: Position): Decimal {
  return position.quantity.mul(markPrice(core, position));
}

export function positionView(core: Core, position: Position): PositionView {
  const marketPrice = markPrice(core, position);
  const marketValue = position.quantity.mul(marketPrice);
  return {
    ...{ account: position.account, contract: position.contract, position: position.quantity },
    ...{ avgCost: averageCost(position), marketPrice, marketValue },
    unrealizedPnl: marketValue.sub(position.cost),
    realizedPnl: position.realizedToday,
  };
}

export function tellPosition(core: Core, account: string, contract: ContractSpec): void {
  const position = positionView(core, core.state.position(account, contract));
  core.batch.events.push({ kind: 'position', position });
}

/** US stocks at IBKR: 25 % of a long's value within the day, 30 % of a short's. */
const LONG_MARGIN = decimal('0.25');
const SHORT_MARGIN = decimal('0.30');
/** Buying power of a margin account within the day. */
const LEVERAGE = decimal('4');

export function marginOf(value: Decimal): Decimal {
  return value.lt(ZERO) ? value.neg().mul(SHORT_MARGIN) : value.mul(LONG_MARGIN);
}

/** The account in figures, at the market's current prices. USD. */
export interface Figures {
  cash: Decimal;
  stockValue: Decimal;
  grossValue: Decimal;
  /** Cash and stocks: net liquidation, and equity with loan, which are the same without bonds. */
  equity: Decimal;
  /** Initial and maintenance margin, the same within the day. */
  margin: Decimal;
  available: Decimal;
  buyingPower: Decimal;
  unrealized: Decimal;
  realized: Decimal;
}

export function figures(core: Core, account: string): Figures {
  const { cash } = core.state.account(account);
  const values: Decimal[] = [];
  let cost = ZERO;
  let realized = ZERO;
  for (const position of core.state.positionsOf(account)) {
    realized = realized.add(position.realizedToday);
    if (position.quantity.isZero()) continue;
    values.push(valueOf(core, position));
    cost = cost.add(position.cost);
  }
  const stockValue = sum(values);
  const equity = cash.add(stockValue);
  const margin = sum(values.map(marginOf));
  const available = equity.sub(margin);
  return {
    ...{ cash, stockValue, equity, margin, available, realized },
    grossValue: sum(values.map((value) => value.abs())),
    buyingPower: available.gt(ZERO) ? available.mul(LEVERAGE) : ZERO,
    unrealized: stockValue.sub(cost),
  };
}

/** P&L of an account since the broker's midnight, or of one contract in it. */
export function pnlOf(
  core: Core,
  account: string,
  conId?: number,
): PnlView & { position: Decimal; value: Decimal } {
  if (conId === undefined) {
    const { equity, unrealized, realized, stockValue } = figures(core, account);
    const daily = equity.sub(core.state.account(account).dayStartNetLiquidation);
    return { daily, unrealized, realized, position: ZERO, value: stockValue };
  }
  const position = core.state.positions.get(`${account}|${conId}`);
  if (!position) {
    return { daily: ZERO, unrealized: ZERO, realized: ZERO, position: ZERO, value: ZERO };
  }
  const value = valueOf(core, position);
  return {
    daily: value.sub(position.dayStartValue).add(position.flowToday),
    unrealized: value.sub(position.cost),
    realized: position.realizedToday,
    position: position.quantity,
    value,
  };
}
