/** What a report says of an order, for people and for what is done about it. */
import type { OrderReport } from '../broker/fact.js';
import { hasEnded } from '../orders/table.js';
import type { Finding } from './finding.js';

/** What a report says of an order that works; of one that says nothing of its terms nobody knows which way it goes. */
export function workingOf(order: OrderReport): Pick<Finding, 'brokerContractId' | 'working'> {
  const { brokerContractId, terms, status, remainingQuantity: quantity } = order;
  const isWorking = terms !== null && !hasEnded(status);
  const working = isWorking ? { side: terms.side, quantity, terms: termsOf(order) } : null;
  return { brokerContractId, working };
}

/** What an order is, for people: `SELL 5 LMT at 50, of which 3 are unfilled (Submitted)`. */
export function termsOf({ terms, remainingQuantity: left, brokerStatus }: OrderReport): string {
  if (terms === null) return `${left} shares unfilled (${brokerStatus})`;
  const { side, quantity, orderType, limitPrice, stopPrice } = terms;
  const prices = [stopPrice, limitPrice].filter((price) => price !== null).join(' and ');
  const at = prices === '' ? '' : ` at ${prices}`;
  const unfilled = left === quantity ? '' : `, of which ${left} are unfilled`;
  return `${side} ${quantity} ${orderType}${at}${unfilled} (${brokerStatus})`;
}
