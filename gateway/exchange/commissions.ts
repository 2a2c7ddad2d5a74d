/** IBKR's fixed US stock schedule: per order, accumulated over its fills. */
import { decimal, max, min } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';

/** USD; interactivebrokers.com, stocks, fixed pricing. */
const PER_SHARE = decimal('0.005');
const MINIMUM = decimal('1');
const SHARE_OF_VALUE_MAX = decimal('0.01');

/**
 * Commission of a whole order in USD: 0.005 a share, at least 1.00, at most 1 % of the trade's value.
 * `shares` and `value` are the sums over its fills so far.
 */
export function orderCommission(shares: Decimal, value: Decimal): Decimal {
  return min(max(shares.mul(PER_SHARE), MINIMUM), value.mul(SHARE_OF_VALUE_MAX));
}
