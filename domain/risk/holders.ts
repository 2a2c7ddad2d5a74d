/** Who holds, or trades, a contract, in words: by the strategies' own names, each once. */
import { decimal, text, ZERO, type Decimal } from '../money.js';
import type { Side } from '../vocabulary.js';
import type { HeldPosition, OpenReservation } from './context.js';

/** A reason names so many holders: who is first in the way is what a person needs. */
const NAMED_MAX = 5;

interface Holder {
  readonly strategyId: string | null;
  readonly strategyName?: string;
}

/** A strategy as people know it; nobody's is EXTERNAL. */
export function holderName({ strategyId, strategyName }: Holder): string {
  return strategyName ?? strategyId ?? 'EXTERNAL';
}

interface Stake {
  held: Decimal;
  underWay: number;
}

/** One part for each holder, such as `momentum holds -10 and has 2 SELL under way`; `side` is the trades'. */
export function holdersText(
  positions: readonly HeldPosition[],
  trades: readonly OpenReservation[],
  side: Side,
): string {
  const stakes = new Map<string, Stake>();
  const stakeOf = (holder: Holder): Stake => {
    const name = holderName(holder);
    const stake = stakes.get(name) ?? { held: ZERO, underWay: 0 };
    stakes.set(name, stake);
    return stake;
  };
  for (const position of positions) {
    const stake = stakeOf(position);
    stake.held = stake.held.add(decimal(position.quantity));
  }
  for (const trade of trades) stakeOf(trade).underWay += 1;
  const parts = [...stakes].map(([name, stake]) => `${name} ${stakeText(stake, side)}`);
  const left = parts.length - NAMED_MAX;
  return [...parts.slice(0, NAMED_MAX), ...(left > 0 ? [`and ${left} more`] : [])].join(', ');
}

function stakeText({ held, underWay }: Stake, side: Side): string {
  const parts = [
    ...(held.isZero() ? [] : [`holds ${text(held)}`]),
    ...(underWay === 0 ? [] : [`has ${underWay} ${side} under way`]),
  ];
  return parts.join(' and ');
}
