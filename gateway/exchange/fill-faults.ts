/** Faults that strike at a fill: late commissions, corrections, busts, and groups that overfill. */
import { min } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import { durationMs } from '../faults.js';
import { currentBudget, touchPrice } from './budget.js';
import { schedule } from './core.js';
import type { Core } from './core.js';
import type { ExecutionRecord } from './executions.js';
import { OCA_REDUCE } from './oca.js';
import { remainingOf } from './orders.js';
import type { Order } from './orders.js';

/** What a fault can be narrowed by. */
export function orderContext(order: Order) {
  const { clientId, orderId, account } = order;
  const { action, orderType, orderRef } = order.request;
  const { symbol } = order.contract;
  return { clientId, orderId, account, symbol, action, orderType, orderRef };
}

/** Delay of this order's next commission report, if a fault makes it late. */
export function lateCommissionMs(core: Core, order: Order): number | undefined {
  const fault = core.settings.faults.take('late-commission', orderContext(order));
  return fault && durationMs(fault.params);
}

/** Schedules what is to happen to an execution a moment later. */
export function afterFillFaults(core: Core, order: Order, entry: ExecutionRecord): void {
  const { faults, nowMs } = core.settings;
  const { execId } = entry.execution;
  const correction = faults.take('execution-correction', orderContext(order));
  if (correction) {
    schedule(core, {
      ...{ kind: 'correction', execId },
      dueMs: nowMs() + durationMs(correction.params),
      ticks: Number(correction.params['ticks']),
    });
    return;
  }
  const bust = faults.take('execution-bust', orderContext(order));
  if (!bust) return;
  const dueMs = nowMs() + durationMs(bust.params);
  schedule(core, { kind: 'bust', dueMs, execId });
}

/** The sibling that fills although its group of type 3 has just filled, by fault. */
export function overfillSibling(
  core: Core,
  order: Order,
): { sibling: Order; shares: Decimal; price: Decimal } | undefined {
  if (order.request.ocaType !== OCA_REDUCE) return undefined;
  const sibling = core.state.siblings(order).find((each) => !each.heldByParent);
  const budget = currentBudget(core, order.contract.symbol);
  if (!sibling || !budget) return undefined;
  if (!core.settings.faults.take('oca-overfill', orderContext(order))) return undefined;
  const { lmtPrice, action } = sibling.request;
  const price = lmtPrice ?? touchPrice(budget.quote, action);
  return { sibling, price, shares: min(order.filled, remainingOf(sibling)) };
}
