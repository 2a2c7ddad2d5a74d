/**
 * Historical bars: of a replay the rows that were played, before that (and in a simulation) an
 * invented past that follows from the seed and ends at the price the market began with.
 */
import { decimal, max } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { BarRequest, BarView, History, Listing, Listings, Sessions } from '../exchange/api.js';
import { newYorkMs, newYorkDate } from './calendar.js';
import { pricesOf } from './bar-prices.js';
import { hashText, unit } from './random.js';
import { pastFactor } from './past.js';
import type { ReplayDay } from './replay-days.js';
import { firstPlayedDayMs, recordedBars } from './recorded-bars.js';
import { BARS_MAX, barSpans } from './spans.js';
import type { Span } from './spans.js';

/** Prices looked at within a bar for its high and low. */
const SAMPLES = 4;
const SHARES_PER_MINUTE_MAX = 20_000;
const SHARES_PER_TRADE = 150;

export interface HistoryOptions {
  listings: Listings;
  sessions: Sessions;
  seed: number;
  /** When the market of this state folder began; the invented past leads up to it. */
  firstStartMs: number;
  /** Empty for a simulation. */
  days: readonly ReplayDay[];
  /** Recorded time now, epoch ms; undefined for a simulation. */
  recordedNowMs?: () => number;
}

/** The session within a day, so that a daily bar opens at 9:30 and closes at 16:00. */
function tradedPart(span: Span): Span {
  if (span.endMs - span.startMs < 82_800_000) return span;
  const openMs = newYorkMs(newYorkDate(span.startMs), '09:30');
  const closeMs = newYorkMs(newYorkDate(span.endMs - 1), '16:00');
  return { startMs: openMs, endMs: closeMs };
}

/** The invented past follows from the seed and meets the listing's price at the anchor. */
interface Past {
  seed: number;
  anchorMs: number;
}

/** Middle prices at even distances within a span. */
function samplesOf({ seed, anchorMs }: Past, listing: Listing, { startMs, endMs }: Span) {
  const kin = { ...listing, isFund: listing.industry === 'Funds' };
  return Array.from({ length: SAMPLES + 1 }, (_, index): Decimal => {
    const timeMs = startMs + ((endMs - startMs) * index) / SAMPLES;
    const factor = pastFactor(seed, kin, anchorMs, timeMs);
    const ticks = listing.referencePrice.mul(decimal(factor.toFixed(8))).div(listing.minTick);
    return max(listing.minTick, ticks.round().mul(listing.minTick));
  });
}

function inventedBar(past: Past, listing: Listing, span: Span, request: BarRequest): BarView {
  const traded = tradedPart(span);
  const untilMs = Math.max(traded.startMs, Math.min(traded.endMs, request.endMs));
  const mids = samplesOf(past, listing, { startMs: traded.startMs, endMs: untilMs });
  const prices = pricesOf(mids, listing.minTick, request.what);
  const minutes = (untilMs - traded.startMs) / 60_000;
  const luck = unit(hashText(`${listing.symbol} ${span.startMs}`, past.seed));
  const volume = Math.round(luck * SHARES_PER_MINUTE_MAX * minutes);
  return {
    startMs: span.startMs,
    ...prices,
    volume: decimal(String(volume)),
    wap: prices.high.add(prices.low).div(2).toDecimalPlaces(4),
    count: Math.ceil(volume / SHARES_PER_TRADE),
  };
}

/** Bars by the rules of this file; what was played wins over what is invented. */
export function createHistory(options: HistoryOptions): History {
  return {
    bars(request: BarRequest): BarView[] {
      const listing = options.listings.find({ symbol: request.symbol })[0];
      if (!listing) return [];
      const spans = barSpans(request, options.sessions).slice(-BARS_MAX);
      const recorded = recordedBars(options, request, spans);
      const anchorMs = firstPlayedDayMs(options, request.symbol) ?? options.firstStartMs;
      const past = { seed: options.seed, anchorMs };
      const recordedFromMs = Math.min(...recorded.keys());
      return spans.flatMap((span) => {
        const bar = recorded.get(span.startMs);
        if (bar) return [bar];
        // Where recording has begun, a span without a row had no trade.
        if (span.startMs > recordedFromMs) return [];
        return [inventedBar(past, listing, span, request)];
      });
    },
  };
}
