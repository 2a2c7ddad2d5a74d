import { mkdtempSync, mkdirSync, writeFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from '@jest/globals';
import { decimal, text } from '../../domain/money.js';
import type { QuoteView } from '../../gateway/exchange/api.js';
import { createListings } from '../../gateway/market/listings.js';
import { firstMids, listReplayDays } from '../../gateway/market/replay-days.js';
import { createReplayMarket } from '../../gateway/market/replay.js';
import type { ReplayMarket, ReplayOptions } from '../../gateway/market/replay.js';

const HEADER = 'time,bid,bid_size,ask,ask_size';
const cleanUps: (() => void)[] = [];

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** Writes day folders of `{day: {SYMBOL: rows}}`; row: [hh:mm:ss, bid, ask]. */
function folder(days: Record<string, Record<string, [string, string, string][]>>): string {
  const root = mkdtempSync(join(tmpdir(), 'ballast-replay-'));
  cleanUps.push(() => rmSync(root, { recursive: true }));
  for (const [day, files] of Object.entries(days)) {
    mkdirSync(join(root, day));
    for (const [symbol, rows] of Object.entries(files)) {
      const lines = rows.map(([time, bid, ask]) => `${day}T${time}-04:00,${bid},100,${ask},200`);
      const body = [HEADER, ...lines, ''].join('\n');
      writeFileSync(join(root, day, `${symbol}.csv.gz`), gzipSync(body));
    }
  }
  return root;
}

function replay(root: string, options: Partial<ReplayOptions> = {}) {
  const days = listReplayDays(root);
  const listings = createListings(firstMids(days));
  const market = createReplayMarket({ days, listings, speed: 1, paused: false, ...options });
  const seen: string[] = [];
  market.onQuote((symbol, quote) => seen.push(line(symbol, quote)));
  cleanUps.push(() => market.stop());
  return { market, seen, listings };
}

function line(symbol: string, quote: QuoteView): string {
  return `${symbol} ${text(quote.bid)}/${text(quote.ask)}`;
}

async function until(condition: () => boolean, timeoutMs = 5_000): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

const TWO_DAYS = {
  '2013-10-07': {
    IBM: [
      ['09:30:00', '10', '10.02'],
      ['09:30:02', '11', '11.02'],
      ['09:30:05', '12', '12.02'],
    ],
    ZZZ: [
      ['09:30:01', '1', '1.01'],
      ['09:30:02', '2', '2.01'],
    ],
  },
  '2013-10-08': { IBM: [['09:30:00', '20', '20.02']] },
} satisfies Record<string, Record<string, [string, string, string][]>>;

test('[GWY-3] plays every row of every day in time order, then closes', async () => {
  const { market, seen } = replay(folder(TWO_DAYS), { speed: 100_000 });
  expect(market.isOpen('IBM')).toBe(true);
  market.start();
  await until(() => !market.isOpen('IBM'));
  expect(seen).toEqual([
    'IBM 10/10.02',
    'ZZZ 1/1.01',
    'IBM 11/11.02',
    'ZZZ 2/2.01',
    'IBM 12/12.02',
    'IBM 20/20.02',
  ]);
  expect(market.isOpen('ZZZ')).toBe(false);
});

test('[GWY-3] skips no row however fast it runs, and keeps serving timers', async () => {
  const rows = Array.from({ length: 20_000 }, (_, index): [string, string, string] => {
    const seconds = 34_200 + index;
    const part = (value: number) => String(value).padStart(2, '0');
    const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    return [time.map(part).join(':'), String(index + 1), String(index + 2)];
  });
  const { market, seen } = replay(folder({ '2013-10-07': { IBM: rows } }), { speed: 1_000_000 });
  let timers = 0;
  const timer = setInterval(() => (timers += 1), 1);
  cleanUps.push(() => clearInterval(timer));
  market.start();
  await until(() => seen.length === rows.length, 20_000);
  expect(seen).toEqual(rows.map(([, bid, ask]) => `IBM ${bid}/${ask}`));
  expect(timers).toBeGreaterThan(3);
});

test('[GWY-5] is held at the quote that is valid at an instant, and let go from there', async () => {
  const { market, seen } = replay(folder(TWO_DAYS), { speed: 1_000, paused: true });
  market.start();
  await until(() => seen.length === 1);
  market.control({ paused: true, at: '2013-10-07T09:30:03-04:00' });
  expect(seen.slice(1)).toEqual(['IBM 11/11.02', 'ZZZ 2/2.01']);
  expect(market.state()).toMatchObject({ paused: true, at: '2013-10-07T09:30:03-04:00' });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(seen).toHaveLength(3);
  market.control({ paused: false });
  await until(() => seen.length >= 4);
  expect(seen[3]).toBe('IBM 12/12.02');
  market.control({ paused: true, at: '2013-10-08T10:00:00-04:00' });
  expect(seen.at(-1)).toBe('IBM 20/20.02');
  expect(market.quote('ZZZ')).toBeUndefined();
});

test('[GWY-5] plays every row until an instant, and is held there by itself', async () => {
  const { market, seen } = replay(folder(TWO_DAYS), { speed: 1_000, paused: true });
  market.start();
  const isHeldAt = (at: string) => () => market.state().paused && market.state().at === at;
  market.control({ until: '2013-10-07T09:30:02-04:00' });
  expect(market.state().paused).toBe(false);
  await until(isHeldAt('2013-10-07T09:30:02-04:00'));
  expect(seen).toEqual(['IBM 10/10.02', 'ZZZ 1/1.01', 'IBM 11/11.02', 'ZZZ 2/2.01']);
  market.control({ until: '2013-10-07T09:30:04-04:00' });
  await until(isHeldAt('2013-10-07T09:30:04-04:00'));
  expect(seen).toHaveLength(4);
  const back = { until: '2013-10-07T09:30:03-04:00' };
  expect(() => market.control(back)).toThrow(/lies before 2013-10-07T09:30:04-04:00/);
  expect(() => market.control({ until: '9:31' })).toThrow(/"until" must be an ISO 8601 time/);
  market.control({ until: '2013-10-08T09:29:59-04:00', speed: 1_000_000 });
  await until(isHeldAt('2013-10-08T09:29:59-04:00'));
  expect(seen.slice(4)).toEqual(['IBM 12/12.02']);
  market.control({ until: '2013-10-09T00:00:00-04:00' });
  await until(isHeldAt('2013-10-09T00:00:00-04:00'));
  expect(seen.at(-1)).toBe('IBM 20/20.02');
});

test('[GWY-5] an end that was asked for is given up with a hold or a jump', async () => {
  const { market, seen } = replay(folder(TWO_DAYS), { speed: 100_000, paused: true });
  market.start();
  market.control({ until: '2013-10-07T09:30:03-04:00' });
  market.control({ paused: true });
  market.control({ paused: false });
  await until(() => seen.includes('IBM 20/20.02'));
});

test('[GWY-5] a held replay stands still at once, also when it was late, and goes on from there', async () => {
  const second = (index: number) => new Date(index * 1000).toISOString().slice(11, 19);
  const rows = Array.from({ length: 20_000 }, (_, index): [string, string, string] => {
    return [second(index), String(index + 1), String(index + 2)];
  });
  const { market, seen } = replay(folder({ '2013-10-07': { IBM: rows } }), { speed: 1_000_000 });
  market.start();
  while (seen.length < 1_000) await new Promise((resolve) => setImmediate(resolve));
  market.control({ paused: true });
  const held = seen.length;
  expect(held).toBeLessThan(rows.length);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(seen).toHaveLength(held);
  market.control({ paused: false });
  await until(() => seen.length === rows.length, 20_000);
  expect(seen).toEqual(rows.map(([, bid, ask]) => `IBM ${bid}/${ask}`));
});

test('a price set by hand holds until the next row, over a restart too', async () => {
  const root = folder(TWO_DAYS);
  const { market, seen } = replay(root, { speed: 1_000, paused: true });
  market.start();
  await until(() => seen.length === 1);
  market.setPrices({ IBM: decimal('50'), AAPL: decimal('3.005') }, { IBM: decimal('30') });
  expect(seen.slice(1)).toEqual(['IBM 49.99/50.01', 'AAPL 3/3.01']);
  const next = replay(root, { speed: 1_000, paused: true, saved: market.snapshot() });
  expect(line('IBM', next.market.quote('IBM') as QuoteView)).toBe('IBM 49.99/50.01');
  expect(text(next.market.quote('IBM')?.askSize ?? decimal('0'))).toBe('30');
  next.market.start();
  next.market.control({ paused: false });
  await until(() => next.seen.includes('IBM 11/11.02'));
  expect(next.seen[0]).toBe('ZZZ 1/1.01');
  expect(Object.keys(next.market.snapshot().handPrices)).toEqual(['AAPL']);
});

test('a snapshot never lies beyond a row that was not played', async () => {
  const { market } = replay(folder(TWO_DAYS), { speed: 1, paused: true });
  const restart = (snapshot: ReturnType<ReplayMarket['snapshot']>) =>
    replay(folder(TWO_DAYS), { speed: 100_000, saved: snapshot });
  const next = restart(market.snapshot());
  next.market.start();
  await until(() => !next.market.isOpen('IBM'));
  expect(next.seen).toHaveLength(6);
});

test('knows the symbols of the folder, with the first recorded mid', () => {
  const { listings } = replay(folder(TWO_DAYS));
  expect(text(listings.find({ symbol: 'ZZZ' })[0]?.referencePrice ?? decimal('0'))).toBe('1.005');
  expect(listings.find({ symbol: 'IBM' })[0]).toMatchObject({ conId: 8314 });
  expect(listings.find({ symbol: 'NOPE' })).toEqual([]);
  expect(listings.find({ symbol: 'IBM', currency: 'EUR' })).toEqual([]);
});

test('names the file of a bad recording and the form of a bad instant', () => {
  const root = folder(TWO_DAYS);
  writeFileSync(join(root, '2013-10-07', 'BAD.csv'), 'a,b\n1,2\n');
  expect(() => listReplayDays(join(root, 'absent'))).toThrow(/absent/);
  expect(() => firstMids(listReplayDays(root))).toThrow(/BAD\.csv: the first line must be/);
  const { market } = replay(folder(TWO_DAYS));
  expect(() => market.control({ at: '2013-10-07 09:30' })).toThrow(/ISO 8601/);
  expect(() => market.control({ speed: 0 })).toThrow(/speed/);
  expect(() => market.setPrices({ NOPE: decimal('1') })).toThrow(/unknown symbol "NOPE"/);
});
