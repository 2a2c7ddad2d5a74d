/**
 * Shares that a person gives to a trade, or leaves to it, are whole ones: the broker refuses a stop with a part of
 * one in it (10318), and what has no stop is sold.
 */
import { decimal, text, type DecimalText } from '../../domain/money.js';
import { CannotResolveError } from './prepared.js';

const UNPROTECTED = 'no stop protects a part of a share';

/**
 * Before shares become a trade. `quantity`: signed.
 * @throws CannotResolveError for a part of a share, saying what can be adopted
 */
export function mustBeAdoptable(symbol: string, quantity: DecimalText): void {
  const held = decimal(quantity);
  if (held.isInteger()) return;
  const all = `${text(held.abs())} ${symbol}`;
  const whole = held.abs().floor();
  if (whole.isZero()) {
    const none = `${all} are less than one: nothing of it can be adopted`;
    throw new CannotResolveError(`${UNPROTECTED}, and ${none}`);
  }
  const [part, traded] = [text(held.abs().sub(whole)), held.isNeg() ? 'bought back' : 'sold'];
  const what = `${text(whole)} of the ${all} can be adopted, once the other ${part} are ${traded} in TWS`;
  throw new CannotResolveError(`${UNPROTECTED}: ${what}`);
}

/**
 * Before a person's word leaves a trade so many shares.
 * @throws CannotResolveError when a part of a share is among them
 */
export function mustLeaveWholeShares(symbol: string, left: DecimalText): void {
  if (decimal(left).isInteger()) return;
  throw new CannotResolveError(
    `${UNPROTECTED}, and it would leave the trade ${left} ${symbol}: declare so many that whole shares are left; where the broker itself holds a part, trade that away in TWS first`,
  );
}
