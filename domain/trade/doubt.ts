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
  /** Of `others`: this installation's own reference of an order that the database does not know; absent: a stranger's. */
  readonly lostReference?: string | null;
}

export interface Doubt {
  /** Shares that the trade's exits sold (bought, for a short) and that were not there. */
  readonly shares: Decimal;
  /** Own orders that the database does not know and that closed them before; none: a hand did. */
  readonly lostReferences: readonly string[];
  /** Others than those closed them too. */
  readonly isByHand: boolean;
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
  let found: Doubt | null = null;
  const inOrder = [...fills].sort((a, b) => a.executedAtMs - b.executedAtMs);
  for (const [place, exit] of inOrder.entries()) {
    if (exit.by !== 'exit' || !decimal(exit.quantity).gt(0)) continue;
    const later = inOrder.slice(place + 1);
    const after = held.sub(sum(later.map((fill) => inDirection(side, fill))));
    const byOthers = inOrder.slice(0, place).filter(({ by }) => by === 'others');
    const takenByOthers = sum(byOthers.map((fill) => inDirection(side, fill))).neg();
    const over = min(after.neg(), takenByOthers);
    if (over.gt(found?.shares ?? ZERO)) found = { shares: over, ...whoClosed(side, byOthers) };
  }
  return found;
}

function whoClosed(side: Side, byOthers: readonly ContractFill[]): Omit<Doubt, 'shares'> {
  const closing = byOthers.filter((fill) => fill.side !== side && decimal(fill.quantity).gt(0));
  const lost = closing.flatMap(({ lostReference }) => lostReference ?? []);
  return { lostReferences: [...new Set(lost)], isByHand: lost.length < closing.length };
}

function inDirection(side: Side, fill: ContractFill): Decimal {
  const quantity = decimal(fill.quantity);
  return fill.side === side ? quantity : quantity.neg();
}

/** For people: shares that were closed at a price that nobody knows, and were booked at what they cost. */
export function unpricedText(shares: DecimalText): string {
  return `${shares} of its shares were closed outside at a price that nobody told: counted at what they cost`;
}

/** For people, one line. */
export function doubtText({ shares, lostReferences, isByHand }: Doubt): string {
  const what = `${shares.toFixed()} of the shares that its exits closed had been closed ${whose(lostReferences, isByHand)} before`;
  return `${what}: they opened a position on the other side, so the result is in doubt`;
}

/** A doubt names so many orders. */
const NAMED_MAX = 3;

function whose(references: readonly string[], isByHand: boolean): string {
  if (references.length === 0) return 'by hand';
  const named = references.slice(0, NAMED_MAX).join(', ');
  const more = references.length - NAMED_MAX;
  const orders = more > 0 ? `${named} and ${more} more` : named;
  const own = `by ${orders} of this installation, which the database does not know,`;
  return isByHand ? `by hand and ${own}` : own;
}
