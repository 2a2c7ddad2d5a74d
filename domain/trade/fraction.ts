/**
 * Parts of a share: brokers refuse them in several types of order, stops among them (10318, SIZ-2), so the orders
 * of a trade are for whole shares. What somebody else's order leaves beside them is a person's to trade away.
 */
import { decimal, text, type Decimal, type DecimalText } from '../money.js';
import type { LegRole } from '../vocabulary.js';

/** What of a leg says in which quantities its trade is ordered. */
interface Ordered {
  readonly role: LegRole;
  readonly quantity: DecimalText;
}

/** The trade was entered by an order with a part of a share in it, which the broker took: then it takes its exits. */
export function isInFractions(legs: readonly Ordered[]): boolean {
  return legs.some(({ role, quantity }) => role === 'ENTRY' && !decimal(quantity).isInteger());
}

/** What of that many shares, of either sign, orders of the trade can be for: rounded to none, never away from it. */
export function orderableOf(quantity: Decimal, legs: readonly Ordered[]): Decimal {
  return isInFractions(legs) ? quantity : quantity.trunc();
}

/** What of a trade's shares no order can be for; zero for most. */
export function partOf(view: {
  readonly heldQuantity: DecimalText;
  readonly orderableQuantity: DecimalText;
}): Decimal {
  return decimal(view.heldQuantity).sub(view.orderableQuantity);
}

/** For people: what is left to them, and what they can do. */
export function leftText(part: Decimal): string {
  return `${text(part.abs())} is less than one share, and no order can be for it: trade it away in TWS`;
}
