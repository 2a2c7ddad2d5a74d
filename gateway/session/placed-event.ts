/** What a placeOrder or cancelOrder is, for faults that wait for one. */
import type { OrderRequest, OrderView } from '../exchange/api.js';
import type { Leg } from '../fault-params.js';
import type { Hub } from './hub.js';

const STOP_TYPES = new Set(['STP', 'STP LMT', 'TRAIL']);

/** A parent is staged for its children; a child names its parent. A lone order is no leg. */
function legsOf({ parentId, transmit, orderType }: OrderRequest): Leg[] {
  if (parentId === 0) return transmit ? [] : ['parent'];
  if (STOP_TYPES.has(orderType)) return ['stop', 'child'];
  return orderType === 'LMT' ? ['target', 'child'] : ['child'];
}

/** A placeOrder of a client. `isNew`: it changes no live order; only then it is a leg of a group. */
export function placedEvent(
  hub: Hub,
  ids: { clientId: number; orderId: number },
  request: OrderRequest,
  isNew: boolean,
) {
  const { action, orderType, orderRef, contract } = request;
  return {
    ...ids,
    ...{ action, orderType, orderRef },
    account: request.account || hub.exchange.accounts[0],
    symbol: contract.symbol ?? hub.listings.find(contract)[0]?.symbol,
    leg: isNew ? legsOf(request) : [],
  };
}

/** A cancelOrder of a client; of the order only the id is known when it does not live. */
export function cancelEvent(
  ids: { clientId: number; orderId: number },
  order: OrderView | undefined,
) {
  return {
    ...ids,
    account: order?.request.account,
    symbol: order?.contract.symbol,
    action: order?.request.action,
    orderType: order?.request.orderType,
    orderRef: order?.request.orderRef,
  };
}
