/** Prices within some seconds: how quotes become the bars of a chart. */
import { decimal, text, type DecimalText } from './money.js';
import type { EpochMs, Quote } from './vocabulary.js';

/** Short enough to show how a stop was hit, long enough that a month of ten contracts is a million rows. */
export const BAR_MS = 5_000;

export interface PriceBar {
  readonly startsAtMs: EpochMs;
  readonly open: DecimalText;
  readonly high: DecimalText;
  readonly low: DecimalText;
  readonly close: DecimalText;
}

/** The middle between bid and ask; null without both, or of a market that nobody trades in now. */
export function middleOf({ bid, ask, kind, halted }: Quote): DecimalText | null {
  if (bid === null || ask === null || halted || kind !== 'live') return null;
  return text(decimal(bid).add(decimal(ask)).div('2').toDecimalPlaces(8));
}

/** A bar with one more price in it; `bar` null, or of an earlier time: a new one begins. */
export function withPrice(bar: PriceBar | null, price: DecimalText, atMs: EpochMs): PriceBar {
  const startsAtMs = Math.floor(atMs / BAR_MS) * BAR_MS;
  if (bar === null || bar.startsAtMs !== startsAtMs) {
    return { startsAtMs, open: price, high: price, low: price, close: price };
  }
  const value = decimal(price);
  return {
    ...bar,
    high: value.gt(decimal(bar.high)) ? price : bar.high,
    low: value.lt(decimal(bar.low)) ? price : bar.low,
    close: price,
  };
}
