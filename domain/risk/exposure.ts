/** What a plan would add to an account's exposure, and what the account's other trades have taken of it. */
import { decimal, sum, ZERO, type Decimal } from '../money.js';
import { worstNotionalPrice } from '../sizing/size.js';
import type { RiskContext } from './check.js';
import type { OpenReservation } from './context.js';
import { usableFxRate } from './funds.js';

/**
 * The value of the shares that are wanted, at the worst price allowed for, in the account's base currency; of a
 * signal that names its quantity of that one, denied or not. Null when it could not be sized.
 */
export function wantedValue({ plan, sized }: RiskContext): Decimal | null {
  const rate = usableFxRate(plan);
  if (sized === null || rate === null) return null;
  const { input, result } = sized;
  const shares = input.quantity === null ? result.quantity : result.rawQuantity;
  return shares.mul(worstNotionalPrice(input)).mul(rate);
}

/** Of these trades together, whatever their side. */
export function grossOf(trades: readonly OpenReservation[]): Decimal {
  return sum([ZERO, ...trades.map(({ exposure }) => decimal(exposure))]);
}

/** A reason names so many trades: the largest are what a person needs. */
const NAMED_MAX = 5;

/** The largest of them by symbol and value, such as `MSFT 20000.00, ORCL 9000.00 and 3 more`. */
export function largestText(
  trades: readonly OpenReservation[],
  told: (trade: OpenReservation) => string,
): string {
  const sorted = [...trades].sort((a, b) => decimal(b.exposure).cmp(decimal(a.exposure)));
  const left = sorted.length - NAMED_MAX;
  const named = sorted.slice(0, NAMED_MAX).map(told).join(', ');
  return left > 0 ? `${named} and ${left} more` : named;
}
