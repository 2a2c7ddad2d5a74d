/** What a stop leaves behind, and a start finds, in words. */
import { expect, test } from '@jest/globals';
import type { OpenTradeView } from '../../contract/views.js';
import { openTradesText, openTradesTold } from '../../supervisor/open-trades.js';

const NOW = Date.parse('2026-11-20T15:00:00Z');
const OPEN: OpenTradeView = {
  ...{ trade_id: '6a1b2c3d-0000-4000-8000-000000000000', symbol: 'IBM', side: 'BUY' },
  ...{ state: 'OPEN', held_quantity: '100', stop_price: '180.6', is_protected: true },
  ...{ planned_quantity: '100', filled_quantity: '100', limit_price: null },
  ...{ account_id: 'DU1', unprotected_since: null },
};

test('[OPS-1] open positions are named with their protection, the naked ones first', () => {
  const naked = {
    ...{ ...OPEN, symbol: 'AAPL', held_quantity: '20', is_protected: false },
    unprotected_since: new Date(NOW - 12_000).toISOString(),
  };
  const waiting = { ...OPEN, symbol: 'KO', state: 'ENTERING', held_quantity: '0' };
  expect(openTradesText([OPEN, waiting, naked], NOW)).toStrictEqual([
    'Open at the broker: 2 positions, 1 unfilled, 1 NOT PROTECTED',
    '  AAPL 6a1b2c3d OPEN: 20 shares WITHOUT enough armed stops for 12.0 s',
    '  KO 6a1b2c3d ENTERING: nothing is held',
    '  IBM 6a1b2c3d OPEN: 100 shares, protected by the stop at 180.6',
    '"ballast positions" shows what is held, with prices and results',
  ]);
});

test('[OPS-1] the others stand by their symbols, what is protected last', () => {
  const of = (symbol: string, held: string) => ({ ...OPEN, symbol, held_quantity: held });
  const lines = openTradesText([of('KO', '1'), of('AA', '0'), of('GE', '1'), of('IBM', '1')], NOW);
  const symbols = lines.slice(1, -1).map((line) => line.trim().split(' ')[0]);
  expect(symbols).toEqual(['AA', 'GE', 'IBM', 'KO']);
});

test('[OPS-1] what nobody here opened is named too: nothing protects it', () => {
  const external = { account_id: 'DU1', symbol: 'NVDA', quantity: '-2' };
  expect(openTradesText([OPEN], NOW, [external])).toStrictEqual([
    'Open at the broker: 1 position, 1 EXTERNAL',
    '  NVDA EXTERNAL in DU1: -2 shares, not managed',
    '  IBM 6a1b2c3d OPEN: 100 shares, protected by the stop at 180.6',
    '"ballast positions" shows what is held, with prices and results',
  ]);
  expect(openTradesText([], NOW, [external])).toHaveLength(3);
});

test('[OPS-1] however many are protected, no line is left out of what is not', () => {
  const many = (count: number, change: Partial<OpenTradeView>) =>
    Array.from({ length: count }, () => ({ ...OPEN, ...change }));
  const external = Array.from({ length: 30 }, () => ({
    ...{ account_id: 'DU1', symbol: 'NVDA', quantity: '-2' },
  }));
  const naked = many(30, { symbol: 'AAPL', is_protected: false });
  const waiting = many(30, { symbol: 'KO', state: 'ENTERING', held_quantity: '0' });
  const lines = openTradesText([...many(50, {}), ...waiting, ...naked], NOW, external);
  const kinds = lines.map(
    (line) => /NOT PROT|WITHOUT|EXTERNAL|nothing|stop at|more/.exec(line)?.[0],
  );
  const times = (count: number, kind: string) => Array.from({ length: count }, () => kind);
  expect(kinds.slice(1, 91)).toEqual([
    ...[...times(30, 'WITHOUT'), ...times(30, 'EXTERNAL'), ...times(30, 'nothing')],
  ]);
  expect(kinds.slice(91)).toEqual([...times(20, 'stop at'), 'more', undefined]);
  expect(lines.at(-2)).toBe('  … and 30 more, protected');
});

test('[OPS-1] nothing open is no news; a database that is away is said', async () => {
  expect(openTradesText([], NOW)).toStrictEqual([]);
  const env = { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' };
  const [line] = await openTradesTold(env);
  expect(line).toContain('could not be read');
});
