/** cancelOrder and the global cancel. */
import { cancelInState, cancelNotFound, notCancellable } from './codes.js';
import { tellError, tellOrder } from './core.js';
import type { Core } from './core.js';
import { canFillRest, cancelUnspoken, fillRest, vanish } from './dead-orders.js';
import { cancelAlone, cancelWithGroup } from './endings.js';
import { orderContext } from './fill-faults.js';
import { isLive } from './orders.js';
import type { Order } from './orders.js';
import { cancelStaged } from './staging.js';
import { orderKey } from './state.js';

/** Answers a cancel wrongly, or too late, by fault. */
function isBetrayed(core: Core, order: Order): boolean {
  const { faults } = core.settings;
  const context = orderContext(order);
  const notFound = faults.take('cancel-10147', context);
  if (notFound) {
    if (notFound.params['dead']) vanish(core, order);
    tellError(core, order, cancelNotFound(order.orderId));
    return true;
  }
  const inState = faults.take('cancel-10148', context);
  if (inState) {
    if (inState.params['dead']) endBefore(core, order, inState.params['state'] === 'Filled');
    tellError(core, order, cancelInState(order.orderId, order.status));
    return true;
  }
  if (!canFillRest(core, order) || !faults.take('fill-beats-cancel', context)) return false;
  order.status = 'PendingCancel';
  tellOrder(core, order);
  fillRest(core, order);
  tellError(core, order, notCancellable(order.permId));
  return true;
}

/** The order was over when its cancel came; one that can't trade was cancelled at any rate. */
function endBefore(core: Core, order: Order, asFilled: boolean): void {
  if (asFilled && canFillRest(core, order)) fillRest(core, order);
  else cancelUnspoken(core, order);
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
  if (!order || order.vanished) tellError(core, { clientId, orderId }, cancelNotFound(orderId));
  else if (!isLive(order)) tellError(core, order, cancelInState(orderId, order.status));
  else if (!isBetrayed(core, order)) cancelWithGroup(core, order);
}

/** Cancels every live order of every client. */
export function cancelAll(core: Core): void {
  for (const order of [...core.state.live.values()]) cancelAlone(core, order);
}
