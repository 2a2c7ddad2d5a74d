/** The trades that a signal is opposite to (TRD-7), and what there would be without them. */
import { decimal } from '../money.js';
import type { OnOpposite } from '../vocabulary.js';
import type { HeldPosition, OppositeTrade, PlanContext } from './context.js';

/** What is to become of an opposite trade, as the signal says, or the settings. */
export function onOpposite({ signal, limits }: PlanContext): OnOpposite {
  return signal.onOpposite ?? limits.onOpposite;
}

/**
 * The trades that count: those that are not over, and for one that is to follow them also those that keep their
 * reservation until they are accounted.
 */
export function opposing(context: PlanContext): readonly OppositeTrade[] {
  const others = context.book.opposites ?? [];
  return onOpposite(context) === 'reverse' ? others : others.filter(({ isOver }) => !isOver);
}

/** The same context once they are over: without them, what they keep from others, and what they hold. */
export function asIfOver(context: PlanContext): PlanContext {
  const others = new Set(opposing(context).map(({ tradeId }) => tradeId));
  if (others.size === 0) return context;
  const { book } = context;
  return {
    ...context,
    book: {
      ...book,
      opposites: [],
      reservations: book.reservations.filter(({ tradeId }) => !others.has(tradeId)),
      positions: book.positions.filter((position) => !isOfOpposite(context, position)),
    },
  };
}

/** Shares of the strategy on the other side of the signal: those trades have bought, or sold, them. */
function isOfOpposite(
  { signal, strategy }: PlanContext,
  { strategyId, symbol, quantity }: HeldPosition,
): boolean {
  if (strategyId !== strategy.strategyId || symbol !== signal.instrument.symbol) return false;
  return signal.side === 'SELL' ? decimal(quantity).gt(0) : decimal(quantity).lt(0);
}
