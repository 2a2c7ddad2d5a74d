/** What the dashboard says of figures, instants and filters: exact, signed, on New York's clock. */
import { describe, expect, test } from '@jest/globals';
import * as numbers from '../../dashboard/src/format/numbers.js';
import * as time from '../../dashboard/src/format/time.js';
import {
  filtersIn,
  midnight,
  queryOf,
  searchOf,
} from '../../dashboard/src/screens/trades/filters.js';
import { oldValues } from '../../dashboard/src/banner/value-age.js';
import { haltOf } from '../../dashboard/src/banner/halt-note.js';
import { browserWord } from '../../dashboard/src/screens/health/browser-word.js';
import { curveTold, lineOf } from '../../dashboard/src/screens/overview/equity-line.js';
import { secondsOf, withPlaces } from '../../dashboard/src/screens/trade/chart-lines.js';
import { stopDelayTold } from '../../dashboard/src/screens/trade/stop-delay.js';
import {
  isPrice,
  marketProblem,
  percentProblem,
  priceProblem,
} from '../../dashboard/src/screens/trade/typed-price.js';
import { sorted, turned } from '../../dashboard/src/screens/trades/sorting.js';
import { EMPTY_FORM, problemsOf, signalOf } from '../../dashboard/src/screens/preview/form.js';
import { parseSignal } from '../../contract/signal.js';

describe('[UI-1] figures', () => {
  test.each([
    ['1234567.5', '1,234,567.50', '+1,234,567.50'],
    ['-26.08', '−26.08', '−26.08'],
    ['0', '0.00', '0.00'],
    ['-0.001', '0.00', '0.00'],
    ['999999999999999.99', '999,999,999,999,999.99', '+999,999,999,999,999.99'],
  ])('%s is shown as it is, to the cent', (value, money, signed) => {
    expect(numbers.money(value)).toBe(money);
    expect(numbers.signed(value)).toBe(signed);
  });

  test('what is not known is a dash, and adds up to nothing that is known', () => {
    expect(numbers.money(null)).toBe('—');
    expect(numbers.total(['1', null])).toBeNull();
    expect(numbers.total(['0.1', '0.2'])).toBe('0.3');
  });

  test('a share of nothing allowed is no share', () => {
    expect(numbers.shareOf('5', null)).toBe(0);
    expect(numbers.shareOf('5', '0')).toBe(0);
    expect(numbers.shareOf('5', '4')).toBe(1.25);
  });
});

test('[UI-1] instants are New York’s, in summer and winter', () => {
  expect(time.clock('2026-07-01T13:30:00Z')).toBe('09:30:00');
  expect(time.clock('2026-12-01T14:30:00Z')).toBe('09:30:00');
  expect(midnight('2026-07-01')).toBe('2026-07-01T04:00:00.000Z');
  expect(midnight('2026-12-01')).toBe('2026-12-01T05:00:00.000Z');
  // The days on which the clock is put forward and back begin before it is.
  expect(midnight('2026-03-08')).toBe('2026-03-08T05:00:00.000Z');
  expect(midnight('2026-11-01')).toBe('2026-11-01T04:00:00.000Z');
});

describe('[UI-1] the broker’s values', () => {
  // 09:40 in New York.
  const atMs = Date.parse('2026-11-23T14:40:00Z');
  const before = (ms: number) => new Date(atMs - ms).toISOString();
  const told = (ats: (string | null)[], laterMs = 0) =>
    oldValues({ now: { at: before(0) } as never, seenAtMs: 5_000, nowMs: 5_000 + laterMs }, ats);

  test('that are older than three minutes have their age beside them, to the minute', () => {
    expect(told([before(180_000)])).toBeNull();
    expect(told([before(181_000)])).toBe('values of 09:36');
    expect(told([before(86_400_000)])).toBe('values of Nov 22 09:40');
    expect(told([before(1_000), before(600_000), null])).toBe('values of 09:30');
    expect(told([null])).toBeNull();
  });

  test('grow old while the page can read none', () => {
    expect(told([before(100_000)], 79_000)).toBeNull();
    expect(told([before(100_000)], 81_000)).toBe('values of 09:38');
  });
});

test('[UI-1] of an equity curve no lowest and highest is claimed but of the values that are kept', () => {
  const point = (minute: number, value: string) => ({
    ...{ at: new Date(Date.UTC(2026, 10, 23, 15, minute)).toISOString(), value },
  });
  const points = lineOf([point(40, '99971.22'), point(0, '100000'), point(40, '99971.23')]);
  expect(points.map(({ value }) => value)).toEqual(['100000', '99971.23']);
  expect(curveTold(points)).toBe(
    '2 values are kept; the lowest is 99,971.23, the highest 100,000.00; what was between them is not known',
  );
});

describe('[UI-1] filters in the address', () => {
  test('what is none is left out, what is one comes back as it was', () => {
    expect(filtersIn({ status: 'nonsense', symbol: '<b>', from: 'x', sort: 'id' })).toEqual({});
    const filters = filtersIn({ status: 'live', symbol: 'aapl', side: 'BUY', sort: '-pnl' });
    expect(filters).toEqual({ status: 'live', symbol: 'AAPL', side: 'BUY', sort: '-pnl' });
    expect(filtersIn(filters as Record<string, unknown>)).toEqual(filters);
  });

  test('a day is whole, and the CSV is asked for with the same', () => {
    const query = queryOf({ from: '2026-11-23', until: '2026-11-23' }, 'DU1');
    expect(query).toEqual({
      account_id: 'DU1',
      from: '2026-11-23T05:00:00.000Z',
      until: '2026-11-24T05:00:00.000Z',
    });
    expect(searchOf(query)).toContain('from=2026-11-23T05%3A00%3A00.000Z');
  });
});

test('[UI-1] a column’s head turns down, up and back; what has no value stands last', () => {
  expect(turned(undefined, 'pnl')).toBe('-pnl');
  expect(turned('-pnl', 'pnl')).toBe('pnl');
  expect(turned('pnl', 'pnl')).toBeUndefined();
  const rows = ['2', null, '-10', '9'].map((realized_pnl) => ({ realized_pnl })) as never[];
  const order = (sort: 'pnl' | '-pnl') =>
    sorted(rows, sort).map(({ realized_pnl: pnl }: { realized_pnl: string | null }) => pnl);
  expect(order('-pnl')).toEqual(['9', '2', '-10', null]);
  expect(order('pnl')).toEqual(['-10', '2', '9', null]);
});

describe('[PRV-1] the form of a preview', () => {
  test('makes a signal that is taken, by percent and by prices', () => {
    const byPercent = signalOf({ ...EMPTY_FORM, symbol: 'aapl' });
    expect(problemsOf({ ...EMPTY_FORM, symbol: 'aapl' })).toEqual({});
    expect(parseSignal({ id: 'x', ...byPercent })).toMatchObject({
      ...{ symbol: 'AAPL', stop_loss_pct: '0.03', take_profit_pct: '0.06', risk_pct: '0.01' },
    });
    const form = {
      ...{ ...EMPTY_FORM, symbol: 'KO', orderType: 'LMT' as const, limitPrice: '63', size: '10' },
      ...{ stopBy: 'price' as const, stop: '61', target: '', sizeBy: 'quantity' as const },
    };
    expect(problemsOf(form)).toEqual({});
    expect(parseSignal({ id: 'y', ...signalOf(form) })).toMatchObject({
      ...{ entry_price: '63', stop_loss: '61', quantity: '10', order_type: 'LMT' },
    });
  });

  test('says field by field what is missing', () => {
    const form = { ...EMPTY_FORM, orderType: 'LMT' as const, stop: '0', size: '100' };
    expect(Object.keys(problemsOf(form)).sort()).toEqual(['limitPrice', 'size', 'stop', 'symbol']);
  });
});

test.each([
  ['Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox on Windows'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15',
    'Safari on macOS',
  ],
  [
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36',
    'Chrome on Android',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/26.0 Safari/604.1',
    'Safari on iPhone',
  ],
  ['Mozilla/5.0 (Windows NT 10.0) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0', 'Edge on Windows'],
  ['curl/8.5.0', 'A browser'],
  [null, 'A browser'],
])('[UI-1] %s is told in two words', (said, word) => {
  expect(browserWord(said)).toBe(word);
});

describe('[TRD-8] the time from a fill to its stop', () => {
  const told = (stop_delay_ms: number | null, kinds: string[]) =>
    stopDelayTold({ stop_delay_ms, timeline: kinds.map((kind) => ({ kind })) as never[] });

  test('is told where the entry went alone, and nowhere else', () => {
    expect(told(2_345, ['stop_stands'])).toContain('it stood 2.3 s after the first fill');
    expect(told(0, ['stop_stands'])).toContain('at once with the first fill');
    expect(told(null, ['stop_stands'])).toBeNull();
    expect(told(0, ['filled'])).toBeNull();
    expect(told(12, ['filled'])).toBeNull();
  });
});

describe('[UI-1] the chart of a trade', () => {
  const ended = (lifeS: number) => {
    const at = (s: number) => new Date(Date.UTC(2026, 10, 23, 15) + s * 1_000).toISOString();
    const executions = [{ received_at: at(1) }, { received_at: at(lifeS) }];
    const trade = { created_at: at(0), closed_at: at(lifeS), executions } as never;
    return secondsOf(trade, Date.UTC(2030, 0));
  };
  const begunS = Date.UTC(2026, 10, 23, 15) / 1_000;

  test('that lived seconds has a place for each, with the trade in the middle', () => {
    const seconds = ended(3);
    expect(seconds).toHaveLength(8);
    const [before, after] = [begunS - seconds[0]!, seconds.at(-1)! - begunS - 3];
    expect(Math.abs(before - after)).toBeLessThanOrEqual(1);
    expect(new Set(seconds).size).toBe(seconds.length);
  });

  test('that lived minutes begins at the left, with some room', () => {
    const seconds = ended(200);
    expect(seconds[0]).toBe(begunS - 50);
    expect(seconds.at(-1)).toBe(begunS + 250);
  });

  test('that lived long has its bars alone; a short one those that lie around it', () => {
    expect(ended(301)).toEqual([]);
    const candle = (time: number) => ({ time, open: 1, high: 1, low: 1, close: 1 });
    const candles = [candle(begunS - 60), candle(begunS), candle(begunS + 60)];
    expect(withPlaces(candles, [])).toEqual(candles);
    expect(withPlaces(candles, [begunS, begunS + 1])).toEqual([candles[1], { time: begunS + 1 }]);
  });
});

describe('[TRD-6] a price that is typed for an exit', () => {
  test.each([
    ['abc', 'digits with a point'],
    ['1e3', 'digits with a point'],
    ['-5', 'above zero'],
    ['0', 'above zero'],
    ['0.00', 'above zero'],
    ['1,5', 'with a point'],
    ['1234567890', 'up to 9 digits'],
    ['1.', 'behind it'],
    ['', 'Type the new price'],
  ])('%s: it is said what is wrong', (typed, told) => {
    expect(isPrice(typed)).toBe(false);
    expect(priceProblem(typed)).toContain(told);
  });

  test('that is one has no problem', () => {
    expect(priceProblem('181.62')).toBeNull();
    expect(percentProblem('1.5')).toBeNull();
    expect(percentProblem('1,5')).toContain('point');
    expect(percentProblem('50')).toContain('below 50');
  });

  const nowMs = Date.UTC(2026, 10, 23, 15);
  const market = { closing_price: '100', quote_at: new Date(nowMs - 1_000).toISOString() };
  test.each([
    ['BUY', 'stop', '99.99', true],
    ['BUY', 'stop', '100', false],
    ['BUY', 'stop', '999999', false],
    ['SELL', 'stop', '100.01', true],
    ['SELL', 'stop', '99', false],
    ['BUY', 'target', '101', true],
    ['BUY', 'target', '99', false],
    ['SELL', 'target', '99', true],
  ] as const)('of a %s, a %s at %s: stands by the quote: %s', (side, exit, typed, stands) => {
    const told = marketProblem({ side, exit }, typed, market, nowMs);
    if (stands) expect(told).toBeNull();
    else expect(told).toMatch(/at once: the (bid|ask) was 100\.00 at 09:59:59/);
  });

  test('is judged by no old quote, and by none that is missing', () => {
    const of = { side: 'BUY', exit: 'stop' } as const;
    expect(marketProblem(of, '999999', market, nowMs + 60_000)).toBeNull();
    expect(marketProblem(of, '999999', { ...market, closing_price: null }, nowMs)).toBeNull();
    expect(marketProblem(of, '999999', undefined, nowMs)).toBeNull();
  });
});

test('[RSK-5] who halted is told on New York’s clock; what nobody wrote so, as it stands', () => {
  expect(haltOf('2026-11-23T12:46:30.143Z dashboard:owner: from the dashboard')).toEqual({
    ...{ at: '2026-11-23T12:46:30.143Z', said: 'dashboard:owner: from the dashboard' },
  });
  expect(haltOf('/state/HALT')).toEqual({ at: null, said: '/state/HALT' });
  expect(haltOf('2026-13-45T99:99:99Z x')).toMatchObject({ at: null });
});
