/** Decimals for the eye. They come as text and stay exact: no figure of money becomes a JavaScript number here. */
import { decimal, text, type DecimalText } from '../../../domain/money.js';

/** The sign of a minus that is as wide as a plus. */
const MINUS = '−';
/** Decimals of money; prices show more where they have more. */
const MONEY_DECIMALS = 2;
const PRICE_DECIMALS_MAX = 4;
/** As many as a price may be typed with. */
export const TYPED_DECIMALS_MAX = 6;
/** What is not known. */
export const NONE = '—';

/** Thousands apart, so many decimals at least and at the most. */
function grouped(value: DecimalText, least: number, most: number): string {
  const rounded = text(decimal(value).toDecimalPlaces(most));
  const [whole = '0', fraction = ''] = rounded.replace(/^-/, '').split('.');
  const apart = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const padded = fraction.padEnd(least, '0');
  const digits = padded === '' ? apart : `${apart}.${padded}`;
  // What rounds to nothing has no sign.
  return rounded.startsWith('-') && !/^[0.]+$/.test(apart + fraction)
    ? `${MINUS}${digits}`
    : digits;
}

/** `1,234.50` */
export function money(value: DecimalText | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  return grouped(value, MONEY_DECIMALS, MONEY_DECIMALS);
}

/** `+1,234.50`, `−26.08`, `0.00`: a result shows which way it went. */
export function signed(value: DecimalText | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  return directionOf(value) === 'up' ? `+${money(value)}` : money(value);
}

/** `181.62`, `0.1234` */
export function price(value: DecimalText | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  return grouped(value, MONEY_DECIMALS, PRICE_DECIMALS_MAX);
}

/** A price that somebody typed, with all of its decimals: what a question shows is what is sent. */
export function typedPrice(value: DecimalText): string {
  return grouped(value, MONEY_DECIMALS, TYPED_DECIMALS_MAX);
}

/** `3,703`, `0.5` */
export function quantity(value: DecimalText | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  return grouped(value, 0, 8);
}

/** A fraction as `12.3 %`. */
export function percent(value: DecimalText | null | undefined, decimals = 1): string {
  if (value === null || value === undefined) return NONE;
  return `${grouped(text(decimal(value).mul('100')), 0, decimals)} %`;
}

/** `−1.12 R`: a result by what was put at risk for it. */
export function multiple(value: DecimalText | null | undefined): string {
  return value === null || value === undefined ? NONE : `${signed(value)} R`;
}

/** Which way a figure points, as it is shown: what rounds to nothing points nowhere. */
export function directionOf(value: DecimalText): 'up' | 'down' | 'flat' {
  const shown = decimal(value).toDecimalPlaces(MONEY_DECIMALS);
  if (shown.isZero()) return 'flat';
  return shown.isNegative() ? 'down' : 'up';
}

/** The sum; null when there is nothing to add, or one of them is not known. */
export function total(values: readonly (DecimalText | null)[]): DecimalText | null {
  if (values.length === 0 || values.includes(null)) return null;
  return text(values.reduce((so, value) => so.add(decimal(value!)), decimal('0')));
}

/** A figure as a place on a screen, where what is lost of it is less than a pixel. */
export function place(value: DecimalText): number {
  return decimal(value).toNumber();
}

/** `12 of 50` has its width by this: a share between 0 and 1. */
export function shareOf(used: DecimalText, allowed: DecimalText | null): number {
  if (allowed === null || !decimal(allowed).gt('0')) return 0;
  return Math.max(0, decimal(used).div(decimal(allowed)).toNumber());
}
