/**
 * Orders sent with transmit=0: kept, but invisible, until a member of their family is sent with
 * transmit=1. They live in memory only; of a staged order a restart keeps nothing but its id.
 */
import { CANCELLED } from './codes.js';
import { tellError } from './core.js';
import type { Core } from './core.js';
import { orderKey } from './state.js';
import type { StagedOrder } from './state.js';

/** More staged orders than any client can mean; the oldest are then forgotten. */
const STAGED_MAX = 10_000;

export function stage(core: Core, staged: StagedOrder): void {
  const key = orderKey(staged.clientId, staged.orderId);
  core.state.staged.set(key, staged);
  core.state.stagedIds.add(key);
  core.batch.staged.add(key);
  if (core.state.staged.size <= STAGED_MAX) return;
  const [oldest] = core.state.staged.values();
  if (oldest) unstage(core, oldest);
}

export function unstage(core: Core, staged: StagedOrder): void {
  const key = orderKey(staged.clientId, staged.orderId);
  core.state.staged.delete(key);
  core.state.stagedIds.delete(key);
  core.batch.staged.add(key);
}

export function stagedParent(core: Core, staged: StagedOrder): StagedOrder | undefined {
  return core.state.staged.get(orderKey(staged.clientId, staged.request.parentId));
}

/** The topmost order above a staged one: a staged id, or that of a parent already transmitted. */
function rootOf(core: Core, staged: StagedOrder): number {
  let top = staged;
  for (let above = stagedParent(core, top); above; above = stagedParent(core, top)) top = above;
  return top.request.parentId || top.orderId;
}

/** All staged orders under the same root, parents before children. */
export function familyOf(core: Core, member: StagedOrder): StagedOrder[] {
  const root = rootOf(core, member);
  const ofClient = (each: StagedOrder): boolean => each.clientId === member.clientId;
  const family = [...core.state.staged.values()].filter(ofClient);
  return family.filter((each) => rootOf(core, each) === root);
}

/** Cancels a staged order and the staged orders below it: 202 each, no status, as if never sent. */
export function cancelStaged(core: Core, staged: StagedOrder): void {
  for (const other of [...core.state.staged.values()]) {
    if (other.clientId === staged.clientId && other.request.parentId === staged.orderId) {
      cancelStaged(core, other);
    }
  }
  unstage(core, staged);
  tellError(core, staged, CANCELLED);
}
