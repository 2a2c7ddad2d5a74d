/** What a stop leaves behind, and a start finds, in words. */
import { expect, test } from '@jest/globals';
import type { OpenTradeView } from '../../contract/views.js';
import { openTradesText, openTradesTold } from '../../supervisor/open-trades.js';

const NOW = Date.parse('2026-11-20T15:00:00Z');
const OPEN: OpenTradeView = {
  ...{ trade_id: '6a1b2c3d-0000-4000-8000-000000000000', symbol: 'IBM', side: 'BUY' },
  ...{ state: 'OPEN', held_quantity: '100', stop_price: '180.6', is_protected: true },
  unprotected_since: null,
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
    '  IBM 6a1b2c3d OPEN: 100 shares, protected by the stop at 180.6',
    '  KO 6a1b2c3d ENTERING: nothing is held',
  ]);
});

test('[OPS-1] what nobody here opened is named too: nothing protects it', () => {
  const external = { account_id: 'DU1', symbol: 'NVDA', quantity: '-2' };
  expect(openTradesText([OPEN], NOW, [external])).toStrictEqual([
    'Open at the broker: 1 position, 1 EXTERNAL',
    '  IBM 6a1b2c3d OPEN: 100 shares, protected by the stop at 180.6',
    '  NVDA EXTERNAL in DU1: -2 shares, not managed',
  ]);
  expect(openTradesText([], NOW, [external])).toHaveLength(2);
});

test('[OPS-1] nothing open is no news; a database that is away is said', async () => {
  expect(openTradesText([], NOW)).toStrictEqual([]);
  const env = { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' };
  const [line] = await openTradesTold(env);
  expect(line).toContain('could not be read');
});
