/**
 * Splits and other corporate actions: the exchange cancels every order of the symbol and states another
 * position without a trade. The shares are the same holding in another number; what stop suits them is a
 * person's decision, so that an engine must not repair by itself. Until exits are placed again they need none.
 */
import { ZERO } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { Exposure } from './exposure.js';
import type { Signal } from './signals.js';

/** Residues of a division must not keep a signal open for ever. */
const SHARE_DECIMALS = 8;

/** Whether a position stated without a trade is a corporate action: same side, and no exit is left. */
export function isRestatement(before: Decimal, stated: Decimal, { exits }: Exposure): boolean {
  if (before.eq(stated) || before.mul(stated).lte(ZERO)) return false;
  return exits.BUY.isZero() && exits.SELL.isZero();
}

/** Shares in the new number. */
export function rescaled(shares: Decimal, before: Decimal, stated: Decimal): Decimal {
  return shares.mul(stated).div(before).toDecimalPlaces(SHARE_DECIMALS);
}

/** The signal's shares in the new number; they wait for a person. */
export function restateSignal(signal: Signal, before: Decimal, stated: Decimal): void {
  const own = signal.entered.sub(signal.exited).add(signal.restated);
  signal.restated = signal.restated.add(rescaled(own, before, stated).sub(own));
  signal.isWaived = true;
}
