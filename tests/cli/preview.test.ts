/** Previews on the command line: what can be said of them with nothing running, and how one is printed. */
import { describe, expect, test } from '@jest/globals';
import { parseSignal } from '../../contract/signal.js';
import type { PreviewView, ShownView } from '../../contract/views.js';
import { bodyOf, isField } from '../../cli/preview-fields.js';
import { previewText } from '../../cli/preview-text.js';
import { ballast } from './support.js';

describe('[CLI-1] [PRV-1] a signal as fields', () => {
  test('each is what it is in a file', () => {
    const fields = ['symbol=AAPL', 'side=BUY', 'quantity=10', 'close_at_session_end=true'];
    const body = bodyOf([...fields, 'trailing_stop.percent=0.02', 'entry_price=190.50']);
    expect(body).toEqual({
      ...{ strategy_id: 'manual', symbol: 'AAPL', side: 'BUY', quantity: '10' },
      ...{ close_at_session_end: true, trailing_stop: { percent: '0.02' }, entry_price: '190.50' },
    });
    expect(parseSignal({ id: 'a', ...body })).toMatchObject({ entry_price: '190.5' });
    expect(bodyOf(['strategy_id=momentum'])).toEqual({ strategy_id: 'momentum' });
  });

  test('numbers within a field are numbers as in a file, several in one field', () => {
    const numbers = ['indicators.rsi=31.5', 'indicators.rsi_14=-2e-3', 'indicators.ATR=4'];
    const body = bodyOf(['symbol=AAPL', 'side=BUY', ...numbers, 'context.note=12']);
    expect(body).toMatchObject({
      indicators: { rsi: 31.5, rsi_14: -0.002, ATR: 4 },
      context: { note: '12' },
    });
    expect(parseSignal({ id: 'a', ...body })).toMatchObject({ indicators: { rsi: 31.5 } });
    const word = bodyOf(['symbol=AAPL', 'side=BUY', 'indicators.rsi=high']);
    expect(() => parseSignal({ id: 'a', ...word })).toThrow('finite number');
  });

  test('a file is no field', () => {
    expect(['signal.json', '-', './a=b.json', 'SIDE=BUY'].map(isField)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  test.each([
    [['preview', 'nope=1'], 2, '"nope=1" is no field of a signal: id, strategy_id'],
    [['preview', 'side=BUY', 'side=SELL'], 2, 'side is given twice'],
    [['preview', 'indicators.a=1', 'indicators.a=2'], 2, 'indicators.a is given twice'],
    [['preview', 'indicators.a=1', 'indicators=2'], 2, 'indicators is given twice'],
    [['preview', 'indicators=1', 'indicators.a=2'], 2, 'indicators is given twice'],
    [['preview', 'side=BUY', 'signal.json'], 2, 'give one file, or fields alone'],
    [['preview', 'a.json', 'b.json'], 2, 'give one file, or fields alone'],
    [['preview'], 2, 'missing required argument'],
    [['execute'], 2, 'missing required argument'],
  ])('%j ends with %d', async (argv, code, told) => {
    const ran = await ballast(argv);
    expect(ran.code).toBe(code);
    expect(ran.err).toContain(told);
  });

  test('with nothing running it says how to start it', async () => {
    const ran = await ballast(['execute', '00000000-0000-0000-0000-000000000000', '--json'], {
      env: { BALLAST_STATE_DIR: '/nowhere' },
    });
    expect(ran.code).toBe(3);
    expect(JSON.parse(ran.out)).toMatchObject({ error: { code: 'UNREACHABLE' } });
  });
});

const SHOWS = {
  ...{ verdict: 'approved', needs_approval: true, contract: null, fx_rate: null, signal: {} },
  quote: { bid: '189.98', ask: '190.00', kind: 'live' },
  sizing: {
    ...{ inputs: {}, raw_quantity: '200', caps: { position: '104' }, bound_by: 'position' },
    ...{ approved: true, quantity: '104', refusal: null, risk_amount: '520.00' },
    ...{ risk_percent: '0.0052', position_value: '19760.00', reward_risk: '2' },
  },
  applied_defaults: [],
  checks: [
    { code: 'NO_STOP', outcome: 'passed', findings: [] },
    { code: 'MARKET_CLOSED', outcome: 'not_checked', findings: [] },
  ],
  plan: {} as ShownView['plan'],
  orders: [
    {
      ...{ role: 'STOP', side: 'SELL', order_type: 'STP', quantity: '104', limit_price: null },
      ...{ stop_price: '185', trail_amount: null, trail_fraction: null, time_in_force: 'GTC' },
      ...{ oca_group: 'oca', oca_type: 2, good_till: null },
    },
  ],
  what_if: {
    ...{ initial_margin_change: '4940', maintenance_margin_change: null, commission: '1' },
    ...{ equity_with_loan_after: null, commission_currency: 'USD', warning_text: 'thin market' },
  },
  what_if_problem: null,
} as const satisfies ShownView;

const VIEW: PreviewView = {
  ...{ preview_id: 'p1', state: 'approved', account_id: 'DU1', signal_id: 's', strategy_id: 'm' },
  ...{ symbol: 'AAPL', side: 'BUY', created_at: 'c', made_at: 'm', as_shown_until: 'A' },
  ...{ expires_at: 'E', replaces: null, trade_id: null },
  shows: SHOWS,
};

describe('[PRV-1] a preview for people', () => {
  test('all that decides it, and the next step', () => {
    expect(previewText(VIEW)).toBe(`preview p1  BUY AAPL  DU1  approved
  quote 189.98 to 190.00, live
  size 104 of 200 (position 104), bound by position, risks 520.00
  STOP SELL 104 STP @ 185 GTC
  margin 4940 initial, not told maintenance; commission 1 USD
  the broker warns: thin market
  checks: 1 passed, 0 failed, 1 not checked
  it waits for an approval once it is executed
  as shown until A, while about the same until E: ballast execute p1
`);
  });

  test('a denial with each reason, and no next step', () => {
    const findings = [{ measured: 'no stop and no default', limit: 'a stop' }];
    const none = { quote: null, sizing: null, plan: null, orders: [], what_if: null };
    const checks = [{ code: 'NO_STOP', outcome: 'failed', findings }] as const;
    const shows = {
      ...SHOWS,
      ...none,
      checks,
      what_if_problem: 'not asked',
      verdict: 'denied',
    } as const;
    expect(previewText({ ...VIEW, state: 'denied', shows })).toBe(`preview p1  BUY AAPL  DU1  denied
  no quote
  not sized
  margin and commission: not asked
  checks: 0 passed, 1 failed
  NO_STOP: no stop and no default; allowed: a stop
`);
    expect(previewText({ ...VIEW, state: 'unmade', shows: null })).toBe(
      'preview p1  BUY AAPL  DU1  unmade\n',
    );
  });
});
