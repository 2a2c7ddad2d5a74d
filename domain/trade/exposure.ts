/** What the legs of a trade hold, and what they could still fill: sums that several rules share. */
import { decimal, max, sum, text, ZERO, type Decimal, type DecimalText } from '../money.js';
import { isLive, workingQuantity } from '../orders/machine.js';
import type { LegRole, Side } from '../vocabulary.js';
import type { OrderLeg } from '../orders/leg.js';
import type { TradeLeg } from './leg.js';

/** Fills of the entry's side less fills of the other; negative when overfilled. */
export function heldQuantity(legs: readonly OrderLeg[], side: Side): Decimal {
  return sum(
    legs.map((leg) => {
      const filled = decimal(leg.filledQuantity);
      return leg.side === side ? filled : filled.neg();
    }),
  );
}

/** Filled shares of the legs that fit. */
export function filledOf(legs: readonly TradeLeg[]): Decimal {
  return sum(legs.map((leg) => decimal(leg.filledQuantity)));
}

/** Average fill price over legs; null without fills. */
export function averageOf(legs: readonly TradeLeg[]): DecimalText | null {
  const filled = legs.filter((leg) => leg.averagePrice !== null);
  const quantity = filledOf(filled);
  if (quantity.eq(0)) return null;
  const value = sum(filled.map((leg) => decimal(leg.filledQuantity).mul(leg.averagePrice!)));
  return text(value.div(quantity));
}

/** Legs that may still fill, of a role or of all. */
export function liveLegs<Leg extends TradeLeg>(legs: readonly Leg[], role?: LegRole): Leg[] {
  return legs.filter((leg) => isLive(leg) && (role === undefined || leg.role === role));
}

/** The most that legs together could fill: the largest of each OCA group, and every one without. */
export function fillableMax(legs: readonly (OrderLeg & Pick<TradeLeg, 'ocaGroup'>)[]): Decimal {
  const byGroup = new Map<string, Decimal>();
  for (const leg of legs) {
    const group = leg.ocaGroup ?? `alone ${leg.legId}`;
    byGroup.set(group, max(byGroup.get(group) ?? ZERO, workingQuantity(leg)));
  }
  return sum(byGroup.values());
}

/** Why a broker holds a stop that is armed all the same: it waits for its trigger price. */
const WAITS_FOR_TRIGGER = 'trigger';

/**
 * Whether a stop protects now (TRD-3): acknowledged, on the protective side, not held, not being
 * cancelled, at an approved price, and alive beyond the day. While a modification is in flight, or once
 * it was refused, the old price counts: it was approved too (T16). So does one that is tighter than
 * wanted, as a close makes it. A trailing stop's price is the broker's.
 */
export function isArmed(leg: TradeLeg, side: Side, stopPrice: DecimalText | null): boolean {
  if (leg.role !== 'STOP' || leg.side === side) return false;
  if (leg.status !== 'ACCEPTED' && leg.status !== 'PARTIAL') return false;
  if (leg.cancelInFlight || leg.isDoubtful || leg.timeInForce === 'DAY') return false;
  if (reasonsHeld(leg).some((reason) => reason !== WAITS_FOR_TRIGGER)) return false;
  if (leg.modificationInFlight || leg.modificationRefused) return true;
  return hasStopPrice(leg, stopPrice) || isTighter(leg, side, stopPrice);
}

/** It would sell earlier than wanted, so it covers what the wanted one does. */
function isTighter(leg: TradeLeg, side: Side, stopPrice: DecimalText | null): boolean {
  if (leg.stopPrice === null || stopPrice === null) return false;
  return isTighterPrice(leg.stopPrice, side, stopPrice);
}

/** Whether a stop of a trade of that side risks less at the price than at the other. */
export function isTighterPrice(price: DecimalText, side: Side, other: DecimalText): boolean {
  const apart = decimal(price).sub(decimal(other));
  return side === 'BUY' ? apart.gt(0) : apart.lt(0);
}

/** Brokers give several reasons in one text, by commas. */
function reasonsHeld(leg: TradeLeg): string[] {
  return leg.whyHeld.split(/[\s,]+/).filter((reason) => reason !== '');
}

/** Whether the leg has the stop price wanted; a trailing one always has. */
export function hasStopPrice(leg: TradeLeg, stopPrice: DecimalText | null): boolean {
  return leg.orderType === 'TRAIL' || samePrice(leg.stopPrice, stopPrice);
}

/** Equal prices, however they are written. */
export function samePrice(a: DecimalText | null, b: DecimalText | null): boolean {
  return a === null || b === null ? a === b : decimal(a).eq(decimal(b));
}
