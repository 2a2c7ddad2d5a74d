/** The signal schema: every malformed field is named by its path, and equal bodies are equal. */
import { describe, expect, test } from '@jest/globals';
import { differingFields, fingerprint } from '../../contract/fingerprint.js';
import { InvalidSignalError, parseSignal, type SignalIssue } from '../../contract/signal.js';

const GOOD = {
  id: 'momentum-2026-11-20.1',
  strategy_id: 'momentum',
  symbol: 'AAPL',
  side: 'BUY',
  stop_loss_pct: '0.02',
};

function issuesOf(body: unknown): readonly SignalIssue[] {
  try {
    parseSignal(body);
  } catch (error) {
    if (error instanceof InvalidSignalError) return error.issues;
    throw error;
  }
  return [];
}

const MALFORMED: readonly [string, Record<string, unknown>, string][] = [
  ['an id with a blank', { id: 'a b' }, 'id'],
  ['an id that is too long', { id: 'x'.repeat(65) }, 'id'],
  ['an empty id', { id: '' }, 'id'],
  ['a missing strategy', { strategy_id: undefined }, 'strategy_id'],
  ['a symbol in lower case', { symbol: 'aapl' }, 'symbol'],
  ['an unknown side', { side: 'HOLD' }, 'side'],
  ['no side at all', { side: undefined }, 'side'],
  ['contradicting sides', { signal_type: 'SELL' }, 'signal_type'],
  ['a stop order as entry', { order_type: 'STP' }, 'order_type'],
  ['a limit order without a limit', { order_type: 'LMT' }, 'entry_price'],
  ['a negative price', { entry_price: '-1' }, 'entry_price'],
  ['a price of zero', { entry_price: '0.00' }, 'entry_price'],
  ['an exponent', { entry_price: '1e5' }, 'entry_price'],
  ['a number whose text has an exponent', { entry_price: 1e21 }, 'entry_price'],
  ['nine decimals', { entry_price: '1.123456789' }, 'entry_price'],
  ['a binary residue', { entry_price: 0.1 + 0.2 }, 'entry_price'],
  ['NaN', { take_profit: NaN }, 'take_profit'],
  ['infinity', { take_profit: Infinity }, 'take_profit'],
  ['a blank text', { stop_loss: ' ', stop_loss_pct: undefined }, 'stop_loss'],
  ['two stops', { stop_loss: '1' }, 'stop_loss_pct'],
  ['a stop percentage of one', { stop_loss_pct: '1' }, 'stop_loss_pct'],
  ['two targets', { take_profit: '2', take_profit_pct: '0.1' }, 'take_profit_pct'],
  ['two risks', { risk_pct: '0.01', risk_category: 'small' }, 'risk_category'],
  ['an unknown risk category', { risk_category: 'huge' }, 'risk_category'],
  ['a quantity of null', { quantity: null }, 'quantity'],
  ['an unknown time in force', { time_in_force: 'IOC' }, 'time_in_force'],
  ['an instant without a zone', { expires_at: '2026-11-20T10:00:00' }, 'expires_at'],
  ['an instant that is none', { generated_at: 'yesterday' }, 'generated_at'],
  ['a duration of nothing', { max_holding: 'PT0S' }, 'max_holding'],
  ['a duration without a unit', { max_holding: '30' }, 'max_holding'],
  ['a flag as text', { close_at_session_end: 'yes' }, 'close_at_session_end'],
  ['confidence above one', { confidence: '1.5' }, 'confidence'],
  ['an indicator as text', { indicators: { rsi: 'high' } }, 'indicators.rsi'],
  ['a context that is too large', { context: { text: 'x'.repeat(17_000) } }, 'context'],
  [
    'a trailing stop of both kinds',
    { trailing_stop: { amount: '1', percent: '0.1' } },
    'trailing_stop',
  ],
  ['an unknown field', { stoploss: '1' }, 'stoploss'],
  ['an option contract', { security_type: 'OPT' }, 'security_type'],
];

describe('[SIG-1] a signal is parsed by one schema', () => {
  test.each(MALFORMED)('%s is an error at its path', (_, change, path) => {
    expect(issuesOf({ ...GOOD, ...change }).map((issue) => issue.path)).toContain(path);
  });

  test('a name that objects drop is an error at its path: without it another signal would be the same', () => {
    const context: unknown = JSON.parse('{"a": [{"__proto__": {"n": 1}}]}');
    const [issue] = issuesOf({ ...GOOD, context });
    expect(issue!.path).toBe('context.a.0.__proto__');
    expect(issuesOf({ ...GOOD, context: { constructor: 1, prototype: 2 } })).toEqual([]);
  });

  test.each([
    ['a zero character in a text', { context: { a: ['x', 'x\u0000y'] } }, 'context.a.1'],
    ['half a character in a text', { context: { a: '\ud800' } }, 'context.a'],
    ['a zero character in a key', { context: { 'x\u0000y': 1 } }, 'context.x\\u0000y'],
    ['half a character in a name', { indicators: { '\udc00': 1 } }, 'indicators.\\udc00'],
    ['a zero character in the id', { id: 'a\u0000' }, 'id'],
  ])('%s can be stored nowhere: an error at its path', (_, change, path) => {
    const issues = issuesOf({ ...GOOD, ...change });
    expect(issues).toContainEqual({ path, message: expect.stringContaining('U+0000') });
    expect(issuesOf({ ...GOOD, context: { a: 'whole: \ud83d\ude00' } })).toEqual([]);
  });

  test('what is nested deeper than anybody writes by hand is refused, however deep', () => {
    const nested = (depth: number) =>
      JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`) as unknown;
    expect(issuesOf({ ...GOOD, context: nested(30) })).toEqual([]);
    for (const depth of [40, 9_000, 100_000]) {
      const [issue] = issuesOf({ ...GOOD, context: nested(depth) });
      expect(issue).toMatchObject({ message: expect.stringContaining('nested deeper than 32') });
      expect(issue!.path.startsWith('context.0.0')).toBe(true);
    }
  });

  test('something that is no object is an error too', () => {
    for (const body of [null, 'BUY AAPL', [], 7]) expect(issuesOf(body)).not.toEqual([]);
  });

  test('every wrong field is told at once', () => {
    const paths = issuesOf({ ...GOOD, id: '', symbol: 'x', side: 'HOLD' }).map((i) => i.path);
    expect(paths).toEqual(expect.arrayContaining(['id', 'symbol', 'side']));
  });

  test('a JSON number is taken by its shortest text', () => {
    expect(parseSignal({ ...GOOD, entry_price: 181.62 }).entry_price).toBe('181.62');
  });

  test('signal_type stands for side', () => {
    const { side, ...rest } = GOOD;
    expect(parseSignal({ ...rest, signal_type: side }).side).toBe('BUY');
  });

  test('durations and instants become milliseconds and UTC', () => {
    const signal = parseSignal({
      ...GOOD,
      max_holding: 'PT1H30M',
      expires_at: '2026-11-20T09:30:00-05:00',
    });
    expect(signal.max_holding).toBe(5_400_000);
    expect(signal.expires_at).toBe('2026-11-20T14:30:00.000Z');
  });
});

describe('[SIG-2] the same body is the same body', () => {
  test('however its fields are ordered and its decimals written', () => {
    const one = parseSignal({ ...GOOD, entry_price: '100', indicators: { a: 1, b: 2 } });
    const other = parseSignal({ indicators: { b: 2, a: 1 }, entry_price: 100.0, ...GOOD });
    const third = parseSignal({ ...GOOD, entry_price: '100.00', indicators: { a: 1, b: 2 } });
    expect(fingerprint(other)).toBe(fingerprint(one));
    expect(fingerprint(third)).toBe(fingerprint(one));
  });

  test('and another body names the fields that differ', () => {
    const one = parseSignal(GOOD);
    const other = parseSignal({ ...GOOD, side: 'SELL', quantity: '5' });
    expect(fingerprint(other)).not.toBe(fingerprint(one));
    expect(differingFields({ ...one }, { ...other })).toEqual(['quantity', 'side']);
  });
});
