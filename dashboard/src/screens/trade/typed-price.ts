/** What is wrong with a price that was typed for an exit, told beside its field before anything is asked. */
import { decimal } from '../../../../domain/money.js';
import { price, typedPrice, TYPED_DECIMALS_MAX } from '../../format/numbers.js';
import { clock } from '../../format/time.js';

const PRICE = new RegExp(`^\\d{1,9}(\\.\\d{1,${TYPED_DECIMALS_MAX}})?$`);
const PERCENT = /^\d{1,2}(\.\d{1,3})?$/;
/** An older quote says nothing of what would happen now. */
const QUOTE_MAX_AGE_MS = 20_000;

/** Whether it can be sent as a price. */
export function isPrice(typed: string): boolean {
  return PRICE.test(typed) && decimal(typed).gt('0');
}

/** Whether it can be sent as a percentage that a stop trails by. */
export function isPercent(typed: string): boolean {
  return PERCENT.test(typed) && decimal(typed).gt('0') && decimal(typed).lt('50');
}

/** For people; null when nothing is wrong with the way in which it is written. */
export function priceProblem(typed: string): string | null {
  if (isPrice(typed)) return null;
  if (typed === '') return 'Type the new price.';
  if (typed.includes(',')) return 'Write a price with a point and without commas, such as 1234.50.';
  if (/^-?[0.]+$|^-\d/.test(typed)) return 'A price is above zero.';
  if (/^\d+(\.\d*)?$/.test(typed)) {
    return `A price has up to 9 digits before the point and 1 to ${TYPED_DECIMALS_MAX} behind it.`;
  }
  return 'This is no price: digits with a point, such as 181.62.';
}

/** The same of a percentage. */
export function percentProblem(typed: string): string | null {
  if (isPercent(typed)) return null;
  if (typed === '') return 'Type a percentage.';
  if (typed.includes(',')) return 'Write it with a point, such as 1.5.';
  return 'A stop trails by a percentage above 0 and below 50, such as 2 or 1.5.';
}

export interface Market {
  /** What a long could be sold at, or a short bought back at. */
  readonly closing_price: string | null;
  readonly quote_at: string | null;
}

/**
 * Why an exit can't stand at a price by the newest quote; null when it can, or nobody knows.
 * @param side the entry's
 * @param typed a price
 */
export function marketProblem(
  { side, exit }: { readonly side: string; readonly exit: 'stop' | 'target' },
  typed: string,
  market: Market | undefined,
  nowMs: number,
): string | null {
  const { closing_price: now = null, quote_at: at = null } = market ?? {};
  if (now === null || at === null || nowMs - Date.parse(at) > QUOTE_MAX_AGE_MS) return null;
  const isBelow = (exit === 'stop') === (side === 'BUY');
  const stands = isBelow ? decimal(typed).lt(decimal(now)) : decimal(typed).gt(decimal(now));
  if (stands) return null;
  const does = exit === 'stop' ? 'would trigger at once' : 'would be filled at once';
  const quote = `${side === 'BUY' ? 'the bid' : 'the ask'} was ${price(now)} at ${clock(at)}`;
  const way = `Type one ${isBelow ? 'below' : 'above'} it, or close the trade.`;
  return `A ${exit} at ${typedPrice(typed)} ${does}: ${quote}. ${way}`;
}
