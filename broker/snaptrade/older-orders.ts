/**
 * Orders of ours that live longer than the list of recent orders reaches back, asked for one by one: the long list may
 * be a day old, and an order that was filled meanwhile would stand in it as if it still worked.
 */
import type { Api } from './api.js';
import { SnapTradeFailure } from './failures.js';
import type { Legs } from './legs.js';
import type { OrderRecord } from './schemas.js';

/** @param most those that were heard of longest ago come first. @throws SnapTradeFailure. */
export async function olderOrders(
  api: Api,
  legs: Legs,
  account: string,
  recent: readonly OrderRecord[],
  most = Number.POSITIVE_INFINITY,
): Promise<OrderRecord[]> {
  const listed = new Set(recent.map((one) => one.brokerage_order_id));
  const older = [...legs.all()]
    .filter((leg) => leg.account === account && !leg.hasEnded)
    .flatMap((leg) => leg.chain.slice(-1).map((id) => ({ leg, id })))
    .filter(({ id }) => !listed.has(id))
    .sort((first, second) => first.leg.lookedAt - second.leg.lookedAt)
    .slice(0, most);
  const found: OrderRecord[] = [];
  for (const { leg, id } of older) {
    leg.lookedAt = legs.nextLook();
    const record = await api.order(account, id).catch(unlessGone);
    if (record) found.push(record);
  }
  return found;
}

/** An order that the brokerage does not know any more has vanished: the lists say the same. */
function unlessGone(error: unknown): null {
  if (error instanceof SnapTradeFailure && error.status === 404) return null;
  throw error;
}
