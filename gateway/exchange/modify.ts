/** Modification: the same order id again. Whatever is refused, the old order works on. */
import type { OrderRequest } from './api.js';
import { wakeChildren, workingSize } from './bracket.js';
import * as codes from './codes.js';
import type { CodedError } from './codes.js';
import { tellError, tellOrder } from './core.js';
import type { Core } from './core.js';
import { canFillRest, fillRest } from './dead-orders.js';
import { cancelAlone, completeFilled } from './endings.js';
import { orderContext } from './fill-faults.js';
import { expiryOf, isInSession, parseStamp } from './hours.js';
import { nextPermId, nextSequence } from './identity.js';
import { marginRefusal } from './margin.js';
import { setQuantity } from './orders.js';
import type { Order } from './orders.js';
import { isRefused, validate } from './validation.js';
import type { Validated } from './validation.js';

/** What can't be changed in an order. `asked` is the request as it came, before defaults. */
function revisionRefusal(order: Order, asked: OrderRequest, next: Validated) {
  const { request, listing, account } = next;
  const same = listing.conId === order.contract.conId && account === order.account;
  if (!same || request.action !== order.request.action) return codes.MODIFY_MISMATCH;
  if (request.orderType !== order.request.orderType) return codes.TYPE_CHANGE;
  const parentMoved = request.parentId !== 0 && request.parentId !== order.request.parentId;
  if (parentMoved || request.totalQuantity.lt(order.filled)) return codes.MODIFY_MISMATCH;
  // Clients modify a child with an empty group; only a real change is refused.
  if (asked.ocaGroup === '') return undefined;
  const typeMoved = asked.ocaType !== 0 && asked.ocaType !== order.request.ocaType;
  if (asked.ocaGroup !== order.request.ocaGroup || typeMoved) return codes.OCA_REVISION;
  return undefined;
}

/** More shares, or another price: it has to be carried anew, and goes to the end of the queue. */
function offersAnew(before: OrderRequest, next: OrderRequest): boolean {
  const moved = (['lmtPrice', 'auxPrice'] as const).some(
    (field) => before[field]?.toString() !== next[field]?.toString(),
  );
  return moved || next.totalQuantity.gt(before.totalQuantity);
}

function refusalOf(core: Core, order: Order, asked: OrderRequest): CodedError | Validated {
  if (order.status === 'PendingCancel') return codes.MODIFY_MISMATCH;
  const next = validate(core, asked);
  if (isRefused(next)) return next;
  const refused = revisionRefusal(order, asked, next);
  if (refused) return refused;
  if (core.settings.faults.take('modify-110', orderContext(order))) return codes.OFF_GRID;
  if (canFillRest(core, order) && core.settings.faults.take('modify-104', orderContext(order))) {
    fillRest(core, order);
    return codes.MODIFY_FILLED;
  }
  if (!offersAnew(order.request, next.request) || order.parentSeq !== 0) return next;
  const rest = next.request.totalQuantity.sub(order.filled);
  return marginRefusal(core, order.account, next.listing, next.request, rest) ?? next;
}

/** A size that the client merely repeats leaves alone what a parent or a group made of it. */
function applySize(core: Core, order: Order, asked: OrderRequest): void {
  const parent = order.parentSeq ? core.state.live.get(order.parentSeq) : undefined;
  const repeated =
    asked.totalQuantity.eq(order.request.totalQuantity) ||
    (parent !== undefined && asked.totalQuantity.eq(order.wanted));
  if (repeated) return;
  order.wanted = asked.totalQuantity;
  order.ocaCut = order.ocaCut.mul(0);
}

function applyTrail(order: Order, before: OrderRequest, next: OrderRequest): void {
  if (next.orderType !== 'TRAIL') return;
  const given = next.trailStopPrice;
  const text = (value: { toString(): string } | undefined): string => value?.toString() ?? '';
  if (given && text(given) !== text(before.trailStopPrice)) order.trailStop = given;
  else if (
    text(next.auxPrice) !== text(before.auxPrice) ||
    text(next.trailingPercent) !== text(before.trailingPercent)
  ) {
    order.trailStop = undefined;
  }
}

function apply(core: Core, order: Order, next: Validated): void {
  const before = order.request;
  applySize(core, order, next.request);
  const { ocaGroup, ocaType, parentId } = before;
  order.request = { ...next.request, ocaGroup, ocaType, parentId };
  setQuantity(order, workingSize(core, order));
  applyTrail(order, before, order.request);
  order.triggerHits = 0;
  order.afterMs = parseStamp(order.request.goodAfterTime) ?? 0;
  order.expiresMs = expiryOf(core, order.request, core.settings.nowMs());
  order.waiting = !isInSession(core, order, core.settings.nowMs());
  if (offersAnew(before, order.request)) {
    order.rank = nextSequence(core);
    core.state.book(order.contract.symbol).requeue(order);
  }
}

/** Cut to what it has filled, an order is done: its group and its children take it as filled. */
function endAsFilled(core: Core, order: Order): void {
  const siblings = core.state.siblings(order);
  core.batch.requests.add(order);
  completeFilled(core, order);
  for (const sibling of siblings) cancelAlone(core, sibling);
  wakeChildren(core, order);
}

/** Modifies a live order, or tells why not. With transmit=0 nothing happens: it stays with the client. */
export function modify(core: Core, order: Order, asked: OrderRequest): void {
  if (!asked.transmit) return;
  const next = refusalOf(core, order, asked);
  if (isRefused(next)) {
    tellError(core, order, next);
    return;
  }
  for (const notice of next.notices) tellError(core, order, notice);
  apply(core, order, next);
  if (core.settings.faults.take('second-perm-id', orderContext(order))) {
    order.permId = nextPermId(core);
  }
  if (order.request.totalQuantity.lte(order.filled)) {
    endAsFilled(core, order);
    return;
  }
  tellOrder(core, order, true);
  if (!order.heldByParent) core.awake.push(order);
}
