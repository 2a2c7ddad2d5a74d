/** Listings of orders and fills: open, completed, executions with their filters. */
import type { ExecutionView, OrderView } from '../../exchange/api.js';
import { FieldError } from '../../protocol/fields.js';
import type { FieldReader } from '../../protocol/fields.js';
import { commission, execution, executionsEnd } from '../../protocol/execution-messages.js';
import { REQUEST } from '../../protocol/message-ids.js';
import { completedOrder, openOrder, orderStatus } from '../../protocol/order-messages.js';
import { completedOrdersEnd, openOrdersEnd } from '../../protocol/system-messages.js';
import { readTime } from '../../protocol/time-texts.js';
import type { Hub } from '../hub.js';
import { ListingReply } from '../listing-reply.js';
import type { RequestHandlers, Session } from '../session.js';

const VERSION_FIELD = 1;

function listOrders(hub: Hub, session: Session, orders: readonly OrderView[]): void {
  const list = new ListingReply(hub, session, 'openOrders');
  for (const order of orders) {
    list.item([openOrder(order, session.version), orderStatus(order)], order.permId);
  }
  list.end(openOrdersEnd());
}

function autoBind(_hub: Hub, session: Session, reader: FieldReader): void {
  reader.skip(VERSION_FIELD);
  const bind = reader.bool('bAutoBind');
  if (session.clientId !== 0) {
    const message = 'Only the default client (i.e 0) can auto bind orders.';
    session.error(-1, 327, message);
    return;
  }
  session.autoBind = bind;
}

function completed(hub: Hub, session: Session, reader: FieldReader): void {
  const apiOnly = reader.remaining > 0 && reader.bool('apiOnly');
  const list = new ListingReply(hub, session, 'completedOrders');
  for (const order of hub.exchange.completedOrders()) {
    // Orders that nobody sent by the API have no order id.
    if (apiOnly && order.orderId === 0) continue;
    list.item([completedOrder(order, session.version)], order.permId);
  }
  list.end(completedOrdersEnd());
}

interface ExecutionFilter {
  clientId: number; // 0 any
  account: string;
  sinceMs: number | undefined;
  symbol: string;
  secType: string;
  exchange: string;
  side: string; // '' any, BOT, SLD
}

/** Requests say BUY and SELL (and short forms), executions BOT and SLD. */
function readSide(value: string): string {
  const side = value.toUpperCase();
  if (side === '') return '';
  if (side === 'BUY' || side === 'BOT' || side === 'B') return 'BOT';
  if (side === 'SELL' || side === 'SLD' || side === 'SSHORT' || side === 'S') return 'SLD';
  throw new FieldError('side', value);
}

function readSince(value: string): number | undefined {
  if (value === '') return undefined;
  const sinceMs = readTime(value);
  if (sinceMs === undefined) throw new FieldError('time', value);
  return sinceMs;
}

function readFilter(reader: FieldReader): ExecutionFilter {
  return {
    clientId: reader.int('clientId'),
    account: reader.text('acctCode'),
    sinceMs: readSince(reader.text('time')),
    symbol: reader.text('symbol').toUpperCase(),
    secType: reader.text('secType').toUpperCase(),
    exchange: reader.text('exchange').toUpperCase(),
    side: readSide(reader.text('side')),
  };
}

function fits(view: ExecutionView, filter: ExecutionFilter): boolean {
  if (filter.clientId !== 0 && view.clientId !== filter.clientId) return false;
  if (filter.account !== '' && view.account !== filter.account) return false;
  if (filter.sinceMs !== undefined && view.timeMs < filter.sinceMs) return false;
  if (filter.symbol !== '' && view.contract.symbol !== filter.symbol) return false;
  if (filter.secType !== '' && view.contract.secType !== filter.secType) return false;
  const exchanges = [view.exchange, view.contract.exchange];
  if (filter.exchange !== '' && !exchanges.includes(filter.exchange)) return false;
  return filter.side === '' || view.side === filter.side;
}

function executions(hub: Hub, session: Session, reader: FieldReader): void {
  reader.skip(VERSION_FIELD);
  const reqId = reader.int('reqId', -1);
  const filter = readFilter(reader);
  const list = new ListingReply(hub, session, 'executions');
  for (const { execution: view, commission: report } of hub.exchange.executions()) {
    if (!fits(view, filter)) continue;
    const told = execution(reqId, view, session.version);
    list.item(report ? [told, commission(report)] : [told], view.permId);
  }
  list.end(executionsEnd(reqId));
}

export const ORDER_LISTING_REQUESTS: RequestHandlers = {
  [REQUEST.OPEN_ORDERS]: {
    handle: (hub, session) => listOrders(hub, session, hub.exchange.openOrders(session.clientId)),
  },
  [REQUEST.ALL_OPEN_ORDERS]: {
    handle: (hub, session) => listOrders(hub, session, hub.exchange.openOrders()),
  },
  [REQUEST.AUTO_OPEN_ORDERS]: { handle: autoBind },
  [REQUEST.COMPLETED_ORDERS]: { handle: completed },
  [REQUEST.EXECUTIONS]: { idAt: VERSION_FIELD, handle: executions },
};
