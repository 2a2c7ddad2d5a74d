/** Percent exits and their re-anchoring to the average fill (SIZ-6). */
import { decimal, max, min, roundToIncrement, type Decimal } from '../money.js';
import type { Quote, Side } from '../vocabulary.js';

export interface ExitPrices {
  readonly stopPrice: Decimal | null;
  readonly targetPrice: Decimal | null;
}

/**
 * Exits at fractions from the entry: a stop below and a target above for a long, mirrored for a short,
 * both rounded to the increment toward the entry. Very small fractions may round onto the entry itself,
 * and a short's target of 1 or more is at or below zero: the risk checks refuse both.
 */
export function percentExits(
  side: Side,
  entry: Decimal,
  fractions: { readonly stopPct: Decimal | null; readonly targetPct: Decimal | null },
  increment: Decimal,
): ExitPrices {
  const direction = side === 'BUY' ? 1 : -1;
  const at = (fraction: Decimal) => entry.mul(fraction.mul(direction).add(1));
  const { stopPct, targetPct } = fractions;
  return {
    stopPrice: stopPct && roundStop(side, at(stopPct.neg()), increment),
    targetPrice: targetPct && roundTarget(side, at(targetPct), increment),
  };
}

/** A stop's price on the contract's increment, rounded toward the entry. `side` is the entry's. */
export function roundStop(side: Side, price: Decimal, increment: Decimal): Decimal {
  return roundToIncrement(price, increment, side === 'BUY' ? 'up' : 'down');
}

/** A target's price on the contract's increment, rounded toward the entry. `side` is the entry's. */
export function roundTarget(side: Side, price: Decimal, increment: Decimal): Decimal {
  return roundToIncrement(price, increment, side === 'BUY' ? 'down' : 'up');
}

export interface ReanchorInput {
  readonly side: Side;
  readonly averageFill: Decimal;
  readonly filledQuantity: Decimal;
  /** Null where the signal gave a price: that one stays. */
  readonly stopPct: Decimal | null;
  readonly targetPct: Decimal | null;
  readonly increment: Decimal;
  /** What may be lost at the stop, commissions apart. */
  readonly approvedRisk: Decimal;
  readonly stopPrice: Decimal;
  readonly targetPrice: Decimal | null;
  readonly quote: Quote | null;
}

export interface Reanchored {
  readonly stopPrice: Decimal;
  readonly targetPrice: Decimal | null;
  readonly changed: boolean;
}

/**
 * Exit prices anchored to the average fill, to be applied once, when the entry is finished. The stop is
 * never farther than the approved risk allows. A price that would trigger at the current quote, or
 * can't be judged for want of one, leaves the present price in force.
 */
export function reanchorExits(input: ReanchorInput): Reanchored {
  const wanted = percentExits(input.side, input.averageFill, input, input.increment);
  const stopPrice = anchoredStop(input, wanted.stopPrice);
  const targetPrice = anchoredTarget(input, wanted.targetPrice);
  const same = stopPrice.eq(input.stopPrice) && samePrice(targetPrice, input.targetPrice);
  return { stopPrice, targetPrice, changed: !same };
}

function anchoredStop(input: ReanchorInput, wanted: Decimal | null): Decimal {
  if (wanted === null || input.filledQuantity.lte(0)) return input.stopPrice;
  const perShare = input.approvedRisk.div(input.filledQuantity);
  const long = input.side === 'BUY';
  const farthest = long ? input.averageFill.sub(perShare) : input.averageFill.add(perShare);
  const bound = roundStop(input.side, farthest, input.increment);
  const price = long ? max(wanted, bound) : min(wanted, bound);
  return triggersNow(input.side, price, input.quote) ? input.stopPrice : price;
}

function anchoredTarget(input: ReanchorInput, wanted: Decimal | null): Decimal | null {
  if (wanted === null || input.targetPrice === null) return input.targetPrice;
  const exit = exitQuote(input.side, input.quote);
  if (exit === null) return input.targetPrice;
  const fillsNow = input.side === 'BUY' ? exit.gte(wanted) : exit.lte(wanted);
  return fillsNow ? input.targetPrice : wanted;
}

/** Whether a stop at that price would trigger at the quote, or can't be judged. `side` is the entry's. */
export function triggersNow(side: Side, stopPrice: Decimal, quote: Quote | null): boolean {
  const exit = exitQuote(side, quote);
  if (exit === null) return true;
  return side === 'BUY' ? exit.lte(stopPrice) : exit.gte(stopPrice);
}

/** What a closing order would get: the bid for a long, the ask for a short; null without a live one. */
export function exitQuote(side: Side, quote: Quote | null): Decimal | null {
  const price = side === 'BUY' ? quote?.bid : quote?.ask;
  return quote?.kind === 'live' && price ? decimal(price) : null;
}

function samePrice(a: Decimal | null, b: Decimal | null): boolean {
  return a === null || b === null ? a === b : a.eq(b);
}
