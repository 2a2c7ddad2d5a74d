/** Faults by which an order is over before its client can know: filled, cancelled or vanished. */
import type { FaultContext } from '../fault-menu.js';
import { currentBudget, touchPrice } from './budget.js';
import { touchOrder } from './core.js';
import type { Core } from './core.js';
import { endChildren } from './endings.js';
import { orderContext } from './fill-faults.js';
import { fill } from './fills.js';
import { isStopType, orderView, remainingOf } from './orders.js';
import type { Order } from './orders.js';

/** Ends an order without a word to any client; onlookers (the ledger) hear of it. */
function endUnspoken(core: Core, order: Order): void {
  order.status = 'Cancelled';
  order.heldForLocate = false;
  order.waiting = false;
  order.completedTimeMs = core.settings.nowMs();
  order.completedStatus = 'Cancelled';
  touchOrder(core, order);
  core.batch.events.push({ kind: 'unspoken', order: orderView(order) });
}

/** The order is gone from every list; its group and its children stay as they are. */
export function vanish(core: Core, order: Order): void {
  order.vanished = true;
  endUnspoken(core, order);
}

/** The order was cancelled: only the completed orders tell of it, and its children end with it. */
export function cancelUnspoken(core: Core, order: Order): void {
  endUnspoken(core, order);
  endChildren(core, order);
}

/** Whether the order could be filled by a fault now. */
export function canFillRest(core: Core, order: Order): boolean {
  const { symbol } = order.contract;
  return !order.heldByParent && !order.heldForLocate && currentBudget(core, symbol) !== undefined;
}

/** Fills what is left, at its limit or at the quote, and tells it as ever. */
export function fillRest(core: Core, order: Order): void {
  const budget = currentBudget(core, order.contract.symbol);
  const { lmtPrice, action } = order.request;
  const price = lmtPrice ?? (budget && touchPrice(budget.quote, action));
  if (price) fill(core, order, remainingOf(order), price);
}

function roleOf(order: Order): 'parent' | 'stop' | 'target' {
  const { orderType, ocaGroup } = order.request;
  if (isStopType(orderType)) return 'stop';
  return order.parentSeq !== 0 || ocaGroup !== '' ? 'target' : 'parent';
}

/** Takes the fault for the oldest live order that fits it; none does: the fault stays armed. */
export function takeForOldest(
  core: Core,
  name: 'order-vanished' | 'manual-cancel',
): Order | undefined {
  for (const order of core.state.live.values()) {
    const event: FaultContext<typeof name> = { ...orderContext(order), role: roleOf(order) };
    if (core.settings.faults.take(name, event)) return order;
  }
  return undefined;
}

/** Lets the oldest live order that fits the armed fault vanish. */
export function vanishOne(core: Core): void {
  const order = takeForOldest(core, 'order-vanished');
  if (order) vanish(core, order);
}
