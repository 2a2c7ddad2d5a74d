/**
 * Decimal arithmetic for money, price and quantity: the only module that may import decimal.js.
 *
 * A private clone is used because decimal.js keeps its configuration on the constructor, and another
 * library in the process may change the shared one. Decimals cross every process border as plain
 * decimal strings, never as JavaScript numbers.
 */
import { Decimal as SharedDecimal } from 'decimal.js';

/** 40 significant digits: far beyond 8 decimals of a price times 10^12 shares, so no step rounds. */
const PRECISION_DIGITS = 40;

/** The project's decimal class: half-even rounding, never exponent notation in its text. */
export const Decimal = SharedDecimal.clone({
  precision: PRECISION_DIGITS,
  rounding: SharedDecimal.ROUND_HALF_EVEN,
  toExpNeg: -PRECISION_DIGITS,
  toExpPos: PRECISION_DIGITS,
});
export type Decimal = SharedDecimal;

/** Plain decimal text, such as `"181.62"`: how money, price and quantity are stored and sent. */
export type DecimalText = string;

export const ZERO: Decimal = new Decimal(0);

/** Decimal text with an optional sign, as this system writes it itself. */
const DECIMAL_TEXT = /^-?\d+(\.\d+)?$/;

/**
 * Reads a decimal from text (or copies one).
 * @throws RangeError when the text is not a plain decimal (`NaN`, `1e5`, blanks, empty).
 */
export function decimal(value: DecimalText | Decimal): Decimal {
  if (typeof value !== 'string') return new Decimal(value);
  if (!DECIMAL_TEXT.test(value))
    throw new RangeError(`not a plain decimal: ${JSON.stringify(value)}`);
  return new Decimal(value);
}

/**
 * Reads a number that a foreign interface handed over as a JavaScript number (the TWS client does).
 * Its shortest text is taken, so 0.1 stays 0.1.
 * @throws RangeError when it is NaN or infinite.
 */
export function decimalFromForeignNumber(value: number): Decimal {
  if (!Number.isFinite(value)) throw new RangeError(`not a finite number: ${value}`);
  return new Decimal(String(value));
}

/** Text without exponent and without trailing zeros: `"0.5"`, `"40"`. */
export function text(value: Decimal): DecimalText {
  return value.toFixed();
}

/** Money text: two decimals, half even. */
export function moneyText(value: Decimal): DecimalText {
  return value.toFixed(2);
}

/** Rounds down to a multiple of `step` (> 0); negative values become 0. */
export function floorToStep(value: Decimal, step: Decimal): Decimal {
  if (value.lte(0)) return ZERO;
  return value.div(step).floor().mul(step);
}

export type RoundingDirection = 'up' | 'down' | 'nearest';

/** Rounds a price to a multiple of `increment` (> 0) in the given direction. */
export function roundToIncrement(
  price: Decimal,
  increment: Decimal,
  direction: RoundingDirection,
): Decimal {
  const ticks = price.div(increment);
  if (direction === 'up') return ticks.ceil().mul(increment);
  if (direction === 'down') return ticks.floor().mul(increment);
  return ticks.round().mul(increment);
}

export function min(first: Decimal, ...rest: Decimal[]): Decimal {
  return rest.reduce((least, value) => (value.lt(least) ? value : least), first);
}

export function max(first: Decimal, ...rest: Decimal[]): Decimal {
  return rest.reduce((most, value) => (value.gt(most) ? value : most), first);
}

export function sum(values: Iterable<Decimal>): Decimal {
  let total = ZERO;
  for (const value of values) total = total.add(value);
  return total;
}
