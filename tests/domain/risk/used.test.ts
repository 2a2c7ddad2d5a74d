/** What is taken of the limits, beside the checks that deny by them. */
import { describe, expect, test } from '@jest/globals';
import { resolveLimits } from '../../../domain/risk/limits.js';
import {
  USED_LIMITS,
  usedOf,
  type AccountUse,
  type NamedReservation,
} from '../../../domain/risk/used.js';

const trade = (change: Partial<NamedReservation> = {}): NamedReservation => ({
  ...{ tradeId: 't', strategyId: 's', strategyName: 'momentum', symbol: 'AAA', side: 'BUY' },
  ...{ phase: 'EXPOSURE', cash: '0', exposure: '1000', openRisk: '50', sector: 'Tech' },
  ...change,
});

const LIMITS = resolveLimits({});
const use = (change: Partial<AccountUse> = {}): AccountUse => ({
  ...{ equity: '10000', reservations: [], tradesToday: 3, ordersLastMinute: 4, day: null },
  ...{ limits: LIMITS, limitsOf: () => LIMITS, ...change },
});

const of = (limit: string, given: AccountUse) =>
  usedOf(given)
    .filter((one) => one.limit === limit)
    .map(({ of: name, used, allowed }) => [name, used, allowed]);

describe('[RSK-1] what is taken of the limits', () => {
  test('each position, each strategy, and the risk of all together, as shares of equity', () => {
    const reservations = [
      trade(),
      trade({ symbol: 'BBB', exposure: '500.5', openRisk: '25' }),
      trade({ symbol: 'AAA', strategyName: 'carry', exposure: '10' }),
    ];
    const given = use({ reservations });
    expect(of('MAX_POSITION_PCT', given)).toEqual([
      ['AAA (momentum)', '1000', '2000'],
      ['BBB (momentum)', '500.5', '2000'],
      ['AAA (carry)', '10', '2000'],
    ]);
    expect(of('MAX_STRATEGY_PCT', given)).toEqual([
      ['carry', '10', '5000'],
      ['momentum', '1500.5', '5000'],
    ]);
    expect(of('MAX_OPEN_RISK_PCT', given)).toEqual([[null, '125', '1000']]);
  });

  test('a strategy’s own limits count for it', () => {
    const own = resolveLimits({ maxPositionPct: '0.05', maxStrategyPct: '0.1' });
    const limitsOf = (name: string) => (name === 'carry' ? own : LIMITS);
    const given = use({ reservations: [trade({ strategyName: 'carry' })], limitsOf });
    expect(of('MAX_POSITION_PCT', given)).toEqual([['AAA (carry)', '1000', '500']]);
    expect(of('MAX_STRATEGY_PCT', given)).toEqual([['carry', '1000', '1000']]);
  });

  test('a trade whose sector nobody knows counts in each, and alone as not known', () => {
    const unknown = trade({ sector: null, exposure: '1' });
    const { sector: _, ...older } = trade({ exposure: '2' });
    const reservations = [trade(), trade({ sector: '', exposure: '7' }), unknown, older];
    expect(of('MAX_SECTOR_EXPOSURE_PCT', use({ reservations }))).toEqual([
      ['contracts without an industry', '10', '4000'],
      ['Tech', '1003', '4000'],
    ]);
    const alone = use({ reservations: [unknown, older] });
    expect(of('MAX_SECTOR_EXPOSURE_PCT', alone)).toEqual([['not known', '3', '4000']]);
  });

  test('counts stand beside theirs; without a limit, or values, nothing is allowed for', () => {
    const given = use({ reservations: [trade()] });
    expect(of('MAX_OPEN_POSITIONS', given)).toEqual([[null, '1', '10']]);
    expect(of('MAX_TRADES_PER_DAY', given)).toEqual([[null, '3', '50']]);
    expect(of('MAX_ORDERS_PER_MINUTE', given)).toEqual([[null, '4', '120']]);
    const none = resolveLimits({ maxTradesPerDay: null, maxSectorExposurePct: null });
    const free = use({ reservations: [trade()], limits: none });
    expect(of('MAX_TRADES_PER_DAY', free)).toEqual([[null, '3', null]]);
    expect(of('MAX_SECTOR_EXPOSURE_PCT', free)).toEqual([['Tech', '1000', null]]);
    const blind = use({ reservations: [trade()], equity: null });
    expect(of('MAX_OPEN_RISK_PCT', blind)).toEqual([[null, '50', null]]);
  });

  test('[RSK-8] of the day what was lost, deposits apart; a gain takes nothing', () => {
    const day = { previousCloseEquity: '10000', netFlows: '500', latched: false };
    expect(of('DAILY_LOSS_LIMIT', use({ equity: '10300', day }))).toEqual([[null, '200', '300']]);
    expect(of('DAILY_LOSS_LIMIT', use({ equity: '10600', day }))).toEqual([[null, '0', '300']]);
    expect(of('DAILY_LOSS_LIMIT', use({ equity: null, day }))).toEqual([]);
    expect(of('DAILY_LOSS_LIMIT', use())).toEqual([]);
  });

  test('each limit of the list is told of', () => {
    const day = { previousCloseEquity: '10000', netFlows: '0', latched: false };
    const told = usedOf(use({ reservations: [trade()], day })).map(({ limit }) => limit);
    expect([...new Set(told)]).toEqual([...USED_LIMITS]);
  });
});
