/** How orders end, and whom they take along. */
import { ZERO, text } from '../../domain/money.js';
import type { ApiStatus } from './api.js';
import { settleChildren } from './bracket.js';
import { CANCELLED } from './codes.js';
import { tellError, tellOrder } from './core.js';
import type { Core } from './core.js';
import { isLive } from './orders.js';
import type { Order } from './orders.js';

export type Ending = Extract<ApiStatus, 'Cancelled' | 'Filled' | 'Inactive'>;

/** Ends an order and tells it; takes nobody along. */
export function complete(core: Core, order: Order, status: Ending, why: string): void {
  order.status = status;
  order.heldForLocate = false;
  order.waiting = false;
  order.completedTimeMs = core.settings.nowMs();
  order.completedStatus = why;
  tellOrder(core, order);
}

export function completeFilled(core: Core, order: Order): void {
  complete(core, order, 'Filled', `Filled Size: ${text(order.filled)}`);
}

/**
 * Cancels one live order: PendingCancel, Cancelled, 202. Its children go with it or are settled; its
 * OCA siblings are left alone.
 */
export function cancelAlone(core: Core, order: Order, why = 'Cancelled by Trader'): void {
  if (!isLive(order)) return;
  order.heldForLocate = false;
  order.status = 'PendingCancel';
  tellOrder(core, order);
  complete(core, order, 'Cancelled', why);
  tellError(core, order, CANCELLED);
  endChildren(core, order);
}

/** Cancels an order and, as TWS does however it came about, the rest of its OCA group. */
export function cancelWithGroup(core: Core, order: Order, why?: string): void {
  if (!isLive(order)) return;
  const siblings = core.state.siblings(order);
  cancelAlone(core, order, why);
  for (const sibling of siblings) cancelAlone(core, sibling, why);
}

/** After a parent ended without filling whole: cancels or keeps its children. */
export function endChildren(core: Core, parent: Order): void {
  const doomed = settleChildren(core, parent);
  for (const child of doomed) cancelAlone(core, child);
}

/** Ends an order that a broker's check refused: it never worked. */
export function refuse(core: Core, order: Order, why: string): void {
  complete(core, order, 'Inactive', why);
  if (order.filled.lte(ZERO)) endChildren(core, order);
}
