/** The sector limit: what counts, in which direction, and in which words it is denied. */
import { describe, expect, test } from '@jest/globals';
import type { OpenReservation, PlanContext } from '../../../domain/risk/context.js';
import { decidePlan } from '../../../domain/risk/decide.js';
import { NOON_MS, SOUND, withPart, withSignal } from './fixture.js';

const trade = (tradeId: string, change: Partial<OpenReservation> = {}): OpenReservation => ({
  ...{ tradeId, strategyId: 'other', symbol: 'MSFT', side: 'BUY', phase: 'EXPOSURE' },
  ...{ cash: '0', exposure: '15000', openRisk: '50', sector: 'Technology', ...change },
});
const beside = (trades: readonly OpenReservation[], base: PlanContext = SOUND) =>
  withPart('book', { reservations: trades, correlations: trades.map(apart) }, base);
const apart = ({ tradeId }: OpenReservation) => ({ tradeId, rho: '0', returns: 60 });
const findingsOf = (context: PlanContext) =>
  decidePlan(context).findings.map(({ code, measured, limit }) => `${code}: ${measured}, ${limit}`);
const told = (name: string) => withPart('contract', { sector: { name, atMs: NOON_MS } });

describe('[RSK-1] the exposure to one sector', () => {
  test('is denied with the sum, the trades it is made of, and the limit', () => {
    const trades = [trade('a', { exposure: '9000' }), trade('b', { symbol: 'ORCL' })];
    expect(findingsOf(beside(trades))).toStrictEqual([
      'SECTOR_EXPOSURE: 43858.80 in Technology with ORCL 15000.00, MSFT 9000.00, at most 40000 (0.40 of 100000)',
    ]);
  });

  test('counts shorts as much as longs: shares of one industry gap together either way', () => {
    const trades = [trade('a', { side: 'SELL' }), trade('b', { symbol: 'ORCL', side: 'SELL' })];
    expect(findingsOf(beside(trades))[0]).toMatch(/^SECTOR_EXPOSURE: 49858.80/);
  });

  test('leaves out the trade itself, planned again', () => {
    expect(findingsOf(beside([trade('trade-1', { exposure: '40000' })]))).toStrictEqual([]);
  });

  test('contracts without an industry are one sector together, and no other', () => {
    const nameless = [trade('a', { sector: '', exposure: '30000' })];
    expect(findingsOf(beside(nameless))).toStrictEqual([]);
    expect(findingsOf(beside(nameless, told('')))[0]).toMatch(
      /^SECTOR_EXPOSURE: 49858.80 in contracts without an industry with MSFT 30000.00, /,
    );
  });

  test('a trade of before sectors were kept counts in each, and says so', () => {
    const { sector: _sector, ...before } = trade('a', { exposure: '30000' });
    expect(findingsOf(beside([before]))[0]).toMatch(/MSFT 30000.00 \(sector not known\)/);
  });

  test('names the five largest', () => {
    const trades = ['1', '2', '3', '4', '5', '6', '7'].map((n) =>
      trade(n, { symbol: `S${n}`, exposure: `${n}000` }),
    );
    expect(findingsOf(beside(trades))[0]).toMatch(
      /with S7 7000.00, S6 6000.00, S5 5000.00, S4 4000.00, S3 3000.00 and 2 more,/,
    );
  });

  test('an explicit quantity is measured as it is wanted, denied by another cap or not', () => {
    const wanted = withSignal({ quantity: '300', stopLoss: '189' });
    const codes = decidePlan(wanted).findings.map(({ code }) => code);
    expect(codes).toStrictEqual([
      'POSITION_TOO_LARGE',
      'STRATEGY_ALLOCATION_EXCEEDED',
      'SECTOR_EXPOSURE',
      'CORRELATED_EXPOSURE',
    ]);
    expect(findingsOf(wanted)[2]).toMatch(/^SECTOR_EXPOSURE: 57285.00 in Technology, at most/);
  });

  test('in the account’s currency, at the plan’s rate', () => {
    const instrument = { ...SOUND.signal.instrument, currency: 'EUR' };
    const euro = withPart('contract', { instrument });
    const fxRate = { rate: '1.25', atMs: NOON_MS };
    const context = { ...beside([trade('a', { exposure: '21000' })], euro), fxRate };
    expect(findingsOf(context)[0]).toMatch(/^SECTOR_EXPOSURE: 40811.06/);
  });

  test('is not judged without account values: another check says so', () => {
    const none = withPart('account', { values: null }, beside([trade('a', { exposure: '90000' })]));
    expect(decidePlan(none).findings.map(({ code }) => code)).toStrictEqual(['DATA_UNAVAILABLE']);
  });
});
