/** placeOrder, cancelOrder, reqGlobalCancel. */
import type { OrderRequest } from '../../exchange/api.js';
import type { FaultParams } from '../../faults.js';
import type { FieldReader } from '../../protocol/fields.js';
import { REQUEST } from '../../protocol/message-ids.js';
import { whatIfAnswer } from '../../protocol/order-messages.js';
import { readPlaceOrder } from '../../protocol/place-order.js';
import { GATE } from '../../protocol/versions.js';
import type { Hub } from '../hub.js';
import type { OrderReceipt } from '../observer.js';
import { cancelEvent, placedEvent } from '../placed-event.js';
import type { RequestHandlers, Session } from '../session.js';

/** Attributes that IBKR no longer takes. Old clients send the first two by default. */
const REFUSED_ATTRIBUTES: readonly (readonly [string, number, string])[] = [
  ['eTradeOnly', 10268, "The 'EtradeOnly' order attribute is not supported."],
  ['firmQuoteOnly', 10269, "The 'FirmQuoteOnly' order attribute is not supported."],
  ['nbboPriceCap', 10270, "The 'NbboPriceCap' order attribute is not supported."],
];

interface Refusal {
  code: number;
  message: string;
}

/** What TWS itself refuses before the order reaches a book. */
function refusal(request: OrderRequest, version: number): Refusal | undefined {
  for (const [name, code, message] of REFUSED_ATTRIBUTES) {
    const value = request.echoed[name];
    if (value !== undefined && Number(value) !== 0) return { code, message };
  }
  if (version < GATE.FRACTIONAL_SIZE && !request.totalQuantity.isInteger()) {
    const message =
      'Your API version does not support fractional size rules. ' +
      'Please upgrade to a minimum version 163.';
    return { code: 10285, message };
  }
  if (request.whatIf && !request.transmit) {
    return { code: 413, message: 'What-If order should have the transmit flag set to true.' };
  }
  return undefined;
}

function preview(hub: Hub, session: Session, orderId: number, request: OrderRequest): void {
  const listing = hub.listings.find(request.contract)[0];
  if (!listing) {
    session.error(orderId, 200, 'No security definition has been found for the request');
    return;
  }
  const result = hub.exchange.whatIf(request);
  if ('error' in result) {
    session.error(orderId, result.error.code, result.error.message);
    return;
  }
  const order = { clientId: session.clientId, orderId, contract: listing, request };
  session.send(whatIfAnswer(order, result, session.version));
}

/** A modification is not an order: it takes a fault that means one. */
function isDropped(hub: Hub, event: ReturnType<typeof placedEvent>, isNew: boolean): boolean {
  const means = (params: FaultParams): boolean => isNew || params['modifications'] === true;
  if (hub.faults.take('order-dropped', event, means)) return true;
  return !isNew && hub.faults.take('modify-dropped', event) !== undefined;
}

function place(hub: Hub, session: Session, reader: FieldReader): void {
  const { orderId, request } = readPlaceOrder(reader, session.version);
  const { clientId } = session;
  const observe = (receipt: OrderReceipt): void =>
    hub.observer.onOrderReceived?.(clientId, orderId, request, receipt, hub.nowMs());
  const refused = refusal(request, session.version);
  if (refused) {
    observe('refused');
    session.error(orderId, refused.code, refused.message);
    return;
  }
  if (request.whatIf) {
    observe('what-if');
    preview(hub, session, orderId, request);
    return;
  }
  const isNew = hub.exchange.liveOrder(clientId, orderId) === undefined;
  const event = placedEvent(hub, { clientId, orderId }, request, isNew);
  if (isDropped(hub, event, isNew)) {
    observe('dropped');
    return;
  }
  const cut = hub.faults.take('cut-before-ack', event);
  const lost = cut?.params['lost'] === true;
  observe(lost ? 'dropped' : 'passed');
  if (cut) session.connection.close('cut by the fault cut-before-ack');
  if (!lost) hub.exchange.place(clientId, orderId, request);
}

/** Until 191 a version number comes before the order's id. */
function cancelIdAt(version: number): number {
  return version < GATE.CME_TAGGING ? 1 : 0;
}

function cancel(hub: Hub, session: Session, reader: FieldReader): void {
  reader.skip(cancelIdAt(session.version));
  const orderId = reader.int('orderId', -1);
  const { clientId } = session;
  const event = cancelEvent({ clientId, orderId }, hub.exchange.liveOrder(clientId, orderId));
  const dropped = hub.faults.take('cancel-dropped', event);
  const receipt = dropped ? 'dropped' : 'passed';
  hub.observer.onCancelReceived?.(clientId, orderId, receipt, hub.nowMs());
  if (!dropped) hub.exchange.cancel(clientId, orderId);
}

function globalCancel(hub: Hub, session: Session): void {
  hub.observer.onCancelReceived?.(session.clientId, -1, 'passed', hub.nowMs());
  hub.exchange.globalCancel();
}

export const ORDER_REQUESTS: RequestHandlers = {
  [REQUEST.PLACE_ORDER]: { idAt: 0, handle: place },
  [REQUEST.CANCEL_ORDER]: { idAt: cancelIdAt, handle: cancel },
  [REQUEST.GLOBAL_CANCEL]: { handle: globalCancel },
};
