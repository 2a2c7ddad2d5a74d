/** Order ids, permIds, and which ids may still become an order. */
import { DUPLICATE_ID, MODIFY_FILLED, NO_PARENT, parentGone } from './codes.js';
import type { CodedError } from './codes.js';
import type { Core } from './core.js';
import { isLive } from './orders.js';
import type { Order } from './orders.js';
import { orderKey } from './state.js';

const FIRST_ID = 1;
/** Children follow their parent within moments; older refusals need not be remembered. */
const REFUSED_MAX = 1_000;

export function nextPermId(core: Core): number {
  return (core.state.counters.permId += 1);
}

export function nextSequence(core: Core): number {
  return (core.state.counters.seq += 1);
}

/** The next valid id of a client; a fault may roll it back, and then accepts the old ids again. */
export function nextValidId(core: Core, clientId: number): number {
  const next = core.state.nextIds.get(clientId) ?? FIRST_ID;
  const fault = core.settings.faults.take('order-id-rollback', { clientId });
  if (!fault) return next;
  const lower = Math.max(FIRST_ID, next - Number(fault.params['by']));
  core.state.nextIds.set(clientId, lower);
  core.batch.clients.add(clientId);
  return lower;
}

/** Why this id can't name a new order; undefined if it can. */
export function idRefusal(core: Core, clientId: number, orderId: number): CodedError | undefined {
  const { state } = core;
  const key = orderKey(clientId, orderId);
  // A staged order that a restart lost may be sent again under its id.
  const isLost = state.stagedIds.has(key) && !state.staged.has(key);
  if (orderId >= (state.nextIds.get(clientId) ?? FIRST_ID) || isLost) return undefined;
  return state.byId.get(key)?.status === 'Filled' ? MODIFY_FILLED : DUPLICATE_ID;
}

export function consumeId(core: Core, clientId: number, orderId: number): void {
  const next = core.state.nextIds.get(clientId) ?? FIRST_ID;
  if (orderId < next) return;
  core.state.nextIds.set(clientId, orderId + 1);
  core.batch.clients.add(clientId);
}

export function rememberRefusal(core: Core, clientId: number, orderId: number): void {
  const { refusedIds } = core.state;
  refusedIds.add(orderKey(clientId, orderId));
  if (refusedIds.size <= REFUSED_MAX) return;
  for (const oldest of refusedIds) {
    refusedIds.delete(oldest);
    return;
  }
}

/** The live parent a child names, or why there is none. */
export function parentOf(core: Core, clientId: number, parentId: number): Order | CodedError {
  const key = orderKey(clientId, parentId);
  const parent = core.state.byId.get(key);
  if (parent && isLive(parent)) return parent;
  return core.state.refusedIds.has(key) ? parentGone(parentId) : NO_PARENT;
}
