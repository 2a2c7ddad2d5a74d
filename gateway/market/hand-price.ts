/** Prices set by hand through the control port: what is accepted, and the quote that comes of it. */
import { decimal, max, text } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { QuoteView } from '../exchange/api.js';

/** Displayed size on both sides of a price set by hand, so that ordinary orders fill at once. */
export const HAND_SIZE = decimal('1000');
/** More than any order is for; a walk keeps sizes as whole numbers. */
const SIZE_MAX = decimal('10000000');

/** A cent is the least tick; no share costs more than the other. */
const PRICE_MIN = decimal('0.01');
const PRICE_MAX = decimal('10000000');

/** @throws RangeError when the symbol is not known. */
export function checkKnown(symbol: string, known: boolean): void {
  if (!known) throw new RangeError(`unknown symbol ${JSON.stringify(symbol)}`);
}

function checkSize(symbol: string, size: Decimal): void {
  if (size.isInteger() && size.gte(1) && size.lte(SIZE_MAX)) return;
  const wanted = `a whole number from 1 to ${text(SIZE_MAX)}`;
  throw new RangeError(`size of ${symbol} must be ${wanted}, not ${text(size)}`);
}

/** @throws RangeError naming the first symbol that is unknown, or priced or sized out of range. */
export function checkPrices(
  prices: Record<string, Decimal>,
  sizes: Record<string, Decimal>,
  isKnown: (symbol: string) => boolean,
): void {
  for (const [symbol, size] of Object.entries(sizes)) checkSize(symbol, size);
  for (const [symbol, price] of Object.entries(prices)) {
    checkKnown(symbol, isKnown(symbol));
    if (price.gte(PRICE_MIN) && price.lte(PRICE_MAX)) continue;
    const range = `from ${text(PRICE_MIN)} to ${text(PRICE_MAX)}`;
    throw new RangeError(`price of ${symbol} must be ${range}, not ${text(price)}`);
  }
}

/** Bid and ask one tick to either side of a price (of a price between ticks: the ticks around it). */
export function handQuote(
  price: Decimal,
  minTick: Decimal,
  size: Decimal = HAND_SIZE,
): Pick<QuoteView, 'bid' | 'bidSize' | 'ask' | 'askSize'> {
  const ticks = price.div(minTick);
  return {
    bid: max(minTick, minTick.mul(ticks.ceil().sub(1))),
    bidSize: size,
    ask: minTick.mul(ticks.floor().add(1)),
    askSize: size,
  };
}
