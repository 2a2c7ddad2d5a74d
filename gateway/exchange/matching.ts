/**
 * Matching by rules that can be followed by hand. Each quote's displayed size is one budget per side,
 * shared by all orders in time order. A market order takes the touch up to that, the rest comes from
 * the next quotes. A limit fills at the quote when that is at least as good as the limit. A triggered
 * stop behaves as a market order (STP LMT: as a limit order) on the quote that triggered it.
 */
import { ZERO, min } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { QuoteView } from './api.js';
import { available, currentBudget, renewBudget, touchPrice, useUp } from './budget.js';
import type { Budget } from './budget.js';
import { tellOrder, touchOrder } from './core.js';
import type { Core } from './core.js';
import { cancelWithGroup, refuse } from './endings.js';
import { fill } from './fills.js';
import { isExpired, isInSession } from './hours.js';
import { isLive, isMarketable, isUntriggeredStop, remainingOf, restingStatus } from './orders.js';
import type { Order } from './orders.js';
import { follow, triggers } from './triggers.js';

/** A family of orders can only wake each other so often on one quote; more means a broken rule. */
const WAKE_ROUNDS_MAX = 100_000;

function isWillingAt(order: Order, price: Decimal): boolean {
  if (isMarketable(order)) return true;
  const limit = order.request.lmtPrice ?? ZERO;
  return order.request.action === 'BUY' ? price.lte(limit) : price.gte(limit);
}

/** Shares the order may take of the budget: none if it wants all or a minimum and can't have it. */
function takeable(order: Order, budget: Budget): Decimal {
  const { action, tif, allOrNone, minQty } = order.request;
  const remaining = remainingOf(order);
  const shares = min(remaining, available(budget, action));
  if ((allOrNone || tif === 'FOK') && shares.lt(remaining)) return ZERO;
  if (minQty && order.filled.isZero() && shares.lt(min(minQty, remaining))) return ZERO;
  return shares;
}

function trade(core: Core, order: Order, budget: Budget): void {
  const { action } = order.request;
  const price = touchPrice(budget.quote, action);
  const shares = isWillingAt(order, price) ? takeable(order, budget) : ZERO;
  if (shares.lte(ZERO)) return;
  useUp(core, budget, action, shares);
  fill(core, order, shares, price);
}

/** Tells an order that now rests at the exchange, unless it has been told so. */
function settle(core: Core, order: Order): void {
  const status = restingStatus(order);
  if (order.status === status) return;
  order.status = status;
  tellOrder(core, order);
}

/** What immediate-or-cancel and fill-or-kill leave is gone at once. */
function endImmediate(core: Core, order: Order): void {
  if (!isLive(order)) return;
  const { tif } = order.request;
  if (tif === 'IOC') cancelWithGroup(core, order);
  if (tif === 'FOK') refuse(core, order, 'Fill-or-kill order was not filled');
}

/** Lets one order act on a quote. */
function act(core: Core, order: Order, budget: Budget, nowMs: number): void {
  if (!isLive(order) || order.heldByParent || order.heldForLocate) return;
  if (order.status === 'PendingCancel' || isExpired(core, order, nowMs)) return;
  if (!isInSession(core, order, nowMs)) return;
  order.waiting = false;
  if (budget.quote.halted) {
    settle(core, order);
    return;
  }
  if (isUntriggeredStop(order)) {
    const first = order.request.orderType === 'TRAIL' && !order.trailStop;
    // Told, since nobody asked for that price; where it trails from there is for those who ask.
    if (first && follow(order, budget.quote)) tellOrder(core, order);
    if (!triggers(order, budget.quote)) {
      settle(core, order);
      return;
    }
    order.triggered = true;
    settle(core, order);
  }
  trade(core, order, budget);
  if (isLive(order)) settle(core, order);
  endImmediate(core, order);
}

/** Looks at the orders that were accepted, changed or woken, in that order, on their current quotes. */
export function matchAwake(core: Core): void {
  const nowMs = core.settings.nowMs();
  for (let round = 0; round < WAKE_ROUNDS_MAX; round += 1) {
    const order = core.awake.shift();
    if (!order) return;
    const budget = currentBudget(core, order.contract.symbol);
    if (budget) act(core, order, budget, nowMs);
  }
  throw new Error(`orders woke each other ${WAKE_ROUNDS_MAX} times on one quote`);
}

/** Whether anyone at all can trade the symbol now. */
function isAnySession(core: Core, symbol: string, nowMs: number): boolean {
  const { market, sessions } = core.settings;
  return market.isOpen(symbol) && sessions.isTradingSession(nowMs);
}

/** Takes a new quote: renews the budget, moves trailing stops, then all orders act in time order. */
export function matchQuote(core: Core, symbol: string, quote: QuoteView): void {
  const budget = renewBudget(core, symbol, quote);
  const book = core.state.books.get(symbol);
  if (!book || book.size === 0) return;
  const nowMs = core.settings.nowMs();
  if (!isAnySession(core, symbol, nowMs)) return;
  if (!quote.halted) {
    for (const order of book.trails) {
      const awake = isLive(order) && isInSession(core, order, nowMs);
      if (awake && follow(order, quote)) touchOrder(core, order);
    }
  }
  if (!book.concerns(quote)) return;
  for (const order of book.values()) {
    act(core, order, budget, nowMs);
    matchAwake(core);
  }
  book.refresh();
}
