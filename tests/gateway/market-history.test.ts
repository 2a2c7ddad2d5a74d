import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { text } from '../../domain/money.js';
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
