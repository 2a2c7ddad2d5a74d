/** Whether a price that a person names may be a slip: told before it is taken, never refused (TRD-11). */
import { decimal, text, type DecimalText } from '../money.js';

/** Few single days move a share so far; a wrong digit, or the price of another share, does. */
const APART_MAX = '0.2';

/** For people: both numbers where they are far apart; null: they aren't, or nothing is known. */
export function priceDoubt(
  symbol: string,
  named: DecimalText,
  known: DecimalText | null,
): string | null {
  if (known === null || decimal(known).lte(0)) return null;
  const part = decimal(named).div(decimal(known)).sub(1);
  if (part.abs().lte(decimal(APART_MAX))) return null;
  const percent = text(part.abs().mul(100).toDecimalPlaces(0));
  const where = part.isNeg() ? 'below' : 'above';
  return `look again: ${named} is ${percent} % ${where} ${known}, the price of ${symbol} that is known here`;
}
