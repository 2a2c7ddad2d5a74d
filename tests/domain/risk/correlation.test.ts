/** Correlation of daily returns, and the limit on what moves together. */
import { boundsCorrelation } from '../../../domain/risk/limits.js';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { correlationsMatter } from '../../../domain/risk/check-correlation.js';
import type { OpenReservation, PlanContext } from '../../../domain/risk/context.js';
import { correlationOf, type CloseOfDay } from '../../../domain/risk/correlation.js';
import { decidePlan } from '../../../domain/risk/decide.js';
import type { Side } from '../../../domain/vocabulary.js';
import { SOUND, withPart } from './fixture.js';

const dayOf = (index: number) => new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10);
/** Closes that follow from returns, from 100 on. */
function series(returns: readonly number[], first = 0): CloseOfDay[] {
  let price = 100;
  const closes = [{ day: dayOf(first), close: '100' }];
  returns.forEach((change, index) => {
    price *= 1 + change;
    closes.push({ day: dayOf(first + index + 1), close: price.toFixed(12) });
  });
  return closes;
}
/** As many returns of some size, up and down by no rule that the other has. */
const wave = (length: number, of: number) =>
  Array.from({ length }, (_, index) => Math.sin(index * of) / 100);

describe('[RSK-1] the correlation of two contracts', () => {
  const returns = wave(60, 1.7);

  test('is one with itself, minus one with its mirror, whatever the size of the moves', () => {
    const doubled = returns.map((value) => value * 2);
    const mirrored = returns.map((value) => -value);
    const own = series(returns);
    expect(correlationOf(own, series(doubled))).toEqual({ rho: '1.0000', returns: 60 });
    expect(correlationOf(own, series(mirrored))).toEqual({ rho: '-1.0000', returns: 60 });
  });

  test('of a small case is what is reckoned by hand', () => {
    // Pairs (1,2) (2,1) (3,4) (4,3) of percents have a correlation of 0.6, however often they are repeated.
    const repeat = (values: readonly number[]) =>
      Array.from({ length: 60 }, (_, index) => values[index % 4]! / 100);
    const rho = correlationOf(series(repeat([1, 2, 3, 4])), series(repeat([2, 1, 4, 3])));
    expect(rho).toEqual({ rho: '0.6000', returns: 60 });
  });

  test('looks at the newest sixty returns alone', () => {
    const before = wave(30, 0.3);
    const one = series([...before, ...returns]);
    const other = series([...before.map((value) => -value), ...returns]);
    expect(correlationOf(one, other)).toEqual({ rho: '1.0000', returns: 60 });
  });

  test('takes the days that both have: a missing one is a return over two days in both', () => {
    const own = series(returns);
    const gap = own.filter((_, index) => index !== 30);
    expect(correlationOf(own, gap)).toEqual({ rho: '1.0000', returns: 59 });
    expect(correlationOf(gap, own)).toEqual({ rho: '1.0000', returns: 59 });
  });

  test('is not known with fewer than forty returns, of other days, or of a price that stood still', () => {
    expect(correlationOf(series(wave(40, 1)), series(wave(40, 1))).rho).toBe('1.0000');
    const few = series(wave(39, 1));
    expect(correlationOf(few, few)).toEqual({ rho: null, returns: 39 });
    expect(correlationOf(series(returns), series(returns, 100))).toEqual({ rho: null, returns: 0 });
    expect(correlationOf([], series(returns))).toEqual({ rho: null, returns: 0 });
    const still = series(returns.map(() => 0));
    expect(correlationOf(series(returns), still)).toEqual({ rho: null, returns: 60 });
  });

  test('[RSK-7] is between minus one and one, and the same either way, whatever the prices', () => {
    const closes = fc
      .array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 2, maxLength: 80 })
      .map((cents) => cents.map((cent, index) => ({ day: dayOf(index), close: `${cent}` })));
    fc.assert(
      fc.property(closes, closes, (one, other) => {
        const { rho, returns: count } = correlationOf(one, other);
        expect(correlationOf(other, one)).toEqual({ rho, returns: count });
        expect(count).toBeLessThanOrEqual(60);
        if (rho !== null) expect(Math.abs(Number(rho))).toBeLessThanOrEqual(1);
      }),
      { seed: 7 },
    );
  });
});

const trade = (tradeId: string, change: Partial<OpenReservation> = {}): OpenReservation => ({
  ...{ tradeId, strategyId: 'other', symbol: 'BAC', side: 'BUY', phase: 'EXPOSURE' },
  ...{ cash: '0', exposure: '30000', openRisk: '50', sector: 'Financial', ...change },
});
type Pair = readonly [trade: OpenReservation, rho: string | null | undefined];

/** The sound long of 19,858.80 beside these trades; one without a correlation has no prices. */
function beside(...pairs: readonly Pair[]): PlanContext {
  const correlations = pairs.flatMap(([{ tradeId }, rho]) =>
    rho === undefined ? [] : [{ tradeId, rho, returns: rho === null ? 12 : 60 }],
  );
  return withPart('book', { reservations: pairs.map(([each]) => each), correlations });
}
const findingsOf = (context: PlanContext) =>
  decidePlan(context).findings.map(({ code, measured, limit }) => `${code}: ${measured}, ${limit}`);

describe('[RSK-1] the exposure to what moves together', () => {
  test.each<[string, Side, string, boolean]>([
    ['a long that moves with it', 'BUY', '0.9', true],
    ['a short that moves with it', 'SELL', '0.9', false],
    ['a long that moves against it', 'BUY', '-0.9', false],
    ['a short that moves against it', 'SELL', '-0.9', true],
  ])('%s', (_name, side, rho, denied) => {
    const codes = decidePlan(beside([trade('a', { side }), rho])).findings.map(({ code }) => code);
    expect(codes).toStrictEqual(denied ? ['CORRELATED_EXPOSURE'] : []);
  });

  test('is denied with the sum, each trade in it with its correlation, and the limit', () => {
    const hedge = trade('b', { symbol: 'WFC', exposure: '5000', side: 'SELL' });
    const apart = trade('c', { symbol: 'KO', exposure: '9000' });
    expect(
      findingsOf(beside([trade('a'), '0.9312'], [hedge, '0.8500'], [apart, '0.1000'])),
    ).toEqual([
      'CORRELATED_EXPOSURE: 44858.80 with BAC 30000.00 (ρ 0.9312 of 60 returns), ' +
        'WFC -5000.00 (ρ 0.8500 of 60 returns), at most 40000 (0.40 of 100000)',
    ]);
  });

  test.each<[string, Partial<OpenReservation>, boolean]>([
    ['rests unfilled', { phase: 'CASH', cash: '30000', heldShare: '0' }, true],
    ['filled for a tenth, the rest of it ended', { heldShare: '0.1' }, true],
    ['filled whole', { heldShare: '1' }, false],
    ['may not be filled, as far as an earlier context tells', { phase: 'CASH' }, true],
  ])('a short that %s takes off no more than it holds', (_name, change, denied) => {
    const hedge = trade('b', { symbol: 'WFC', side: 'SELL', ...change });
    const codes = decidePlan(beside([trade('a'), '0.9'], [hedge, '0.9'])).findings.map(
      ({ code }) => code,
    );
    expect(codes).toStrictEqual(denied ? ['CORRELATED_EXPOSURE'] : []);
  });

  test('what nobody knows counts as if it moved with it, short or long, and says so', () => {
    const unknown = trade('a', { side: 'SELL', exposure: '11000' });
    const young = trade('b', { symbol: 'NEW', exposure: '10000' });
    expect(findingsOf(beside([unknown, undefined], [young, null]))[0]).toMatch(
      /^CORRELATED_EXPOSURE: 40858.80 with BAC 11000.00 \(no prices to compare\), NEW 10000.00 \(not known from 12 returns\)/,
    );
  });

  test('the same contract moves with itself, whatever prices are known', () => {
    const same = trade('a', { symbol: 'AAPL', exposure: '30000' });
    expect(findingsOf(beside([same, undefined]))[0]).toMatch(/AAPL 30000.00 \(the same contract\)/);
  });

  test('a candidate too large by itself is denied by itself', () => {
    const limits = { maxCorrelatedExposurePct: '0.10' };
    expect(findingsOf(withPart('limits', limits))).toEqual([
      'CORRELATED_EXPOSURE: 19858.80, at most 10000 (0.10 of 100000)',
    ]);
  });

  test('is not judged without account values: another check says so', () => {
    const none = withPart('account', { values: null }, beside([trade('a'), '0.9']));
    expect(decidePlan(none).findings.map(({ code }) => code)).toEqual(['DATA_UNAVAILABLE']);
  });
});

describe('[PRF-4] correlations are looked at only where the limit could be met', () => {
  const of = (exposure: string) => beside([trade('a', { exposure }), '0.9']);
  test.each<[string, PlanContext, boolean]>([
    ['no other trade', SOUND, false],
    ['others that leave room for a whole position', of('20000'), false],
    ['others that leave less', of('20000.01'), true],
    ['no limit', withPart('limits', { maxCorrelatedExposurePct: null }, of('90000')), false],
    ['no values', withPart('account', { values: null }, of('90000')), false],
  ])('%s', (_name, context, matters) => expect(correlationsMatter(context)).toBe(matters));
});

test('[RSK-1] the settings bound what moves together, unless they say otherwise', () => {
  const bounds = (maxCorrelatedExposurePct?: string | null) =>
    boundsCorrelation(maxCorrelatedExposurePct === undefined ? {} : { maxCorrelatedExposurePct });
  expect([bounds(), bounds('0.4'), bounds('100'), bounds(null)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
