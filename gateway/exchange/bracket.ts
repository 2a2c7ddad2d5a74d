/** How large an order works, and when the children of a bracket wake up. */
import { ZERO, floorToStep, max } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import { tellOrder } from './core.js';
import type { Core } from './core.js';
import { ONE_SHARE, isLive, restingStatus, setQuantity } from './orders.js';
import type { Order } from './orders.js';

/** The filled part of a parent, applied to its child's size; whole shares, rounded down. */
function partOf(parent: Order, wanted: Decimal): Decimal {
  const { totalQuantity } = parent.request;
  if (parent.filled.gte(totalQuantity)) return wanted;
  return floorToStep(wanted.mul(parent.filled).div(totalQuantity), ONE_SHARE);
}

/** The size before OCA reductions: under `scaled` a child follows its part-filled parent. */
function baseOf(core: Core, order: Order): Decimal {
  const parent = order.parentSeq ? core.state.live.get(order.parentSeq) : undefined;
  const scaled = core.settings.switches.children === 'scaled';
  return parent && scaled && parent.filled.gt(ZERO) ? partOf(parent, order.wanted) : order.wanted;
}

/** Exact shares that an order may still trade, before its OCA cut is rounded. */
export function exactRemaining(core: Core, order: Order): Decimal {
  return max(ZERO, baseOf(core, order).sub(order.ocaCut).sub(order.filled));
}

/** The size that works now; never less than what is filled. */
export function workingSize(core: Core, order: Order): Decimal {
  return max(order.filled, baseOf(core, order).sub(order.ocaCut.ceil()));
}

function wake(core: Core, child: Order): void {
  const size = workingSize(core, child);
  if (size.lte(child.filled)) return;
  const grown = !size.eq(child.request.totalQuantity);
  if (!child.heldByParent && !grown) return;
  if (grown) setQuantity(child, size);
  child.heldByParent = false;
  child.status = restingStatus(child);
  tellOrder(core, child, grown);
  core.awake.push(child);
}

/** After a fill of the parent: wakes or enlarges its children as the switch says. */
export function wakeChildren(core: Core, parent: Order): void {
  const complete = !isLive(parent);
  if (!complete && core.settings.switches.children === 'on_complete_fill') return;
  for (const child of core.state.liveChildren(parent)) wake(core, child);
}

/**
 * After the rest of a part-filled parent was cancelled: keeps its children as the switches say.
 * @returns the children that must be cancelled instead.
 */
export function settleChildren(core: Core, parent: Order): Order[] {
  const children = core.state.liveChildren(parent);
  if (parent.filled.isZero() || core.settings.switches.parentCancel === 'kills') return children;
  const doomed: Order[] = [];
  for (const child of children) {
    if (core.settings.switches.children !== 'full_size_on_first_fill') {
      child.wanted = partOf(parent, child.wanted);
      if (workingSize(core, child).lte(child.filled)) {
        doomed.push(child);
        continue;
      }
    }
    wake(core, child);
  }
  return doomed;
}
