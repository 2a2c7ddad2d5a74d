/**
 * Whether a trade's result may be believed: an exit that filled after somebody had sold the same shares by
 * hand closed nothing of the trade's, but opened a position on the other side (TRD-12, TRD-13).
 */
import { decimal, min, sum, ZERO, type Decimal, type DecimalText } from '../money.js';
import type { EpochMs, Side } from '../vocabulary.js';

/** An execution in the trade's contract and account since the trade's first fill, whoever's it is. */
export interface ContractFill {
  /** `exit`: of this trade, by an order of this system. `trade`: any other of a trade's. `others`: of no order of ours. */
  readonly by: 'exit' | 'trade' | 'others';
  readonly side: Side;
  readonly quantity: DecimalText;
  readonly executedAtMs: EpochMs;
}

export interface Doubt {
  /** Shares that the trade's exits sold (bought, for a short) and that were not there. */
  readonly shares: Decimal;
}

/**
 * `fills` in the order in which they were booked: brokers date them to the second, and within one that
 * order alone says which was first.
 *
 * Null when each exit closed what was there. `net`: what the books of the account hold of the contract now,
 * signed, with what is nobody's. An account that others had brought to the other side before the trade began
 * is no doubt of the trade's: what others did since its first fill is what counts.
 */
export function doubtOf(
  side: Side,
  net: DecimalText,
  fills: readonly ContractFill[],
): Doubt | null {
  const held = side === 'BUY' ? decimal(net) : decimal(net).neg();
  let most = ZERO;
  const inOrder = [...fills].sort((a, b) => a.executedAtMs - b.executedAtMs);
  for (const [place, exit] of inOrder.entries()) {
    if (exit.by !== 'exit' || !decimal(exit.quantity).gt(0)) continue;
    const later = inOrder.slice(place + 1);
    const after = held.sub(sum(later.map((fill) => inDirection(side, fill))));
    const byOthers = inOrder.slice(0, place).filter(({ by }) => by === 'others');
    const takenByOthers = sum(byOthers.map((fill) => inDirection(side, fill))).neg();
    const over = min(after.neg(), takenByOthers);
    if (over.gt(most)) most = over;
  }
  return most.gt(ZERO) ? { shares: most } : null;
}

function inDirection(side: Side, fill: ContractFill): Decimal {
  const quantity = decimal(fill.quantity);
  return fill.side === side ? quantity : quantity.neg();
}

/** For people, one line. */
export function doubtText({ shares }: Doubt): string {
  const what = `${shares.toFixed()} of the shares that its exits closed had been closed by hand before`;
  return `${what}: they opened a position on the other side, so the result is in doubt`;
}
