/** Five hundred signals of several strategies in many contracts, made so that one limit after the other binds. Pure. */
import { Random } from '../../gateway/market/random.js';

export interface BurstSignal {
  readonly id: string;
  readonly symbol: string;
  readonly strategy: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Market {
  /** Contract to bid. */
  readonly bids: ReadonlyMap<string, number>;
}

export const SIGNALS = 500;
const STRATEGIES = 12;
/** Of all signals one in three is of the first strategy: its share of the account is used up first. */
const FIRST_SHARE = 0.3;

/** A stop so far that few shares risk much, and one so near that the position's own limit binds. */
const WIDE_STOP = '0.15';
const NEAR_STOP = '0.02';
const TARGET = '0.3';
/** More than a position may be worth. */
const TOO_MANY = 5_000;
/** Within the limit that an entry may be away from the quote; the walk of a minute does not come there. */
const RESTING_BELOW = 0.992;

/** @param title tells the signals of one burst from those of another */
export function burstSignals(title: string, { bids }: Market, seed: number): BurstSignal[] {
  const random = new Random(seed);
  const symbols = [...bids.keys()].sort();
  return Array.from({ length: SIGNALS }, (_, index) => {
    const first = random.next() < FIRST_SHARE;
    const strategy = `${title}-s${first ? 0 : 1 + random.below(STRATEGIES - 1)}`;
    const symbol = symbols[random.below(symbols.length)]!;
    const id = `${title}-${index + 1}`;
    const terms = termsOf(random, bids.get(symbol)!);
    const body = { id, strategy_id: strategy, symbol, side: 'BUY', ...terms };
    return { id, symbol, strategy, body };
  });
}

/** Sized by risk, for most; some ask for a quantity, too many shares, a far stop, or a price that is not there. */
function termsOf(random: Random, bid: number): Record<string, unknown> {
  const near = { order_type: 'MKT', stop_loss_pct: NEAR_STOP, take_profit_pct: TARGET };
  const kind = random.next();
  if (kind < 0.1) return { ...near, quantity: String(TOO_MANY) };
  if (kind < 0.3) return { ...near, quantity: String(5 + random.below(20)) };
  if (kind < 0.45) return { ...near, stop_loss_pct: WIDE_STOP, risk_category: 'normal' };
  if (kind < 0.6)
    return { ...near, order_type: 'LMT', entry_price: (bid * RESTING_BELOW).toFixed(2) };
  return near;
}
