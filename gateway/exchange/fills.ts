/** One fill, booked everywhere it counts: order, execution, position, cash, group, children. */
import { ZERO, max } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import { lagBehind } from './account-lag.js';
import { bookTrade, tellPosition } from './accounts.js';
import { wakeChildren } from './bracket.js';
import { orderCommission } from './commissions.js';
import { schedule, tellOrder } from './core.js';
import type { Core } from './core.js';
import { cancelAlone, completeFilled } from './endings.js';
import { executionId } from './executions.js';
import type { ExecutionRecord } from './executions.js';
import { afterFillFaults, lateCommissionMs, overfillSibling } from './fill-faults.js';
import { reduceSiblings } from './oca.js';
import { averageOf, remainingOf, restingStatus } from './orders.js';
import type { Order } from './orders.js';

const ADDED_LIQUIDITY = 1;
const REMOVED_LIQUIDITY = 2;

/** Books the order's side of a fill and gives the commission that falls on this execution. */
function advance(order: Order, shares: Decimal, price: Decimal): Decimal {
  order.filled = order.filled.add(shares);
  order.value = order.value.add(shares.mul(price));
  order.lastFillPrice = price;
  const total = orderCommission(order.filled, order.value);
  const commission = max(ZERO, total.sub(order.commissionCharged));
  order.commissionCharged = order.commissionCharged.add(commission);
  return commission;
}

function record(
  core: Core,
  order: Order,
  fill: { shares: Decimal; price: Decimal; commission: Decimal; liquidity: number },
): ExecutionRecord {
  const { state, settings } = core;
  const { shares, price, commission } = fill;
  const execId = executionId(state.id, (state.counters.execution += 1));
  const signed = order.request.action === 'BUY' ? shares : shares.neg();
  const effect = bookTrade(core, order.account, order.contract, signed, price, commission);
  return {
    execution: {
      ...{ execId, timeMs: settings.nowMs(), account: order.account, shares, price },
      exchange: order.contract.primaryExchange || order.contract.exchange,
      side: order.request.action === 'BUY' ? 'BOT' : 'SLD',
      ...{ permId: order.permId, clientId: order.clientId, orderId: order.orderId },
      ...{ cumQty: order.filled, avgPrice: averageOf(order.value, order.filled) },
      ...{ orderRef: order.request.orderRef, contract: order.contract },
      lastLiquidity: fill.liquidity,
    },
    commission: {
      ...{ execId, commission, currency: order.contract.currency },
      ...(effect.realized && { realizedPnl: effect.realized }),
    },
    reported: true,
    closed: effect.closed,
    opened: effect.opened,
  };
}

/** Tells an execution's commission, at once or, by a fault, later. */
function reportCommission(core: Core, entry: ExecutionRecord, order: Order): void {
  const lateMs = lateCommissionMs(core, order);
  if (lateMs === undefined) {
    tellCommission(core, entry);
    return;
  }
  entry.reported = false;
  const dueMs = core.settings.nowMs() + lateMs;
  schedule(core, { kind: 'commission', dueMs, execId: entry.execution.execId });
}

export function tellCommission(core: Core, entry: ExecutionRecord): void {
  entry.reported = true;
  core.batch.executions.add(entry);
  const { clientId, account } = entry.execution;
  core.batch.events.push({ kind: 'commission', report: entry.commission, clientId, account });
}

/** Keeps an execution and tells it. */
export function tellExecution(core: Core, entry: ExecutionRecord): void {
  core.state.executions.set(entry.execution.execId, entry);
  core.batch.executions.add(entry);
  core.batch.events.push({ kind: 'execution', execution: entry.execution });
}

/**
 * Fills shares of a live order at a price: execution, order, commission and position are told in
 * TWS's order, then its group is reduced and its children woken.
 */
export function fill(core: Core, order: Order, shares: Decimal, price: Decimal): void {
  lagBehind(core, order);
  const before = remainingOf(order);
  const rested = order.request.orderType === 'LMT' && order.status === 'Submitted';
  const liquidity = rested ? ADDED_LIQUIDITY : REMOVED_LIQUIDITY;
  const commission = advance(order, shares, price);
  const entry = record(core, order, { shares, price, commission, liquidity });
  tellExecution(core, entry);
  if (remainingOf(order).lte(ZERO)) completeFilled(core, order);
  else {
    order.status = restingStatus(order);
    tellOrder(core, order);
  }
  reportCommission(core, entry, order);
  tellPosition(core, order.account, order.contract);
  afterFillFaults(core, order, entry);
  const overfill = overfillSibling(core, order);
  if (overfill) fill(core, overfill.sibling, overfill.shares, overfill.price);
  for (const spent of reduceSiblings(core, order, shares, before)) cancelAlone(core, spent);
  wakeChildren(core, order);
}
