/** The exchange's views as plain facts. */
import { text } from '../../domain/money.js';
import type { ExecutionView, ExchangeEvent, OrderRequest, OrderView } from '../exchange/api.js';
import { parseStamp } from '../exchange/hours.js';
import type { ExecutionFact, LedgerInput, OrderFact, RequestFact } from './inputs.js';

type WithoutTime<Input> = Input extends unknown ? Omit<Input, 'at'> : never;
export type Fact = WithoutTime<LedgerInput>;

function stopPrice({ request, trailStopPrice }: OrderView) {
  return request.orderType === 'TRAIL' ? trailStopPrice : request.auxPrice;
}

/** An order at the exchange as a fact. */
export function orderFact(order: OrderView): OrderFact {
  const { request } = order;
  const stop = stopPrice(order);
  const goodTillMs = request.tif === 'GTD' ? parseStamp(request.goodTillDate) : undefined;
  return {
    ...{ clientId: order.clientId, orderId: order.orderId, permId: order.permId },
    ...{ parentId: request.parentId, parentPermId: order.parentPermId },
    ...{ orderRef: request.orderRef, account: request.account, symbol: order.contract.symbol },
    ...{ action: request.action, quantity: text(request.totalQuantity) },
    orderType: request.orderType,
    ...(request.lmtPrice && { limitPrice: text(request.lmtPrice) }),
    ...(stop && { stopPrice: text(stop) }),
    tif: request.tif || 'DAY',
    ...(goodTillMs !== undefined && { goodTillMs }),
    ...{ ocaGroup: request.ocaGroup, ocaType: request.ocaType },
    ...{ transmit: request.transmit, status: order.status, whyHeld: order.whyHeld },
    ...{ filled: text(order.filled), remaining: text(order.remaining) },
    avgFillPrice: text(order.avgFillPrice),
  };
}

/** A placeOrder as a fact. */
export function requestFact(request: OrderRequest): RequestFact {
  const { orderRef, account, action, orderType, parentId, transmit } = request;
  const symbol = request.contract.symbol ?? '';
  const quantity = text(request.totalQuantity);
  return { orderRef, account, symbol, action, quantity, orderType, parentId, transmit };
}

export function executionFact(execution: ExecutionView): ExecutionFact {
  const { execId, clientId, orderId, permId, orderRef, account, side } = execution;
  const { symbol } = execution.contract;
  const amounts = { shares: text(execution.shares), price: text(execution.price) };
  return { execId, clientId, orderId, permId, orderRef, account, symbol, side, ...amounts };
}

/** What the exchange told as a fact; `market` gives a symbol's mid price as text. */
export function eventFact(
  event: ExchangeEvent,
  market: (symbol: string) => string | undefined,
): Fact {
  if (event.kind === 'order' || event.kind === 'unspoken') {
    const price = market(event.order.contract.symbol);
    const order = orderFact(event.order);
    return { kind: 'order', order, ...(price !== undefined && { market: price }) };
  }
  if (event.kind === 'execution') {
    return { kind: 'execution', execution: executionFact(event.execution) };
  }
  if (event.kind === 'commission') {
    const { execId, commission } = event.report;
    return { kind: 'commission', execId, commission: text(commission) };
  }
  if (event.kind === 'position') {
    const { account, contract, position } = event.position;
    return { kind: 'position', account, symbol: contract.symbol, position: text(position) };
  }
  const { clientId, orderId, code, message } = event;
  return { kind: 'error', clientId, orderId, code, message };
}
