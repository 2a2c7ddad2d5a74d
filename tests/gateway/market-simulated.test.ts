import { afterEach, expect, test } from '@jest/globals';
import { decimal, text } from '../../domain/money.js';
import { createListings } from '../../gateway/market/listings.js';
import { createSimulatedMarket } from '../../gateway/market/simulated.js';
import type { SimulatedOptions } from '../../gateway/market/simulated.js';

const listings = createListings();
const stops: (() => void)[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

function simulated(options: Partial<SimulatedOptions> = {}) {
  const market = createSimulatedMarket({
    listings,
    seed: 1,
    speed: 200,
    paused: false,
    ...options,
  });
  const seen: string[] = [];
  market.onQuote((symbol, quote) => {
    seen.push(`${symbol} ${text(quote.bid)}x${text(quote.bidSize)} ${text(quote.ask)}`);
  });
  stops.push(() => market.stop());
  return { market, seen };
}

async function quotes(options: Partial<SimulatedOptions>, count: number): Promise<string[]> {
  const { market, seen } = simulated(options);
  market.start();
  while (seen.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  market.stop();
  return seen.slice(0, count);
}

test('[GWY-3] the same seed gives the same quotes at any speed, another seed others', async () => {
  const first = await quotes({ seed: 7, speed: 50 }, 3_000);
  expect(await quotes({ seed: 7, speed: 200 }, 3_000)).toEqual(first);
  expect(await quotes({ seed: 8 }, 3_000)).not.toEqual(first);
});

test('every listed symbol has a plausible quote at once', () => {
  const { market } = simulated();
  expect(listings.all().length).toBeGreaterThanOrEqual(100);
  for (const { symbol, referencePrice } of listings.all()) {
    const quote = market.quote(symbol);
    expect(quote && quote.ask.gt(quote.bid) && quote.bidSize.gt(0)).toBe(true);
    expect(quote?.last?.toFixed()).toBe(text(referencePrice));
  }
});

test('a symbol ticks two to four times a second of market time and stays near its price', async () => {
  const all = await quotes({ speed: 200 }, 30_000);
  const perSymbol = all.filter((each) => each.startsWith('AAPL ')).length;
  const seconds = 30_000 / listings.all().length / 2.667;
  expect(perSymbol / seconds).toBeGreaterThan(2);
  expect(perSymbol / seconds).toBeLessThan(4);
  const bids = all
    .filter((each) => each.startsWith('AAPL '))
    .map((each) => Number(each.split(/[ x]/)[1]));
  expect(Math.min(...bids)).toBeGreaterThan(220);
  expect(Math.max(...bids)).toBeLessThan(240);
  expect(new Set(bids).size).toBeGreaterThan(5);
});

test('[GWY-5] goes on from a price set by hand; held, it keeps it', async () => {
  const { market, seen } = simulated({ paused: true });
  market.start();
  market.setPrices({ AAPL: decimal('123.45') });
  expect(seen).toEqual(['AAPL 123.44x1000 123.46']);
  expect(text(market.quote('AAPL')?.last ?? decimal('0'))).toBe('123.45');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(seen).toHaveLength(1);
  market.control({ paused: false });
  while (!seen.slice(1).some((each) => each.startsWith('AAPL '))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const bid = market.quote('AAPL')?.bid.toNumber() ?? 0;
  expect(Math.abs(bid - 123.45)).toBeLessThan(1);
});

test('[GWY-5] a price set by hand may come with the size that both sides show', () => {
  const { market } = simulated({ paused: true });
  market.setPrices({ AAPL: decimal('123.45'), IBM: decimal('50') }, { AAPL: decimal('300') });
  const sizes = (symbol: string): string[] => {
    const quote = market.quote(symbol);
    return [quote?.bidSize, quote?.askSize].map((size) => text(size ?? decimal('0')));
  };
  expect([sizes('AAPL'), sizes('IBM')]).toEqual([
    ['300', '300'],
    ['1000', '1000'],
  ]);
  const one = { AAPL: decimal('1') };
  expect(() => market.setPrices(one, { AAPL: decimal('0') })).toThrow(
    /size of AAPL must be a whole/,
  );
  expect(() => market.setPrices(one, { AAPL: decimal('1.5') })).toThrow(/size of AAPL/);
  expect(text(market.quote('AAPL')?.bid ?? decimal('0'))).toBe('123.44');
});

test('[GWY-4] goes on from a snapshot with the very same walk', async () => {
  const whole = await quotes({ seed: 3 }, 2_000);
  const { market, seen } = simulated({ seed: 3 });
  market.start();
  while (seen.length < 500) await new Promise((resolve) => setTimeout(resolve, 2));
  market.stop();
  const saved = JSON.parse(JSON.stringify(market.snapshot())) as SimulatedOptions['saved'];
  const rest = await quotes({ seed: 3, ...(saved && { saved }) }, 500);
  expect([...seen, ...rest]).toEqual(whole.slice(0, seen.length + 500));
});

test('a halted symbol stands still and says so', async () => {
  const { market, seen } = simulated();
  market.setHalted('IBM', true);
  expect(market.quote('IBM')?.halted).toBe(true);
  market.start();
  while (seen.length < 4_000) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(seen.filter((each) => each.startsWith('IBM '))).toHaveLength(1);
  market.setHalted('IBM', false);
  const before = seen.length;
  while (seen.length < before + 1_000) await new Promise((resolve) => setTimeout(resolve, 2));
  const ibm = seen.slice(before).filter((each) => each.startsWith('IBM ')).length;
  expect(ibm).toBeGreaterThan(2);
  expect(ibm).toBeLessThan(20);
});

test('"at" is refused: there is no recorded time', () => {
  const { market } = simulated();
  expect(() => market.control({ at: '2013-10-08T09:35:00-04:00' })).toThrow(/needs a replay/);
});

test('[GWY-5] a held market stands still at once, also when it was late', async () => {
  const { market, seen } = simulated({ speed: 20_000 });
  market.start();
  while (seen.length < 2_000) await new Promise((resolve) => setImmediate(resolve));
  market.control({ paused: true });
  const held = seen.length;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(seen).toHaveLength(held);
});
