import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ZERO, text } from '../../domain/money.js';
import type { BarRequest, BarView } from '../../gateway/exchange/api.js';
import { createHistory } from '../../gateway/market/history.js';
import type { HistoryOptions } from '../../gateway/market/history.js';
import { createListings } from '../../gateway/market/listings.js';
import { firstMids, listReplayDays } from '../../gateway/market/replay-days.js';
import { createSessions } from '../../gateway/market/sessions.js';

const END_MS = Date.parse('2026-11-20T15:00:00-05:00');
const DAY_MS = 86_400_000;

function history(options: Partial<HistoryOptions> = {}) {
  return createHistory({
    listings: createListings(),
    sessions: createSessions('exchange'),
    seed: 1,
    firstStartMs: END_MS,
    days: [],
    ...options,
  });
}

function daily(symbol: string, count: number): BarRequest {
  const duration = { count, unit: 'D' as const };
  const shape = { barSizeMs: DAY_MS, regularHoursOnly: true, what: 'TRADES' as const };
  return { symbol, endMs: END_MS, duration, ...shape };
}

function returns(bars: BarView[]): number[] {
  const closes = bars.map((bar) => bar.close.toNumber());
  return closes.slice(1).map((close, index) => close / (closes[index] as number) - 1);
}

function correlation(first: number[], second: number[]): number {
  const mean = (all: number[]) => all.reduce((sum, each) => sum + each, 0) / all.length;
  const [meanOne, meanTwo] = [mean(first), mean(second)];
  const products = (one: number[], two: number[], m1: number, m2: number) =>
    one.reduce((sum, each, index) => sum + (each - m1) * ((two[index] as number) - m2), 0);
  const variance =
    products(first, first, meanOne, meanOne) * products(second, second, meanTwo, meanTwo);
  return products(first, second, meanOne, meanTwo) / Math.sqrt(variance);
}

test('[GWY-2] 61 daily bars of trading days, the same whenever asked, ending near the price', () => {
  const bars = history().bars(daily('AAPL', 61));
  expect(bars).toHaveLength(61);
  expect(bars.map((bar) => text(bar.close))).toEqual(
    history()
      .bars(daily('AAPL', 61))
      .map((bar) => text(bar.close)),
  );
  expect(new Date(bars.at(-1)?.startMs ?? 0).toISOString()).toBe('2026-11-20T05:00:00.000Z');
  expect(new Date(bars.at(-6)?.startMs ?? 0).toISOString()).toBe('2026-11-13T05:00:00.000Z');
  expect(text(bars.at(-1)?.close ?? bars[0]!.close)).toBe('230');
  for (const { open, high, low, close } of bars) {
    expect(high.gte(open) && high.gte(close) && low.lte(open) && low.lte(close)).toBe(true);
  }
  const spread = Math.max(...returns(bars).map(Math.abs));
  expect(spread).toBeGreaterThan(0.005);
  expect(spread).toBeLessThan(0.15);
});

test('index funds move together, unrelated stocks less so', () => {
  const of = (symbol: string) => returns(history().bars(daily(symbol, 61)));
  expect(correlation(of('SPY'), of('VOO'))).toBeGreaterThan(0.8);
  expect(Math.abs(correlation(of('KO'), of('NVDA')))).toBeLessThan(0.8);
});

test('minute bars keep to the session; another seed has another past', () => {
  const request = { ...daily('IBM', 2), barSizeMs: 60_000 };
  const bars = history().bars(request);
  expect(bars).toHaveLength(390 + 330);
  const hourly = history().bars({ ...request, barSizeMs: 3_600_000 });
  expect(hourly).toHaveLength(7 + 6);
  expect(new Date(hourly[0]?.startMs ?? 0).toISOString()).toBe('2026-11-19T14:30:00.000Z');
  expect(new Date(bars[0]?.startMs ?? 0).toISOString()).toBe('2026-11-19T14:30:00.000Z');
  expect(history({ seed: 2 }).bars(request)[0]?.close).not.toEqual(bars[0]?.close);
  expect(history().bars({ ...request, symbol: 'NOPE' })).toEqual([]);
});

test('of a replay come the rows played so far, and nothing of what is to come', () => {
  const root = mkdtempSync(join(tmpdir(), 'ballast-history-'));
  try {
    for (const [day, price] of [
      ['2013-10-07', 10],
      ['2013-10-08', 20],
    ] as const) {
      mkdirSync(join(root, day));
      const row = (time: string, at: number) => `${day}T${time}-04:00,${at},100,${at + 1},100`;
      const rows = [row('09:30:00', price), row('12:00:00', price + 5), row('15:59:00', price + 2)];
      const body = ['time,bid,bid_size,ask,ask_size', ...rows].join('\n');
      writeFileSync(join(root, day, 'IBM.csv'), body);
    }
    const days = listReplayDays(root);
    const listings = createListings(firstMids(days));
    const recordedNowMs = () => Date.parse('2013-10-08T12:30:00-04:00');
    const bars = history({ days, recordedNowMs, listings }).bars({
      ...daily('IBM', 3),
      endMs: Date.now(),
    });
    const rows = bars.map(({ open, high, low, close }) => [open, high, low, close].map(text));
    expect(rows.slice(1)).toEqual([
      ['10.5', '15.5', '10.5', '12.5'],
      ['20.5', '25.5', '20.5', '25.5'],
    ]);
    expect(bars[0]?.count).toBeGreaterThan(3);
    // The invented past leads up to the first recorded price.
    expect(bars[0]?.close.sub('10.5').abs().toNumber()).toBeLessThan(0.6);
  } finally {
    rmSync(root, { recursive: true });
  }
});

const PRICES = ['open', 'high', 'low', 'close'] as const;
const of = (bar: BarView | undefined): string[] => PRICES.map((each) => text(bar?.[each] ?? ZERO));

test('[GWY-2] bars of the invented past: bids below, asks above, and both in BID_ASK', () => {
  const ask = (what: BarRequest['what']) => history().bars({ ...daily('IBM', 5), what });
  const [mids, bids, asks, both] = (['MIDPOINT', 'BID', 'ASK', 'BID_ASK'] as const).map(ask);
  mids?.forEach((mid, index) => {
    const [bid, offer, quote] = [bids, asks, both].map((bars) => bars?.[index]);
    expect(text(bid?.close ?? ZERO)).toBe(text(mid.close.sub('0.01')));
    expect(text(offer?.close ?? ZERO)).toBe(text(mid.close.add('0.01')));
    expect(text(quote?.low ?? ZERO)).toBe(text(bid?.low ?? ZERO));
    expect(text(quote?.high ?? ZERO)).toBe(text(offer?.high ?? ZERO));
    expect(text((quote?.close ?? ZERO).sub(quote?.open ?? ZERO))).toBe('0.02');
    expect(quote?.open.gte(quote.low) && quote.close.lte(quote.high)).toBe(true);
  });
  expect(both).toHaveLength(5);
});

test('[GWY-2] BID_ASK of a replay: lowest bid, highest ask, averages by how long they stood', () => {
  const root = mkdtempSync(join(tmpdir(), 'ballast-history-'));
  try {
    const row = (time: string, bid: string, ask: string) =>
      `2013-10-08T${time}-04:00,${bid},100,${ask},100`;
    const rows = [
      row('09:30:00', '10.00', '10.10'),
      row('09:30:45', '10.20', '10.50'),
      row('09:31:00', '9.90', '10.00'),
    ];
    mkdirSync(join(root, '2013-10-08'));
    const body = ['time,bid,bid_size,ask,ask_size', ...rows].join('\n');
    writeFileSync(join(root, '2013-10-08', 'IBM.csv'), body);
    const days = listReplayDays(root);
    const recordedNowMs = () => Date.parse('2013-10-08T09:31:30-04:00');
    const parts = { days, recordedNowMs, listings: createListings(firstMids(days)) };
    const at = history({ ...parts, sessions: createSessions('always') });
    const bars = at.bars({ ...daily('IBM', 1), endMs: Date.now(), what: 'BID_ASK' });
    // 45 s and 15 s and 30 s of 90: 10.00, 10.20, 9.90 bid; 10.10, 10.50, 10.00 asked.
    expect(of(bars.at(-1))).toEqual(['10', '10.5', '9.9', '10.1333']);
  } finally {
    rmSync(root, { recursive: true });
  }
});
