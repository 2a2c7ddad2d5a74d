/** How quotes become the bars of a chart. */
import { expect, test } from '@jest/globals';
import { BAR_MS, middleOf, withPrice, type PriceBar } from '../../domain/price-bars.js';
import type { Quote } from '../../domain/vocabulary.js';

const quote = (change: Partial<Quote> = {}): Quote => ({
  ...{ bid: '100', ask: '100.02', bidSize: '1', askSize: '1', atMs: 0 },
  ...{ kind: 'live', halted: false },
  ...change,
});

test('[UI-1] the price is the middle, exactly; what nobody can trade at is none', () => {
  expect(middleOf(quote())).toBe('100.01');
  expect(middleOf(quote({ bid: '0.0001', ask: '0.0002' }))).toBe('0.00015');
  expect(middleOf(quote({ ask: null }))).toBeNull();
  expect(middleOf(quote({ halted: true }))).toBeNull();
  expect(middleOf(quote({ kind: 'delayed' }))).toBeNull();
});

test('[UI-1] a bar holds the first, highest, lowest and last of its time; the next time begins another', () => {
  const prices: [string, number][] = [
    ['10', 0],
    ['9', 1],
    ['12', 2],
    ['11', BAR_MS - 1],
  ];
  const bar = prices.reduce<PriceBar | null>((so, [price, at]) => withPrice(so, price, at), null);
  expect(bar).toEqual({ startsAtMs: 0, open: '10', high: '12', low: '9', close: '11' });
  expect(withPrice(bar, '8', BAR_MS)).toEqual({
    ...{ startsAtMs: BAR_MS, open: '8', high: '8', low: '8', close: '8' },
  });
});
