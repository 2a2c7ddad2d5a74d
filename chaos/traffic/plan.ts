/** Which trades a run has in flight, from its randomness alone: ten and more, with every kind of end. */
import type { Random } from '../../gateway/market/random.js';
import type { ListedSignal } from '../stack/gateway-control.js';

/** How a trade is to end: by price, by time, by a person, unfilled, denied, or given up unsent. */
export type Ending =
  'stop' | 'target' | 'holding' | 'close' | 'bare close' | 'cancel' | 'denied' | 'abandoned';

export interface PlannedTrade {
  /** The signal's id, and the referee's name for it. */
  readonly name: string;
  readonly symbol: string;
  /** One of the trades is a short, by a strategy that may. */
  readonly side: 'BUY' | 'SELL';
  /** Shares: the approved quantity. */
  readonly quantity: number;
  readonly ending: Ending;
  /** After the run's start. */
  readonly submitAtMs: number;
  /** After shares are held. */
  readonly holdMs: number;
  /** ISO duration after which it would close itself; where its ending is `holding`, a short one. */
  readonly maxHolding?: string;
}

/** One run's mix. Two stops first: they share a symbol, as two strategies do. */
const ENDINGS: readonly Ending[] = [
  ...(['stop', 'stop', 'stop', 'target', 'target', 'target'] as const),
  ...(['holding', 'holding', 'close', 'close', 'bare close', 'cancel'] as const),
];

/** Half of the trades come as one burst, the rest while those are at every other step. */
const BURST_WITHIN_MS = 400;
const SPREAD_OVER_MS = 5_000;
const HOLD_AT_MOST_MS = 2_500;

/** The one that sells first. */
const SHORT_INDEX = 4;
/** Exists before the first run, with leave to sell short. */
export const SHORT_STRATEGY = 'short-seller';

/** More than is displayed at a price: it fills in parts. */
const LARGE_QUANTITY = 1_500;
const QUANTITY_FROM = 20;
const QUANTITY_SPAN = 180;

/** A run's trades; `symbols` are the ones that may be used, at least as many as trades. */
export function planTrades(
  random: Random,
  run: number,
  symbols: readonly string[],
): PlannedTrade[] {
  const pool = shuffled(random, symbols);
  return ENDINGS.map((ending, index) => ({
    name: `run-${run}-trade-${index + 1}`,
    // The second trade stands beside the first in one contract.
    symbol: pool[index === 1 ? 0 : index]!,
    side: index === SHORT_INDEX ? 'SELL' : 'BUY',
    quantity:
      ending === 'target' && index === 3
        ? LARGE_QUANTITY
        : QUANTITY_FROM + random.below(QUANTITY_SPAN),
    ending,
    submitAtMs: random.below(index % 2 === 0 ? BURST_WITHIN_MS : SPREAD_OVER_MS),
    holdMs: random.below(HOLD_AT_MOST_MS),
  }));
}

/** In a random order; the original stays as it is. */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const left = [...items];
  return items.map(() => left.splice(random.below(left.length), 1)[0]!);
}

const STOP_LOSS_PCT = '0.03';
const TAKE_PROFIT_PCT = '0.04';
const MAX_HOLDING = 'PT3S';
/** Within the limit that an entry may be away from the quote, and too far to be filled by the walk. */
const RESTING_BELOW = 0.994;
/** Where no stop of a long can stand. */
const ABOVE_MARKET = 2;

/** The signal as a generator would send it. `bid`: the symbol's now, for an entry that rests. */
export function signalOf(trade: PlannedTrade, bid: number): Record<string, unknown> {
  const { name, symbol, side, quantity, ending } = trade;
  const maxHolding = trade.maxHolding ?? (ending === 'holding' ? MAX_HOLDING : undefined);
  const resting = { order_type: 'LMT', entry_price: (bid * RESTING_BELOW).toFixed(2) };
  return {
    id: name,
    strategy_id: side === 'SELL' ? SHORT_STRATEGY : name,
    symbol,
    side,
    quantity: String(quantity),
    ...(ending === 'denied'
      ? { stop_loss: (bid * ABOVE_MARKET).toFixed(2) }
      : { stop_loss_pct: STOP_LOSS_PCT }),
    ...(ending === 'bare close' ? {} : { take_profit_pct: TAKE_PROFIT_PCT }),
    ...(maxHolding === undefined ? {} : { max_holding: maxHolding }),
    ...(ending === 'cancel' ? resting : { order_type: 'MKT' }),
  };
}

/**
 * The trade as the referee is told of it before it is submitted. Its references follow when it has an id:
 * until then a prefix stands for them that no order has.
 */
export function listed({ name, symbol, side, quantity }: PlannedTrade): ListedSignal {
  return { signal: name, symbol, side, quantity: String(quantity), orderRefPrefix: name };
}
