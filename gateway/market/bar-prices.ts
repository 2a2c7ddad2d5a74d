/**
 * The four prices of a bar. TRADES and MIDPOINT are told by the middle of bid and ask, BID and ASK by
 * that side. BID_ASK is IBKR's own kind: open is the time average of the bids, close that of the asks,
 * low the lowest bid and high the highest ask.
 */
import { ZERO, max, min, sum } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { BarRequest, BarView } from '../exchange/api.js';

type What = BarRequest['what'];
type Prices = Pick<BarView, 'open' | 'high' | 'low' | 'close'>;

/** Averages are shown so exact. */
const AVERAGE_DECIMALS = 4;

/** The price of a quote that a bar of that kind is made of; of BID_ASK the middle. */
export function quotePrice(bid: Decimal, ask: Decimal, what: What): Decimal {
  if (what === 'BID') return bid;
  if (what === 'ASK') return ask;
  return bid.add(ask).div(2);
}

/** A bar's prices from middle prices that stood equally long, with the bid and ask a tick to either side. */
export function pricesOf(mids: readonly Decimal[], minTick: Decimal, what: What): Prices {
  const bids = mids.map((mid) => max(minTick, mid.sub(minTick)));
  const asks = mids.map((mid) => mid.add(minTick));
  if (what === 'BID_ASK') {
    const average = (side: Decimal[]): Decimal =>
      sum(side).div(side.length).toDecimalPlaces(AVERAGE_DECIMALS);
    return {
      open: average(bids),
      high: max(...span(asks)),
      low: min(...span(bids)),
      close: average(asks),
    };
  }
  const [first, ...rest] = span(what === 'BID' ? bids : what === 'ASK' ? asks : mids);
  return {
    open: first,
    high: max(first, ...rest),
    low: min(first, ...rest),
    close: rest.at(-1) ?? first,
  };
}

function span(prices: readonly Decimal[]): [Decimal, ...Decimal[]] {
  const [first = ZERO, ...rest] = prices;
  return [first, ...rest];
}

/** A BID_ASK bar that grows quote by quote. */
export class BidAskBar {
  private low: Decimal | undefined;
  private high: Decimal | undefined;
  private bidMs: Decimal = ZERO;
  private askMs: Decimal = ZERO;
  private totalMs = 0;
  private count = 0;

  /** A quote that stood so long; one that was replaced at once counts a millisecond. */
  add(bid: Decimal, ask: Decimal, forMs: number): void {
    const weightMs = Math.max(1, forMs);
    this.low = this.low ? min(this.low, bid) : bid;
    this.high = this.high ? max(this.high, ask) : ask;
    this.bidMs = this.bidMs.add(bid.mul(weightMs));
    this.askMs = this.askMs.add(ask.mul(weightMs));
    this.totalMs += weightMs;
    this.count += 1;
  }

  /** The bar so far. */
  view(startMs: number): BarView {
    const average = (total: Decimal): Decimal =>
      total.div(Math.max(1, this.totalMs)).toDecimalPlaces(AVERAGE_DECIMALS);
    const [open, close] = [average(this.bidMs), average(this.askMs)];
    const wap = open.add(close).div(2);
    const range = { high: this.high ?? close, low: this.low ?? open };
    return { startMs, open, close, ...range, wap, volume: ZERO, count: this.count };
  }
}
