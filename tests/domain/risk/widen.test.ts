/** Widening a stop: the loss at it, and every cap that it breaks, by name and number. */
import { describe, expect, test } from '@jest/globals';
import { DEFAULT_LIMITS } from '../../../domain/risk/limits.js';
import type { Switches } from '../../../domain/risk/modes.js';
import {
  brokenText,
  judgeWidening,
  type HeldAt,
  type RiskRoom,
} from '../../../domain/risk/widen.js';

const NOW_MS = 1_000_000;
const VALUES = {
  ...{ netLiquidation: '103000', settledCash: '0', availableFunds: '0', buyingPower: '0' },
  ...{ excessLiquidity: '0', atMs: NOW_MS },
};
const ACCOUNT = { baseCurrency: 'USD', values: VALUES, day: null };
const ACTIVE: Switches = {
  ...{ tradingEnabled: true, haltFile: false, installationMode: 'ACTIVE', accountMode: 'ACTIVE' },
  ...{
    strategyMode: 'ACTIVE',
    accountPaused: false,
    strategyPaused: false,
    dailyLossReached: false,
  },
};
const ROOM: RiskRoom = {
  switches: ACTIVE,
  ...{ account: ACCOUNT, currency: 'USD', fxRate: null, othersOpenRisk: '0' },
  limits: { ...DEFAULT_LIMITS, riskPct: '0.005' },
};
const HELD: HeldAt = {
  ...{ side: 'BUY', quantity: '40', averageEntry: '100.30', approvedRisk: '120' },
  ...{ stopPrice: '97.30', wantedPrice: '90' },
};
const judge = (room: Partial<RiskRoom> = {}, held: Partial<HeldAt> = {}) =>
  judgeWidening({ ...HELD, ...held }, { ...ROOM, ...room }, NOW_MS);

describe('[RSK-3] a wider stop says what is lost at it', () => {
  test.each<[string, Partial<HeldAt>, string, string]>([
    ['of a long', {}, 'risks 412.00 USD instead of 120.00, 0.4 % of net liquidation', '412'],
    [
      'of a short',
      { side: 'SELL', stopPrice: '103.30', wantedPrice: '110.60' },
      'risks 412.00 USD instead of 120.00, 0.4 % of net liquidation',
      '412',
    ],
    [
      'from one that sold at a gain',
      { stopPrice: '101' },
      'risks 412.00 USD instead of nothing, 0.4 % of net liquidation',
      '412',
    ],
    [
      'at a smaller gain',
      { stopPrice: '102.30', wantedPrice: '101.30' },
      'keeps a gain of 40.00 USD instead of 80.00',
      '0',
    ],
  ])('%s', (_name, held, says, openRisk) => {
    expect(judge({}, held)).toEqual({ says, broken: [], openRisk });
  });

  test('without values it still says the amount', () => {
    const { says } = judge({ account: { ...ACCOUNT, values: null } });
    expect(says).toBe('risks 412.00 USD instead of 120.00');
  });
});

describe('[RSK-5] nothing risks more while a switch lets nothing be opened', () => {
  test.each<[Partial<Switches>, string]>([
    [
      { installationMode: 'REDUCING' },
      'REDUCE_ONLY: REDUCING, ACTIVE, with no pause and no halt file',
    ],
    [{ accountMode: 'HALTED' }, 'TRADING_HALTED: HALTED'],
    [{ haltFile: true }, 'TRADING_HALTED: HALT_FILE'],
    [{ accountPaused: true }, 'ACCOUNT_PAUSED: ACCOUNT_PAUSE'],
    [{ strategyPaused: true }, 'STRATEGY_PAUSED: STRATEGY_PAUSE'],
  ])('%j', (change, why) => {
    const switches = { ...ACTIVE, ...change };
    expect(brokenText(judge({ switches }))).toContain(why);
    expect(judge({ switches }, { stopPrice: '102.30', wantedPrice: '101.30' }).broken).toEqual([]);
    const foreign = { currency: 'EUR', switches };
    expect(brokenText(judge(foreign))).toContain(why);
  });

  test('the loss of the day is told once, by its numbers', () => {
    expect(judge({ switches: { ...ACTIVE, dailyLossReached: true } }).broken).toEqual([]);
  });
});

describe('[RSK-3] [RSK-2] and the caps of its plan hold for it', () => {
  const day = { previousCloseEquity: '103000', netFlows: '0', latched: true };
  const old = { ...ACCOUNT, values: { ...VALUES, atMs: NOW_MS - 300_001 } };
  test.each<[string, Partial<RiskRoom>, RegExp]>([
    [
      'risk per trade',
      { limits: { ...ROOM.limits, riskPct: '0.003' } },
      /^RISK_PER_TRADE: 412.00 at risk, at most 309.00, the larger of \(0.003 of 103000\)/,
    ],
    ['open risk', { othersOpenRisk: '9900' }, /^OPEN_RISK_EXCEEDED: 10312.00 .* at most 10300/],
    ['the day', { account: { ...ACCOUNT, day } }, /^DAILY_LOSS_LIMIT: reached earlier today/],
    ['old values', { account: old }, /^DATA_UNAVAILABLE: 300001 ms old, .* at most 300000 ms/],
    ['no values', { account: { ...ACCOUNT, values: null } }, /^DATA_UNAVAILABLE: none/],
    ['no rate', { currency: 'EUR' }, /^CURRENCY_MISMATCH: no rate: .* names no EUR, EUR to USD at/],
    [
      'an old rate',
      { currency: 'EUR', fxRate: { rate: '1.25', atMs: NOW_MS - 300_001 } },
      /^CURRENCY_MISMATCH: rate 1.25, 300001 ms old, EUR to USD at most 300000 ms old/,
    ],
    [
      'open risk in another currency',
      { currency: 'EUR', fxRate: { rate: '1.25', atMs: NOW_MS }, othersOpenRisk: '9786' },
      /^OPEN_RISK_EXCEEDED: 10301.00 .* at most 10300/,
    ],
  ])('%s', (_name, room, text) => expect(brokenText(judge(room))).toMatch(text));

  test('[SIZ-8] another currency: said in the contract’s, kept from others in the account’s', () => {
    const room = { currency: 'EUR', fxRate: { rate: '1.25', atMs: NOW_MS - 300_000 } };
    const says = 'risks 412.00 EUR instead of 120.00, 0.5 % of net liquidation';
    expect(judge(room)).toEqual({ says, broken: [], openRisk: '515' });
    const tight = { ...room, limits: { ...ROOM.limits, riskPct: '0.001' } };
    // What was approved in euros may be risked again: 412 × 1.25.
    expect(judge(tight, { approvedRisk: '412' }).broken).toEqual([]);
    expect(brokenText(judge(tight, { approvedRisk: '411' }))).toMatch(/at most 513.75/);
    const gain = { stopPrice: '102', wantedPrice: '101' };
    expect(judge({ currency: 'EUR' }, gain)).toMatchObject({ broken: [], openRisk: '0' });
    const unsaid = judge({ currency: 'EUR' }).says;
    expect(unsaid).toBe('risks 412.00 EUR instead of 120.00');
  });

  test('at the cap it may be; what was approved may be risked again though the account has shrunk', () => {
    const limits = { ...ROOM.limits, riskPct: '0.004' };
    expect(judge({ limits }).broken).toEqual([]);
    const less = { limits: { ...ROOM.limits, riskPct: '0.001' } };
    expect(judge(less, { approvedRisk: '412' }).broken).toEqual([]);
    expect(judge(less, { approvedRisk: null }).broken).toMatchObject([{ code: 'RISK_PER_TRADE' }]);
  });

  test('all of them are named, and none stands against a stop that keeps a gain', () => {
    const room = { limits: { ...ROOM.limits, riskPct: '0' }, othersOpenRisk: '20000' };
    expect(brokenText(judge(room))).toMatch(/RISK_PER_TRADE: .*; OPEN_RISK_EXCEEDED: /);
    const gain = judge(room, { stopPrice: '102', wantedPrice: '101' });
    expect(gain.broken).toEqual([]);
  });
});
