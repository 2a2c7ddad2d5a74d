/** The template `tradingview`: what an alert of a chart becomes, and what is refused by the alert's own names. */
import { describe, expect, test } from '@jest/globals';
import {
  InvalidAlertError,
  readAlert,
  StrategyNotAllowedError,
} from '../../../contract/hooks/alert.js';

const TERMS = { template: 'tradingview', strategies: ['momentum'] } as const;

/** As TradingView sends the example of docs/webhooks.md. */
const ALERT = {
  ticker: 'NASDAQ:AAPL',
  action: 'buy',
  price: '181.62',
  timenow: '2026-11-23T14:30:05Z',
  order_id: 'Long Entry',
  stop_loss_pct: '0.02',
};

const signalOf = (change: Record<string, unknown> = {}, terms = {}) =>
  readAlert({ ...TERMS, ...terms }, { ...ALERT, ...change }).signal;

function issuesOf(change: Record<string, unknown>, terms = {}): Record<string, string> {
  try {
    signalOf(change, terms);
  } catch (error) {
    if (!(error instanceof InvalidAlertError)) throw error;
    return Object.fromEntries(error.issues.map(({ path, message }) => [path, message]));
  }
  return {};
}

describe('[SIG-6] an alert becomes a signal', () => {
  test('by the names of the placeholders', () => {
    expect(signalOf()).toEqual({
      id: expect.stringMatching(/^tv-20261123T143005Z-AAPL-BUY-[0-9a-f]{12}$/),
      ...{ strategy_id: 'momentum', symbol: 'AAPL', side: 'BUY', entry_price: '181.62' },
      ...{ generated_at: '2026-11-23T14:30:05.000Z', stop_loss_pct: '0.02' },
      context: { alert: { ticker: 'NASDAQ:AAPL', order_id: 'Long Entry' } },
    });
  });

  test('numbers without quotes are taken by their text, and the tails of a chart are cut', () => {
    expect(signalOf({ price: 181.62 }).entry_price).toBe('181.62');
    expect(signalOf({ price: '181.62000000000003' }).entry_price).toBe('181.62');
    expect(signalOf({ stop_loss_pct: undefined, stop_loss: 177.98759999999999 }).stop_loss).toBe(
      '177.9876',
    );
    expect(signalOf({ contracts: '10.999999999999' }).quantity).toBe('10.99999999');
  });

  test('every field of a signal may stand beside them', () => {
    const signal = signalOf({
      ...{ order_type: 'LMT', take_profit_pct: '0.04', max_holding: '2h', confidence: 0.7 },
      context: { why: 'crossed' },
    });
    expect(signal).toMatchObject({ order_type: 'LMT', max_holding: 7_200_000, confidence: '0.7' });
    expect(signal.context).toMatchObject({ why: 'crossed', alert: { order_id: 'Long Entry' } });
    const { ticker: _t, action: _a, ...rest } = ALERT;
    const own = readAlert(TERMS, { ...rest, symbol: 'AAPL', side: 'SELL' }).signal;
    expect([own.symbol, own.side]).toEqual(['AAPL', 'SELL']);
  });

  const tickers: [string, Record<string, unknown>, string][] = [
    ['no exchange', { ticker: 'AAPL' }, 'AAPL'],
    ['an exchange in a field of its own', { ticker: 'AAPL', exchange: 'NYSE' }, 'AAPL'],
    ['delayed data', { ticker: 'NASDAQ_DLY:AAPL' }, 'AAPL'],
    ['a class of a share', { ticker: 'NYSE:BRK.B' }, 'BRK B'],
    ['another country with its currency', { ticker: 'XETR:SAP', currency: 'EUR' }, 'SAP'],
  ];
  test.each(tickers)('a ticker with %s', (_, change, symbol) => {
    expect(signalOf(change).symbol).toBe(symbol);
  });
});

describe('[SIG-6] the id of an alert that brings none', () => {
  test('is the same for a repeat, whatever its price and spelling of the time', () => {
    const { id } = signalOf();
    expect(signalOf().id).toBe(id);
    expect(signalOf({ price: '181.70' }).id).toBe(id);
    expect(signalOf({ timenow: '2026-11-23T15:30:05+01:00' }).id).toBe(id);
  });

  const others: [string, Record<string, unknown>][] = [
    ['time', { timenow: '2026-11-23T14:30:06Z' }],
    ['name', { name: 'second alert' }],
    ['order', { order_id: 'Add' }],
    ['interval', { interval: '15' }],
    ['side', { action: 'sell' }],
    ['symbol', { ticker: 'NASDAQ:MSFT' }],
    ['strategy', { strategy_id: 'other' }],
    ['account', { account_id: 'DU7654321' }],
    ['currency', { currency: 'CAD' }],
  ];
  test.each(others)('is another one by another %s', (_, change) => {
    const terms = { strategies: ['momentum', 'other'] };
    const named = { strategy_id: 'momentum', ...change };
    expect(signalOf(named, terms).id).not.toBe(signalOf().id);
  });

  test('is its own where it brings one', () => {
    expect(signalOf({ id: 'mine-1', timenow: undefined }).id).toBe('mine-1');
  });

  test('fits a signal with the longest symbol', () => {
    const { id } = signalOf({ ticker: 'ABCDEFGHIJ KLMNOPQRS', action: 'sell' });
    expect(id).toMatch(/^tv-20261123T143005Z-ABCDEFGHIJ\.KLMNOPQRS-SELL-/);
  });
});

describe('[SIG-6] what an order of a strategy does to its position', () => {
  const close = { action: 'sell', market_position: 'flat', prev_market_position: 'long' };

  test('one that goes flat closes, and brings nothing that could open', () => {
    const signal = signalOf({ ...close, contracts: '10', order_type: 'LMT' });
    expect(signal).toMatchObject({ side: 'SELL', on_opposite: 'close', order_type: 'MKT' });
    expect(signal.quantity).toBe('0.00000001');
    const others = Object.keys(signal).filter((field) => /price|stop|profit|risk/.test(field));
    expect(others).toEqual([]);
  });

  test('without the position before it, more contracts than are held then are a turn', () => {
    const turn = { action: 'buy', market_position: 'long', contracts: '200' };
    const signal = signalOf({ ...turn, market_position_size: '100' });
    expect(signal).toMatchObject({ quantity: '100', on_opposite: 'reverse' });
    expect(issuesOf(turn)['contracts']).toContain('prev_market_position');
    expect(signalOf({ ...turn, prev_market_position: 'flat' }).quantity).toBe('200');
    expect(signalOf({ ...turn, contracts: '100', market_position_size: '100' }).quantity).toBe(
      '100',
    );
  });

  test('one that turns the position reverses, by the shares of the new one', () => {
    const turn = { action: 'sell', market_position: 'short', prev_market_position: 'long' };
    expect(signalOf(turn)).toMatchObject({ side: 'SELL', on_opposite: 'reverse' });
    const sized = signalOf({ ...turn, contracts: '20', market_position_size: '10' });
    expect(sized.quantity).toBe('10');
    expect(issuesOf({ ...turn, contracts: '20' })['contracts']).toContain('market_position_size');
    expect(signalOf({ ...turn, on_opposite: 'deny' }).on_opposite).toBe('deny');
  });

  test('one that adds to the position is a trade of its own', () => {
    const add = { market_position: 'long', prev_market_position: 'long' };
    expect(signalOf({ ...add, contracts: '5', market_position_size: '15' }).quantity).toBe('5');
    expect(issuesOf({ ...add, market_position_size: '15' })).toEqual({
      market_position_size: expect.stringContaining('held already'),
    });
  });

  test('one that closes a part is refused: a signal would close all of it', () => {
    const part = { action: 'sell', market_position: 'long', prev_market_position: 'long' };
    expect(issuesOf(part)).toEqual({ market_position: expect.stringContaining('a part') });
  });

  test('a position of no kind that is known is refused', () => {
    expect(issuesOf({ market_position: 'both' })).toEqual({
      market_position: 'expected long, short or flat',
    });
  });
});

describe('[SIG-6] an alert that is no signal names its own fields', () => {
  const wrong: [string, Record<string, unknown>, Record<string, string>][] = [
    ['no ticker', { ticker: undefined }, { ticker: 'required' }],
    ['no side', { action: undefined }, { action: 'required: BUY or SELL' }],
    ['a side of no kind', { action: 'exit' }, { action: 'expected buy or sell' }],
    ['no time and no id', { timenow: undefined }, { timenow: 'required where' }],
    ['a time that is none', { timenow: '9:30' }, { timenow: 'expected an ISO 8601 instant' }],
    ['a price that is none', { price: 'NaN' }, { price: 'expected a plain decimal' }],
    ['a price below zero', { price: -1 }, { price: 'expected a plain decimal' }],
    ['a future', { ticker: 'ES1!' }, { ticker: 'expected a symbol' }],
    ['another country', { ticker: 'LSE:VOD' }, { ticker: 'LSE is no exchange' }],
    ['another country beside it', { exchange: 'LSE' }, { exchange: 'contradicts NASDAQ' }],
    ['two names for one thing', { symbol: 'AAPL' }, { symbol: 'give either ticker or symbol' }],
    ['a field of nobody', { stop: '170' }, { stop: 'unknown field' }],
    ['an empty stop', { stop_loss_pct: '' }, { stop_loss_pct: 'expected a plain decimal' }],
    [
      'a placeholder that nobody filled in',
      { action: '{{strategy.order.action}}' },
      { action: 'the placeholder {{strategy.order.action}} was not filled in' },
    ],
    [
      'several at once',
      { ticker: undefined, price: 'x', extra: 1 },
      { ticker: 'required', price: 'expected', extra: 'unknown' },
    ],
  ];
  test.each(wrong)('%s', (_, change, expected) => {
    const found = issuesOf(change);
    expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
    for (const [path, message] of Object.entries(expected)) expect(found[path]).toContain(message);
  });

  test.each([
    ['a list', []],
    ['text', 'AAPL buy'],
    ['nothing', undefined],
  ])('%s', (_, body) => {
    expect(() => readAlert(TERMS, body)).toThrow(/\(alert\): expected a JSON object/);
  });

  test('depth without end, and text that can not be stored', () => {
    const deep: unknown = JSON.parse('['.repeat(100) + ']'.repeat(100));
    expect(() => readAlert(TERMS, { ...ALERT, context: deep })).toThrow(/nested deeper/);
    expect(() => readAlert(TERMS, { ...ALERT, comment: 'a\u0000b' })).toThrow(/comment: holds/);
  });
});

describe('[SIG-6] the strategies of a hook', () => {
  const two = { ...TERMS, strategies: ['momentum', 'breakout'] };

  test('one alone need not be named, of two one must be', () => {
    expect(signalOf().strategy_id).toBe('momentum');
    expect(issuesOf({}, two)).toEqual({ strategy_id: 'required' });
    expect(signalOf({ strategy_id: 'breakout' }, two).strategy_id).toBe('breakout');
  });

  test('another one is refused', () => {
    expect(() => signalOf({ strategy_id: 'other' })).toThrow(StrategyNotAllowedError);
  });
});

describe('[SIG-6] the template plain', () => {
  const PLAIN = { template: 'plain', strategies: ['momentum'] } as const;
  const body = { id: 'p-1', symbol: 'AAPL', side: 'BUY', stop_loss: '170' };

  test('takes a signal as it is', () => {
    expect(readAlert(PLAIN, body).signal).toEqual({ ...body, strategy_id: 'momentum' });
  });

  test('makes no id, and names the fields of a signal', () => {
    expect(() => readAlert(PLAIN, { ...body, id: undefined })).toThrow(/id: required/);
    expect(() => readAlert(PLAIN, { ...body, ticker: 'X' })).toThrow(/ticker: unknown field/);
    expect(() => readAlert(PLAIN, { ...body, id: '{{timenow}}' })).toThrow(/not filled in/);
  });
});
