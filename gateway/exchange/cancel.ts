/** cancelOrder and the global cancel. */
import { currentBudget, touchPrice } from './budget.js';
import { cancelInState, cancelNotFound, notCancellable } from './codes.js';
import { tellError, tellOrder } from './core.js';
import type { Core } from './core.js';
import { cancelAlone, cancelWithGroup } from './endings.js';
import { orderContext } from './fill-faults.js';
import { fill } from './fills.js';
import { isLive, remainingOf } from './orders.js';
import type { Order } from './orders.js';
import { cancelStaged } from './staging.js';
import { orderKey } from './state.js';

/** Answers a cancel wrongly, or too late, by fault. */
function isBetrayed(core: Core, order: Order): boolean {
  const { faults } = core.settings;
  const context = orderContext(order);
  if (faults.take('cancel-10147', context)) {
    tellError(core, order, cancelNotFound(order.orderId));
    return true;
  }
  if (faults.take('cancel-10148', context)) {
    tellError(core, order, cancelInState(order.orderId, order.status));
    return true;
  }
  const budget = currentBudget(core, order.contract.symbol);
  if (!budget || order.heldByParent || !faults.take('fill-beats-cancel', context)) return false;
  order.status = 'PendingCancel';
  tellOrder(core, order);
  const { lmtPrice, action } = order.request;
  fill(core, order, remainingOf(order), lmtPrice ?? touchPrice(budget.quote, action));
  tellError(core, order, notCancellable(order.permId));
  return true;
}

/** One cancelOrder; only the client that sent an order finds it. */
export function cancel(core: Core, clientId: number, orderId: number): void {
  const key = orderKey(clientId, orderId);
  const staged = core.state.staged.get(key);
  if (staged) {
    cancelStaged(core, staged);
    return;
  }
  const order = core.state.byId.get(key);
  if (!order) tellError(core, { clientId, orderId }, cancelNotFound(orderId));
  else if (!isLive(order)) tellError(core, order, cancelInState(orderId, order.status));
  else if (!isBetrayed(core, order)) cancelWithGroup(core, order);
}

/** Cancels every live order of every client. */
export function cancelAll(core: Core): void {
  for (const order of [...core.state.live.values()]) cancelAlone(core, order);
}
