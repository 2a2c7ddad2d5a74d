/** A transmitted order enters the books: checks of the broker's servers, its first status, its hold. */
import { ZERO } from '../../domain/money.js';
import { durationMs } from '../faults.js';
import type { ContractSpec, Listing, OrderRequest } from './api.js';
import { wakeChildren } from './bracket.js';
import * as codes from './codes.js';
import type { CodedError } from './codes.js';
import { schedule, tellError, tellOrder } from './core.js';
import type { Core } from './core.js';
import { refuse } from './endings.js';
import { orderContext } from './fill-faults.js';
import { expiryOf, isInSession, openingText, parseStamp } from './hours.js';
import { nextPermId, nextSequence, parentOf, rememberRefusal } from './identity.js';
import { marginRefusal } from './margin.js';
import { restingStatus } from './orders.js';
import type { Order } from './orders.js';
import { openingShares } from './positions.js';
import type { Validated } from './validation.js';

/** The listing under the route that the client chose. */
function contractOf(listing: Listing, request: OrderRequest): ContractSpec {
  return {
    conId: listing.conId,
    symbol: listing.symbol,
    secType: listing.secType,
    exchange: request.contract.exchange ?? listing.exchange,
    primaryExchange: listing.primaryExchange,
    currency: listing.currency,
    localSymbol: listing.localSymbol,
    tradingClass: listing.tradingClass,
  };
}

function newOrder(
  core: Core,
  ids: { clientId: number; orderId: number },
  { listing, account, request }: Validated,
  parent: Order | undefined,
): Order {
  const nowMs = core.settings.nowMs();
  const seq = nextSequence(core);
  const waits = request.goodAfterTime !== '';
  // Written out field by field: this runs once for every order there ever is.
  return {
    clientId: ids.clientId,
    orderId: ids.orderId,
    seq,
    rank: seq,
    permId: nextPermId(core),
    account,
    parentSeq: parent?.seq ?? 0,
    parentPermId: parent?.permId ?? 0,
    contract: contractOf(listing, request),
    minTick: listing.minTick,
    // In a bracket TWS puts the children into a group named after their parent.
    request:
      parent && request.ocaGroup === '' ? { ...request, ocaGroup: `${parent.permId}` } : request,
    wanted: request.totalQuantity,
    ocaCut: ZERO,
    status: 'PreSubmitted',
    filled: ZERO,
    value: ZERO,
    lastFillPrice: ZERO,
    commissionCharged: ZERO,
    trailStop: request.orderType === 'TRAIL' ? request.trailStopPrice : undefined,
    triggered: false,
    triggerHits: 0,
    heldByParent: parent !== undefined,
    heldForLocate: false,
    waiting: false,
    warningText: '',
    acceptedAtMs: nowMs,
    afterMs: waits ? (parseStamp(request.goodAfterTime) ?? 0) : 0,
    expiresMs: expiryOf(core, request, nowMs),
    completedTimeMs: undefined,
    completedStatus: undefined,
    vanished: false,
  };
}

/** Why the broker's servers refuse the order; such an order exists, but is Inactive. */
function refusal(core: Core, order: Order, validated: Validated): CodedError | undefined {
  const { faults, nowMs } = core.settings;
  const context = orderContext(order);
  if (faults.take('rejected-201-inactive', context)) {
    return codes.rejected('The order was refused by the risk check');
  }
  if (order.parentSeq && faults.take('child-refused', context)) {
    return codes.rejected('The child order was refused');
  }
  if (nowMs() >= order.expiresMs) return codes.rejected('The good till date is in the past');
  // Children close what their parent opens.
  if (order.parentSeq) return undefined;
  return marginRefusal(core, order.account, validated.listing, order.request);
}

/** Notices that come with acceptance: a preset changed the TIF, or the session has to open first. */
function tellNotices(core: Core, order: Order): void {
  if (!order.waiting || order.heldByParent) return;
  const { action, totalQuantity } = order.request;
  const { symbol, primaryExchange } = order.contract;
  const what = codes.describeOrder(action, totalQuantity, symbol, primaryExchange);
  const opens = openingText(core, core.settings.nowMs());
  tellError(core, order, codes.waitsForSession(what, opens));
}

function applyPreset(core: Core, order: Order): void {
  const fault = core.settings.faults.take('tif-preset-10349', orderContext(order));
  if (!fault) return;
  const tif = String(fault.params['tif']);
  order.request = { ...order.request, tif };
  order.expiresMs = expiryOf(core, order.request, order.acceptedAtMs);
  tellError(core, order, codes.tifFromPreset(tif));
}

function holdForLocate(core: Core, order: Order): void {
  const { action, totalQuantity } = order.request;
  if (action !== 'SELL' || order.parentSeq) return;
  const held = core.state.quantity(order.account, order.contract.conId);
  if (openingShares(held, totalQuantity.neg()).isZero()) return;
  const fault = core.settings.faults.take('locate-hold', orderContext(order));
  if (!fault) return;
  order.heldForLocate = true;
  const delayMs = durationMs(fault.params);
  const dueMs = core.settings.nowMs() + delayMs;
  // Without `seconds` a locate takes as long as the client lets it.
  if (delayMs > 0) schedule(core, { kind: 'located', dueMs, seq: order.seq });
}

/**
 * Takes a transmitted order into the books and tells its first status. It acts on the market when the
 * whole family is in, so that no parent fills before its children are there.
 */
export function accept(
  core: Core,
  ids: { clientId: number; orderId: number },
  validated: Validated,
): void {
  const { parentId } = validated.request;
  const parent = parentId === 0 ? undefined : parentOf(core, ids.clientId, parentId);
  if (parent && 'code' in parent) {
    rememberRefusal(core, ids.clientId, ids.orderId);
    tellError(core, ids, parent);
    return;
  }
  const order = newOrder(core, ids, validated, parent);
  const refused = refusal(core, order, validated);
  if (refused) {
    rememberRefusal(core, ids.clientId, ids.orderId);
    tellError(core, order, refused);
    core.batch.requests.add(order);
    refuse(core, order, refused.message);
    return;
  }
  applyPreset(core, order);
  holdForLocate(core, order);
  order.waiting = !isInSession(core, order, order.acceptedAtMs);
  // Even an order that is about to fill is seen as PreSubmitted first.
  order.status = order.heldForLocate ? restingStatus(order) : 'PreSubmitted';
  tellOrder(core, order, true);
  if (order.heldForLocate) tellError(core, order, codes.HELD_FOR_LOCATE);
  tellNotices(core, order);
  if (parent?.filled.gt(ZERO)) wakeChildren(core, parent);
  if (!order.heldByParent) core.awake.push(order);
}
