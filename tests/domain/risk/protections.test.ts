/** What losses lock, in which part of a strategy, and until when: tables, and a test clock over odd days. */
import { describe, expect, test } from '@jest/globals';
import { decidePlan } from '../../../domain/risk/decide.js';
import {
  DEFAULT_PROTECTIONS,
  isProtection,
  locksAfter,
  nextReset,
  outcomesSince,
  type Lock,
  type Outcome,
  type ProtectionLimits,
} from '../../../domain/risk/protections.js';
import { withPart } from './fixture.js';

const at = (text: string) => Date.parse(text);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Tuesday, 12:00 in New York. */
const NOON = at('2026-11-24T17:00:00Z');

/** Results by text, one minute apart up to noon: `-5`, `-5 MSFT`, `-5 MSFT SELL`; named t1, t2 … */
function outcomesOf(results: readonly string[], endMs = NOON): Outcome[] {
  return results.map((result, index) => {
    const [realizedPnl = '', symbol = 'AAPL', side = 'BUY'] = result.split(' ');
    const closedAtMs = endMs - (results.length - 1 - index) * MINUTE_MS;
    const of = { symbol, side: side as Outcome['side'], currency: 'USD' };
    return { tradeId: `t${index + 1}`, ...of, closedAtMs, realizedPnl };
  });
}

const OFF: ProtectionLimits = { ...DEFAULT_PROTECTIONS, lossStreak: 0 };

/** The locks after the last of the results, or after another. */
function after(
  results: readonly string[],
  limits: Partial<ProtectionLimits>,
  {
    judged = `t${results.length}`,
    nowMs = NOON,
    equity = '10000',
  }: { judged?: string; nowMs?: number; equity?: string | null } = {},
): Lock[] {
  const all = { ...OFF, ...limits };
  return locksAfter(judged, { outcomes: outcomesOf(results), equity, limits: all, nowMs });
}

describe('[RSK-4] a loss streak', () => {
  const STREAK = { lossStreak: 3 };

  test.each<[string, readonly string[], readonly string[] | null]>([
    ['two losses', ['-1', '-1'], null],
    ['three losses', ['-1', '-2', '-3'], ['t1', 't2', 't3']],
    ['a win resets', ['-1', '-1', '1', '-1'], null],
    ['a win resets what was before it', ['-1', '-1', '1', '-1', '-1', '-1'], ['t4', 't5', 't6']],
    ['zero does not reset', ['-1', '0', '-1', '0', '-1'], ['t1', 't3', 't5']],
    ['zero does not count', ['-1', '0', '-1', '0'], null],
    ['a cent is a loss', ['-0.01', '-0.01', '-0.01'], ['t1', 't2', 't3']],
    ['symbols and sides are counted together', ['-1 A', '-1 B SELL', '-1 C'], ['t1', 't2', 't3']],
    ['one more', ['-1', '-1', '-1', '-1'], ['t1', 't2', 't3', 't4']],
    ['a win at its end', ['-1', '-1', '-1', '1'], null],
  ])('%s', (_title, results, evidence) => {
    const locks = after(results, STREAK);
    expect(locks.map((lock) => lock.evidence)).toEqual(evidence === null ? [] : [evidence]);
  });

  test('it is of the whole strategy, and names the trades with their results', () => {
    const [lock] = after(['-12.345', '0', '-5 MSFT SELL', '-7'], STREAK);
    expect(lock).toEqual({
      ...{ kind: 'loss_streak', symbol: null, side: null, evidence: ['t1', 't3', 't4'] },
      untilMs: at('2026-11-25T14:30:00Z'),
      reason:
        '3 losses in a row, 3 pause the strategy: BUY AAPL -12.34 USD (trade t1), ' +
        'SELL MSFT -5.00 USD (trade t3), BUY AAPL -7.00 USD (trade t4)',
    });
  });

  test('a result that was corrected counts in its own place', () => {
    expect(after(['-1', '-1', '-1'], STREAK, { judged: 't1' })).toHaveLength(1);
    expect(after(['-1', '-1', '0', '-1'], STREAK, { judged: 't3' })).toHaveLength(1);
    expect(after(['-1', '-1', '-1'], STREAK, { judged: 'unknown' })).toEqual([]);
  });

  test('what closed before the last 9:30 counts no more, what closed with it does', () => {
    const open = at('2026-11-24T14:30:00Z');
    const outcomes = outcomesOf(['-1', '-1', '-1'], open + 2 * MINUTE_MS);
    const judge = (nowMs: number, first: number) =>
      locksAfter('t3', {
        ...{ equity: null, limits: { ...OFF, ...STREAK }, nowMs },
        outcomes: outcomes.map((one, n) => (n === 0 ? { ...one, closedAtMs: first } : one)),
      });
    expect(judge(NOON, open)).toHaveLength(1);
    expect(judge(NOON, open - 1)).toEqual([]);
    expect(judge(open + DAY_MS, open)).toEqual([]);
  });
});

describe('[RSK-4] [SCH-1] a streak ends at 9:30 in New York of the next trading day', () => {
  test.each([
    ['in the session', '2026-11-24T17:00:00Z', '2026-11-25T14:30:00Z'],
    ['before the open of the same day', '2026-11-24T14:29:59.999Z', '2026-11-24T14:30:00Z'],
    ['with the open', '2026-11-24T14:30:00Z', '2026-11-25T14:30:00Z'],
    ['after the close', '2026-11-25T02:00:00Z', '2026-11-25T14:30:00Z'],
    ['over a Friday', '2026-11-20T20:00:00Z', '2026-11-23T14:30:00Z'],
    ['on a Sunday', '2026-11-22T20:00:00Z', '2026-11-23T14:30:00Z'],
    ['over a holiday, to a half day', '2026-11-25T18:00:00Z', '2026-11-27T14:30:00Z'],
    ['from a half day', '2026-11-27T17:30:00Z', '2026-11-30T14:30:00Z'],
    ['over Good Friday', '2026-04-02T19:00:00Z', '2026-04-06T13:30:00Z'],
    ['over Christmas', '2026-12-24T17:00:00Z', '2026-12-28T14:30:00Z'],
    ['clocks go forward', '2026-03-06T20:00:00Z', '2026-03-09T13:30:00Z'],
    ['clocks go back', '2026-10-30T19:00:00Z', '2026-11-02T14:30:00Z'],
  ])('%s', (_title, from, until) => {
    expect(new Date(nextReset(at(from))).toISOString()).toBe(new Date(until).toISOString());
  });
});

describe('[RSK-4] a cool-down after a loss', () => {
  test.each([
    ['symbol', 'MSFT', null],
    ['side', null, 'SELL'],
    ['strategy', null, null],
  ] as const)('of the %s', (coolDownScope, symbol, side) => {
    const limits = { coolDownMs: HOUR_MS, coolDownScope };
    const [lock, ...more] = after(['-1', '-1 MSFT SELL'], limits);
    expect(more).toEqual([]);
    const untilMs = NOON + HOUR_MS;
    expect(lock).toMatchObject({ kind: 'cool_down', symbol, side, untilMs, evidence: ['t2'] });
    expect(lock!.reason).toContain('SELL MSFT -1.00 USD (trade t2)');
  });

  test.each([
    [90 * MINUTE_MS, '90 min'],
    [2 * HOUR_MS, '2 h'],
    [1_500, '1500 ms'],
  ])('of %s ms is told as %s', (coolDownMs, told) => {
    expect(after(['-1'], { coolDownMs })[0]!.reason).toContain(`is opened for ${told}: `);
  });

  test('is off unless it is set, and follows from losses alone', () => {
    expect(after(['-1'], {})).toEqual([]);
    expect(after(['-1', '0'], { coolDownMs: HOUR_MS })).toEqual([]);
    expect(after(['-1', '1'], { coolDownMs: HOUR_MS })).toEqual([]);
  });

  test('one that has run out before it was judged locks nothing', () => {
    const limits = { coolDownMs: HOUR_MS };
    expect(after(['-1'], limits, { nowMs: NOON + HOUR_MS - 1 })).toHaveLength(1);
    expect(after(['-1'], limits, { nowMs: NOON + HOUR_MS })).toEqual([]);
  });
});

describe('[RSK-4] a drawdown', () => {
  const LIMITS = { drawdownPct: '0.01', drawdownLockMs: HOUR_MS } as const;

  test.each<[string, readonly string[], readonly string[] | null]>([
    ['less than the limit', ['-99.99'], null],
    ['the limit itself', ['-60', '-40'], ['t1', 't2']],
    ['is measured from the highest total', ['300', '-60', '-40'], ['t2', 't3']],
    ['of which a gain makes up for a part', ['-90', '50', '-50'], null],
    ['a gain in between', ['-90', '50', '-70'], ['t1', 't3']],
    ['a new highest total begins anew', ['-90', '90', '-50'], null],
    ['a gain that does not make up for it', ['-200', '1'], ['t1']],
  ])('%s', (_title, results, evidence) => {
    const found = after(results, LIMITS).map((lock) => lock.evidence);
    expect(found).toEqual(evidence === null ? [] : [evidence]);
  });

  test('says what was lost, and ends by itself', () => {
    const [lock] = after(['-60', '-40'], LIMITS);
    expect(lock).toMatchObject({ symbol: null, side: null, untilMs: NOON + HOUR_MS });
    expect(lock!.reason).toBe(
      '100.00 lost from the highest total of 7 d in 2 losing trades, less than 100 goes (0.01 of 10000)',
    );
    expect(after(['-100'], LIMITS)[0]!.reason).toContain('in one losing trade,');
  });

  test('counts within its look-back, and its scope', () => {
    const shortly = { ...LIMITS, drawdownLookbackMs: MINUTE_MS };
    expect(after(['-60', '-40'], shortly)).toHaveLength(1);
    expect(after(['-60', '0', '-40'], shortly)).toEqual([]);
    const bySymbol = { ...LIMITS, drawdownScope: 'symbol' } as const;
    expect(after(['-60 MSFT', '-40'], bySymbol)).toEqual([]);
    expect(after(['-60', '500 MSFT', '-40'], bySymbol)).toMatchObject([{ symbol: 'AAPL' }]);
    const bySide = { ...LIMITS, drawdownScope: 'side' } as const;
    expect(after(['-60 A SELL', '500 B', '-40 C SELL'], bySide)).toMatchObject([{ side: 'SELL' }]);
  });

  test('is off unless it is set, and needs the equity that it is a share of', () => {
    expect(after(['-5000'], {})).toEqual([]);
    expect(after(['-5000'], LIMITS, { equity: null })).toEqual([]);
  });
});

describe('[RSK-4] low profit', () => {
  const LIMITS = { lowProfitTrades: 2, lowProfitMin: '10', lowProfitLockMs: HOUR_MS };

  test.each<[string, readonly string[], readonly string[] | null]>([
    ['fewer trades than it takes', ['1'], null],
    ['too little', ['4', '5.99'], ['t1', 't2']],
    ['enough', ['4', '6'], null],
    ['older ones do not count', ['500', '4', '5'], ['t2', 't3']],
    ['nor other symbols', ['4', '500 MSFT', '5'], ['t1', 't3']],
  ])('%s', (_title, results, evidence) => {
    const found = after(results, LIMITS).map((lock) => lock.evidence);
    expect(found).toEqual(evidence === null ? [] : [evidence]);
  });

  test('locks the symbol for a while', () => {
    const [lock] = after(['4 MSFT', '5 MSFT'], LIMITS);
    expect(lock).toMatchObject({ kind: 'low_profit', symbol: 'MSFT', side: null });
    expect(lock!.untilMs).toBe(NOON + HOUR_MS);
    expect(lock!.reason).toBe('the last 2 trades of MSFT earned 9.00, at least 10 is wanted');
  });
});

test('[RSK-4] several protections lock beside one another', () => {
  const limits = { lossStreak: 1, coolDownMs: HOUR_MS, drawdownPct: '0.001', lowProfitTrades: 1 };
  const kinds = after(['-20'], limits).map(({ kind }) => kind);
  expect(kinds).toEqual(['loss_streak', 'cool_down', 'drawdown', 'low_profit']);
  expect(kinds.every(isProtection)).toBe(true);
  expect(isProtection('quarantine')).toBe(false);
});

test('[RSK-4] what is read reaches back as far as any protection looks', () => {
  const since = (limits: Partial<ProtectionLimits>) =>
    outcomesSince({ limits: { ...OFF, ...limits }, nowMs: NOON });
  expect(since({})).toBe(at('2026-11-24T14:30:00Z'));
  expect(since({ coolDownMs: 5 * HOUR_MS })).toBe(NOON - 5 * HOUR_MS);
  expect(since({ drawdownPct: '0.1' })).toBe(NOON - 7 * DAY_MS);
});

test('[RSK-4] a locked entry is denied with each cause, its numbers, and when it ends', () => {
  const untilMs = at('2026-11-25T14:30:00Z');
  const locks = [
    { cause: '3 losses in a row', untilMs },
    { cause: 'after a loss', untilMs: untilMs + HOUR_MS },
  ];
  const { findings } = decidePlan(withPart('strategy', { pausedBy: 'by hand', locks }));
  expect(findings).toEqual([
    { code: 'STRATEGY_PAUSED', measured: 'by hand', limit: 'no pause in force' },
    ...locks.map(({ cause: measured, untilMs: endMs }) => ({
      ...{ code: 'STRATEGY_PAUSED', measured },
      limit: `no pause in force; this one ends at ${new Date(endMs).toISOString()}`,
    })),
  ]);
});
