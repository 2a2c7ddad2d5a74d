/** When an account's newest values show that the loss of its day has reached the limit (RSK-8). */
import { describe, expect, test } from '@jest/globals';
import type { AccountState, AccountValues, DayResult } from '../../../domain/risk/context.js';
import { isAccountLost } from '../../../domain/risk/check-book.js';
import { isLossReached } from '../../../domain/risk/day-loss.js';
import { DEFAULT_LIMITS } from '../../../domain/risk/limits.js';

const OPEN = Date.parse('2026-11-24T14:30:00Z');
const MINUTE_MS = 60_000;

const values = (equity: string, atMs: number): AccountValues => ({
  ...{ netLiquidation: equity, settledCash: equity, availableFunds: equity, buyingPower: equity },
  ...{ excessLiquidity: equity, atMs },
});
const day = (change: Partial<DayResult> = {}): DayResult => ({
  ...{ previousCloseEquity: '100000', sinceMs: null, netFlows: '0', latched: false },
  ...change,
});
const reached = (equity: string, change: Partial<DayResult> = {}) =>
  isLossReached({
    ...{ day: day(change), hasBegun: true, share: '0.03' },
    values: values(equity, OPEN + 1_000),
  });

test.each([
  ['0.01', '98500', true],
  ['0.02', '98500', false],
  [undefined, '98500', false],
  [undefined, '96000', true],
])(
  '[RSK-8] the day of an account whose own limit is %s ends at %s: %s',
  (dailyLossPct, equity, isLost) => {
    const account: AccountState = {
      ...({ brokerAccountId: 'DU1', baseCurrency: 'USD', kind: 'margin', mode: 'ACTIVE' } as const),
      ...{ pausedBy: null, values: values(equity, OPEN), day: day() },
      ...(dailyLossPct !== undefined && { dailyLossPct }),
    };
    // A strategy's own limit may be stricter: it is laid over these.
    const limits = { ...DEFAULT_LIMITS, dailyLossPct: '0.03' };
    expect(isAccountLost({ account, limits })).toBe(isLost);
  },
);

describe('[RSK-8] the loss is reached', () => {
  test.each([
    ['97000.01', {}, false],
    ['97000', {}, true],
    ['107000', { netFlows: '10000' }, true],
    ['87000.01', { netFlows: '-10000' }, false],
    ['50000', { latched: true }, false],
  ])('%s with %j: %s', (equity, change, expected) => {
    expect(reached(equity, change)).toBe(expected);
  });

  test('not without a day to measure from', () => {
    const watch = { day: null, hasBegun: false, share: '0.03', values: values('1', OPEN) };
    expect(isLossReached(watch)).toBe(false);
  });

  test('the reset of a day has ten minutes to say what it is measured from', () => {
    const at = (minutes: number, hasBegun: boolean) =>
      isLossReached({
        ...{ day: day(), hasBegun, share: '0.03' },
        values: values('90000', OPEN + minutes * MINUTE_MS),
      });
    expect(at(9.9, false)).toBe(false);
    expect(at(9.9, true)).toBe(true);
    expect(at(10, false)).toBe(true);
    // Before the open it is still the day before, which nobody begins any more.
    expect(at(-60, false)).toBe(true);
  });
});
