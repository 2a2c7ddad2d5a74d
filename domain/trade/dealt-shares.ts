/**
 * Which trades of one contract may exit the shares that there are, where their books hold more than the broker does:
 * what is missing is missing once, and not in each of them. All of a contract are dealt with in one order, so that
 * each trade, asking for itself, comes to the same deal: together they may exit what there is, and no share twice.
 */
import { decimal, max, min, sum, text, ZERO, type Decimal, type DecimalText } from '../money.js';

/** A trade that holds shares of the contract, in the direction of all of them. */
export interface Holder {
  readonly tradeId: string;
  /** By its book. */
  readonly held: DecimalText;
  /** What its exits at the broker could fill together; those of one group count once. */
  readonly exits: DecimalText;
  /** It is to be closed. */
  readonly isClosing: boolean;
}

/**
 * What each may exit of `available` shares, by its id; each no more than it holds. First what exits at the broker
 * are for already: shares dealt to another would be sold twice. Then who is to be closed, then the others. Within
 * these, what is missing is missing in the trades of the first ids, for in their books it is booked first.
 */
export function dealtShares(
  holders: readonly Holder[],
  available: Decimal,
): ReadonlyMap<string, Decimal> {
  const inOrder = [...holders].sort((a, b) => (a.tradeId < b.tradeId ? 1 : -1));
  const dealt = new Map<string, Decimal>(inOrder.map(({ tradeId }) => [tradeId, ZERO]));
  let left = max(ZERO, available);
  const deal = (upTo: (holder: Holder) => Decimal): void => {
    for (const holder of inOrder) {
      const before = dealt.get(holder.tradeId)!;
      const most = min(upTo(holder), ownOf(holder));
      const more = min(left, max(ZERO, most.sub(before)));
      dealt.set(holder.tradeId, before.add(more));
      left = left.sub(more);
    }
  };
  deal(({ exits }) => decimal(exits));
  deal((holder) => (holder.isClosing ? ownOf(holder) : ZERO));
  deal(ownOf);
  return dealt;
}

function ownOf({ held }: Holder): Decimal {
  return max(ZERO, decimal(held));
}

/** What the books of all of them hold together. */
export function heldTogether(holders: readonly Holder[]): DecimalText {
  return text(sum(holders.map(ownOf)));
}
