/** Each code: what brings it about, alone, and the edge at which it doesn't. */
import { describe, expect, test } from '@jest/globals';
import type { PlanContext } from '../../../domain/risk/context.js';
import { decidePlan } from '../../../domain/risk/decide.js';
import { findingCodes } from '../../../domain/risk/finding.js';
import { REASONS, type ReasonCode } from '../../../domain/reasons.js';
import { contract, limits, OVERTAKEN, position, quote } from './changes.js';
import { reserved, together, values } from './changes.js';
import { hoursOf, NOON_MS, SIGNAL, SOUND, withPart, withSignal } from './fixture.js';

const codesOf = (context: PlanContext): ReasonCode[] => findingCodes(decidePlan(context).findings);

const SHORT: PlanContext = limits(
  { allowShort: true },
  withSignal({ side: 'SELL', stopLoss: '195', takeProfit: '180' }),
);
const LIVE = withPart(
  'account',
  { brokerAccountId: 'U7654321' },
  withPart('broker', { reportedAccounts: ['U7654321'] }),
);
const AT_LIVE_PORT = withPart('broker', { port: 4001 });
const AUTHORIZED = { authorizedAccounts: ['U7654321'] };
const LIMIT = withSignal({ orderType: 'LMT', entryPrice: '190' });

/** Each line: the codes that must be found, all of them and no others. */
const CASES: readonly (readonly [string, PlanContext, readonly ReasonCode[]])[] = [
  ['all in order', SOUND, []],
  ['a limit entry', LIMIT, []],
  ['a short', SHORT, []],
  // switches
  ['trading off', withPart('installation', { tradingEnabled: false }), ['TRADING_DISABLED']],
  ['halted', withPart('installation', { mode: 'HALTED' }), ['TRADING_HALTED']],
  ['halt file', withPart('installation', { haltFile: true }), ['TRADING_HALTED']],
  ['account halted', withPart('account', { mode: 'HALTED' }), ['TRADING_HALTED']],
  ['strategy reducing', withPart('strategy', { mode: 'REDUCING' }), ['REDUCE_ONLY']],
  ['account paused', withPart('account', { pausedBy: 'by hand' }), ['ACCOUNT_PAUSED']],
  ['strategy paused', withPart('strategy', { pausedBy: '3 losses' }), ['STRATEGY_PAUSED']],
  [
    'quarantined',
    withPart('book', { quarantinedBy: 'unexplained 5 shares' }),
    ['SYMBOL_QUARANTINED'],
  ],
  [
    'settings that say nothing',
    { ...SOUND, settingsProblems: ['settings of strategy s: there is no limit x (1)'] },
    ['SETTINGS_INVALID'],
  ],
  ['read-only', withPart('installation', { readOnly: true }), ['READ_ONLY']],
  // RSK-6
  [
    'account not reported',
    withPart('broker', { reportedAccounts: ['DU9'] }),
    ['ACCOUNT_NOT_AUTHORIZED'],
  ],
  [
    'an account named that its trade is not on',
    withPart('account', { tradesOn: 'DU7654321' }),
    ['ACCOUNT_NOT_AUTHORIZED'],
  ],
  ['no account reported', withPart('broker', { reportedAccounts: [] }), ['ACCOUNT_NOT_AUTHORIZED']],
  ['live account', LIVE, ['ACCOUNT_NOT_AUTHORIZED', 'LIVE_NOT_ALLOWED']],
  ['live account, listed', withPart('installation', AUTHORIZED, LIVE), ['LIVE_NOT_ALLOWED']],
  [
    'live account, allowed',
    withPart('installation', { allowLive: true }, LIVE),
    ['ACCOUNT_NOT_AUTHORIZED'],
  ],
  [
    'live account, listed among others',
    withPart('installation', { allowLive: true, authorizedAccounts: ['U1'] }, LIVE),
    ['ACCOUNT_NOT_AUTHORIZED'],
  ],
  [
    'live account, listed and allowed',
    withPart('installation', { allowLive: true, ...AUTHORIZED }, LIVE),
    [],
  ],
  ['live port', AT_LIVE_PORT, ['ACCOUNT_NOT_AUTHORIZED', 'LIVE_NOT_ALLOWED']],
  [
    'a live account beside a paper one',
    withPart('broker', { reportedAccounts: ['DU1234567', 'U1'] }),
    ['ACCOUNT_NOT_AUTHORIZED', 'LIVE_NOT_ALLOWED'],
  ],
  // the system
  [
    'broker away',
    withPart('broker', { ready: false, reason: 'socket down' }),
    ['BROKER_UNAVAILABLE'],
  ],
  ['clock 5 s off', withPart('broker', { clockSkewMs: -5_000 }), []],
  ['clock further off', withPart('broker', { clockSkewMs: -5_001 }), ['CLOCK_SKEW']],
  ['clock unmeasured', withPart('broker', { clockSkewMs: null }), []],
  ['117 orders in a minute before its three', withPart('book', { ordersLastMinute: 117 }), []],
  ['118 before its three', withPart('book', { ordersLastMinute: 118 }), ['ORDER_RATE']],
  [
    '118 before the two of one without a target',
    withPart('book', { ordersLastMinute: 118 }, withSignal({ takeProfit: null })),
    [],
  ],
  // the contract and its market
  [
    'unknown symbol',
    { ...SOUND, contract: { kind: 'unknown_symbol', reason: '200' } },
    ['UNKNOWN_SYMBOL'],
  ],
  [
    'contract not fetched',
    { ...SOUND, contract: { kind: 'unavailable', reason: 'x' } },
    ['DATA_UNAVAILABLE'],
  ],
  [
    'before the open',
    { ...SOUND, nowMs: NOON_MS - 3 * 3_600_000, quote: null },
    ['MARKET_CLOSED', 'NO_QUOTE'],
  ],
  ['no hours', contract({ hours: null, hoursProblem: 'unread' }), ['DATA_UNAVAILABLE']],
  [
    'hours of other days',
    contract({ hours: hoursOf({ '01': ['09:30', '16:00'] }) }),
    ['DATA_UNAVAILABLE'],
  ],
  ['a holiday', contract({ hours: hoursOf({ '06': null }) }), ['MARKET_CLOSED']],
  ['flat by the end, time left', withSignal({ closeAtSessionEnd: true }), []],
  [
    'flat by the end, no time left',
    contract(
      { hours: hoursOf({ '06': ['09:30', '12:05'] }) },
      withSignal({ closeAtSessionEnd: true }),
    ),
    ['MARKET_CLOSED'],
  ],
  ['halted symbol', quote({ halted: true }), ['SYMBOL_HALTED']],
  ['no quote', { ...SOUND, quote: null }, ['NO_QUOTE']],
  ['one-sided', quote({ bid: null }), ['NO_QUOTE']],
  ['other side missing', quote({ ask: null }), ['NO_QUOTE']],
  ['crossed', quote({ bid: '190.01' }), ['NO_QUOTE']],
  ['locked', quote({ bid: '190.00' }), []],
  ['bid of zero', quote({ bid: '0' }), ['NO_QUOTE']],
  ['delayed', quote({ kind: 'delayed' }), ['QUOTE_DELAYED']],
  ['frozen', quote({ kind: 'frozen' }), ['QUOTE_DELAYED']],
  ['5 s old', quote({ atMs: NOON_MS - 5_000 }), []],
  ['older', quote({ atMs: NOON_MS - 5_001 }), ['QUOTE_STALE']],
  ['from the future', quote({ atMs: NOON_MS + 5_001 }), ['QUOTE_STALE']],
  ['spread of 1 %', quote({ bid: '199', ask: '201' }, withSignal({ takeProfit: '230' })), []],
  [
    'wider',
    quote({ bid: '198.9', ask: '201' }, withSignal({ takeProfit: '230' })),
    ['SPREAD_TOO_WIDE'],
  ],
  ['reference 1 % off', withSignal({ entryPrice: '191.9' }), []],
  ['reference further off', withSignal({ entryPrice: '192' }), ['PRICE_DEVIATION']],
  ['reference further off, below', withSignal({ entryPrice: '188' }), ['PRICE_DEVIATION']],
  ['limit that waits', withSignal({ orderType: 'LMT', entryPrice: '186' }), []],
  [
    'limit through the market',
    withSignal({ orderType: 'LMT', entryPrice: '195', takeProfit: '220' }),
    ['PRICE_DEVIATION'],
  ],
  [
    'short limit through the market',
    withSignal({ orderType: 'LMT', entryPrice: '186' }, SHORT),
    ['REWARD_RISK_TOO_LOW', 'PRICE_DEVIATION'],
  ],
  // the signal
  ['no stop', withSignal({ stopLoss: null }), ['NO_STOP']],
  ['limit without a price', withSignal({ orderType: 'LMT' }), ['DATA_UNAVAILABLE']],
  ['default stop', limits({ stopLossPct: '0.02' }, withSignal({ stopLoss: null })), []],
  ['trailing stop alone', withSignal({ stopLoss: null, trailingStop: { amount: '5' } }), []],
  ['60 s old at receipt', withSignal({ generatedAtMs: SOUND.receivedAtMs - 60_000 }), []],
  [
    'older at receipt',
    withSignal({ generatedAtMs: SOUND.receivedAtMs - 60_001 }),
    ['SIGNAL_STALE'],
  ],
  ['older, as a limit', withSignal({ generatedAtMs: 0 }, LIMIT), []],
  ['5 s ahead of its receipt', withSignal({ generatedAtMs: SOUND.receivedAtMs + 5_000 }), []],
  [
    'further ahead of its receipt',
    withSignal({ generatedAtMs: SOUND.receivedAtMs + 5_001 }),
    ['SIGNAL_STALE'],
  ],
  ['age unknown', withSignal({ generatedAtMs: null }), []],
  ['overtaken', OVERTAKEN, ['SIGNAL_OVERTAKEN']],
  ['at its expiry', withSignal({ expiresAtMs: NOON_MS }), ['SIGNAL_EXPIRED']],
  ['before its expiry', withSignal({ expiresAtMs: NOON_MS + 1 }), []],
  ['stop above a long', withSignal({ stopLoss: '191' }), ['STOP_WRONG_SIDE']],
  ['stop at the entry', withSignal({ stopLoss: '190' }), ['STOP_WRONG_SIDE']],
  ['stop below a short', withSignal({ stopLoss: '189' }, SHORT), ['STOP_WRONG_SIDE']],
  ['stop within the spread', withSignal({ stopLoss: '189.99' }), ['STOP_WRONG_SIDE']],
  [
    'stop within the spread of a limit',
    withSignal({ orderType: 'LMT', entryPrice: '190', stopLoss: '189.99' }),
    [],
  ],
  [
    'trail beyond the price',
    withSignal({ stopLoss: null, trailingStop: { amount: '190' } }),
    ['STOP_WRONG_SIDE', 'REWARD_RISK_TOO_LOW'],
  ],
  [
    'wrong stop and no quote',
    { ...withSignal({ stopLoss: '191', entryPrice: '190' }), quote: null },
    ['STOP_WRONG_SIDE', 'NO_QUOTE'],
  ],
  ['right stop and no quote', { ...withSignal({ entryPrice: '190' }), quote: null }, ['NO_QUOTE']],
  ['target below a long', withSignal({ takeProfit: '189' }), ['TARGET_WRONG_SIDE']],
  ['target above a short', withSignal({ takeProfit: '191' }, SHORT), ['TARGET_WRONG_SIDE']],
  [
    'target of a short below zero',
    withSignal({ takeProfit: null, takeProfitPct: '1.5' }, SHORT),
    ['TARGET_WRONG_SIDE'],
  ],
  ['no target', withSignal({ takeProfit: null }), []],
  ['reward equal to risk', withSignal({ takeProfit: '195' }), []],
  ['reward below risk', withSignal({ takeProfit: '194.99' }), ['REWARD_RISK_TOO_LOW']],
  // the books
  [
    'same strategy and symbol',
    reserved({ strategyId: 'momentum', symbol: 'AAPL' }),
    ['DUPLICATE_POSITION'],
  ],
  ['same strategy, other symbol', reserved({ strategyId: 'momentum' }), []],
  ['other strategy, same symbol', reserved({ symbol: 'AAPL' }), []],
  [
    'its own reservation',
    reserved({ tradeId: 'trade-1', strategyId: 'momentum', symbol: 'AAPL' }),
    [],
  ],
  [
    'its other direction under way',
    withPart('book', {
      opposites: [
        { tradeId: 'trade-0', side: 'SELL', state: 'OPEN', isOver: false, wantedAtMs: null },
      ],
    }),
    ['OPPOSITE_POSITION'],
  ],
  ['shares of the strategy left', position('momentum', '10'), ['DUPLICATE_POSITION']],
  ['other strategy long', position('other', '10'), []],
  ['other strategy short', position('other', '-10'), ['NETTING_CONFLICT']],
  ['external short', position(null, '-10'), ['NETTING_CONFLICT']],
  ['external long, against a short', position(null, '10', SHORT), ['NETTING_CONFLICT']],
  ['external short, with a short', position(null, '-10', SHORT), []],
  ['other strategy selling', reserved({ symbol: 'AAPL', side: 'SELL' }), ['NETTING_CONFLICT']],
  [
    'nothing to sell',
    withSignal({ side: 'SELL', stopLoss: '195', takeProfit: '180' }),
    ['NO_POSITION'],
  ],
  [
    'selling what is held',
    position('momentum', '10', withSignal({ side: 'SELL', stopLoss: '195', takeProfit: '180' })),
    ['DUPLICATE_POSITION'],
  ],
  ['short in a cash account', withPart('account', { kind: 'cash' }, SHORT), ['SHORT_NOT_ALLOWED']],
  ['short without shares to borrow', contract({ shortable: false }, SHORT), ['SHORT_NOT_ALLOWED']],
  ['short with shares to borrow', contract({ shortable: true }, SHORT), []],
  [
    'short of an unknown symbol',
    { ...SHORT, contract: { kind: 'unknown_symbol', reason: '200' } },
    ['UNKNOWN_SYMBOL'],
  ],
  ['9 open', reserved(...Array.from({ length: 9 }, () => ({}))), []],
  ['10 open', reserved(...Array.from({ length: 10 }, () => ({}))), ['MAX_OPEN_POSITIONS']],
  ['49 today', withPart('book', { tradesToday: 49 }), []],
  ['50 today', withPart('book', { tradesToday: 50 }), ['MAX_TRADES_PER_DAY']],
  [
    'no limit of trades',
    limits({ maxTradesPerDay: null }, withPart('book', { tradesToday: 5_000 })),
    [],
  ],
  [
    '2.99 % lost',
    withPart('account', { day: { previousCloseEquity: '103090', netFlows: '0', latched: false } }),
    [],
  ],
  [
    '3 % lost',
    withPart('account', {
      day: { previousCloseEquity: '100000', netFlows: '3000', latched: false },
    }),
    ['DAILY_LOSS_LIMIT'],
  ],
  [
    'a withdrawal is no loss',
    withPart('account', {
      day: { previousCloseEquity: '110000', netFlows: '-10000', latched: false },
    }),
    [],
  ],
  [
    'latched',
    withPart('account', { day: { previousCloseEquity: '100000', netFlows: '0', latched: true } }),
    ['DAILY_LOSS_LIMIT'],
  ],
  ['day unknown', withPart('account', { day: null }), []],
  // what goes together; the candidate is worth 19,859 with its slippage
  ['its sector taken up to the limit', reserved({ sector: 'Technology', exposure: '20141.2' }), []],
  [
    'its sector taken beyond the limit',
    reserved({ sector: 'Technology', exposure: '20141.3' }),
    ['SECTOR_EXPOSURE'],
  ],
  ['another sector taken', reserved({ sector: 'Financial', exposure: '49000' }), []],
  [
    'a trade of a sector that nobody knows',
    reserved({ sector: null, exposure: '49000' }),
    ['SECTOR_EXPOSURE'],
  ],
  [
    'no limit of sectors',
    limits({ maxSectorExposurePct: null }, reserved({ sector: null, exposure: '49000' })),
    [],
  ],
  [
    'a sector told a week ago',
    contract({ sector: { name: 'x', atMs: NOON_MS - 604_800_000 } }),
    [],
  ],
  [
    'a sector told longer ago',
    contract({ sector: { name: 'x', atMs: NOON_MS - 604_800_001 } }),
    ['DATA_UNAVAILABLE'],
  ],
  ['no sector told', contract({ sector: null }), ['DATA_UNAVAILABLE']],
  [
    'no sector told, and no limit',
    limits({ maxSectorExposurePct: null }, contract({ sector: null })),
    [],
  ],
  ['a trade that moves with it, up to the limit', together('20141.2', '0.8001'), []],
  [
    'a trade that moves with it, beyond the limit',
    together('20141.3', '0.8001'),
    ['CORRELATED_EXPOSURE'],
  ],
  ['a trade that hardly moves with it', together('49000', '0.8000'), []],
  ['a trade that moves against it', together('49000', '-0.9000'), []],
  ['a trade of which no correlation is known', together('20141.3', null), ['CORRELATED_EXPOSURE']],
  [
    'no limit of correlated trades',
    limits({ maxCorrelatedExposurePct: null }, together('49000', '0.9')),
    [],
  ],
  // money
  ['values missing', withPart('account', { values: null }), ['DATA_UNAVAILABLE']],
  ['values 5 min old', values({ atMs: NOON_MS - 300_000 }), []],
  ['values older', values({ atMs: NOON_MS - 300_001 }), ['DATA_UNAVAILABLE']],
  [
    'other currency without a rate',
    contract({ instrument: { ...SIGNAL.instrument, currency: 'EUR' } }),
    ['CURRENCY_MISMATCH'],
  ],
  [
    'other currency, unknown contract',
    {
      ...withSignal({ instrument: { ...SIGNAL.instrument, currency: 'EUR' } }),
      contract: { kind: 'unavailable', reason: 'x' },
    },
    ['CURRENCY_MISMATCH', 'DATA_UNAVAILABLE'],
  ],
  [
    'other currency, old rate',
    {
      ...contract({ instrument: { ...SIGNAL.instrument, currency: 'EUR' } }),
      fxRate: { rate: '1.1', atMs: NOON_MS - 300_001 },
    },
    ['CURRENCY_MISMATCH'],
  ],
  [
    'other currency, rate of zero',
    {
      ...contract({ instrument: { ...SIGNAL.instrument, currency: 'EUR' } }),
      fxRate: { rate: '0', atMs: NOON_MS },
    },
    ['CURRENCY_MISMATCH'],
  ],
  [
    'other currency, fresh rate',
    {
      ...contract({ instrument: { ...SIGNAL.instrument, currency: 'EUR' } }),
      fxRate: { rate: '1.1', atMs: NOON_MS },
    },
    [],
  ],
  ['quantity within every cap', withSignal({ quantity: '100' }), []],
  ['quantity beyond the position cap', withSignal({ quantity: '105' }), ['POSITION_TOO_LARGE']],
  [
    'quantity beyond the maximum',
    limits({ maxQuantity: '50' }, withSignal({ quantity: '51' })),
    ['POSITION_TOO_LARGE'],
  ],
  ['quantity in fractions', withSignal({ quantity: '10.5' }), ['BELOW_MINIMUM_SIZE']],
  [
    'quantity below the minimum',
    limits({ minQuantity: '10' }, withSignal({ quantity: '9' })),
    ['BELOW_MINIMUM_SIZE'],
  ],
  ['on_cap deny', limits({ onCap: 'deny', riskPct: '0.012' }), ['POSITION_TOO_LARGE']],
  [
    'strategy full',
    reserved({ strategyId: 'momentum', exposure: '50000' }),
    ['STRATEGY_ALLOCATION_EXCEEDED', 'BELOW_MINIMUM_SIZE'],
  ],
  [
    'cash reserved',
    reserved({ phase: 'CASH', cash: '99900' }),
    ['INSUFFICIENT_FUNDS', 'BELOW_MINIMUM_SIZE'],
  ],
  ['cash of a settled trade', reserved({ phase: 'EXPOSURE', cash: '99900' }), []],
  [
    'no settled cash',
    withPart('account', { kind: 'cash' }, values({ settledCash: '0' })),
    ['INSUFFICIENT_FUNDS', 'BELOW_MINIMUM_SIZE'],
  ],
  [
    'no available funds',
    values({ availableFunds: '0' }),
    ['INSUFFICIENT_FUNDS', 'BELOW_MINIMUM_SIZE'],
  ],
  ['no buying power', values({ buyingPower: '0' }), ['INSUFFICIENT_FUNDS', 'BELOW_MINIMUM_SIZE']],
  ['open risk full', reserved({ openRisk: '10000' }), ['OPEN_RISK_EXCEEDED', 'BELOW_MINIMUM_SIZE']],
  [
    'too little equity',
    limits(
      { riskPct: '0.02' },
      values({ netLiquidation: '400', excessLiquidity: '400' }, withPart('account', { day: null })),
    ),
    ['POSITION_TOO_LARGE', 'BELOW_MINIMUM_SIZE'],
  ],
  ['too little risk, no cap', limits({ riskPct: '0.00001' }), ['BELOW_MINIMUM_SIZE']],
  ['excess liquidity at the floor', values({ excessLiquidity: '5000' }), []],
  [
    'excess liquidity below the floor',
    values({ excessLiquidity: '4999.99' }),
    ['INSUFFICIENT_FUNDS'],
  ],
];

describe('[RSK-1] [RSK-7] each check alone, with its edge', () => {
  test.each(CASES)('%s', (_name, context, expected) => {
    expect(codesOf(context)).toStrictEqual(expected);
  });

  test('every code of this part of the registry is brought about above', () => {
    // Of persons (approval.test.ts), previews (as-shown.test.ts), other trades (opposite.test.ts) and brokers (alone-plan.test.ts).
    const later = ['NOT_APPROVED', 'PREVIEW_OUTDATED', 'BROKER_CANNOT', 'CLOSED_OPPOSITE'];
    const seen = new Set(CASES.flatMap(([, , codes]) => codes));
    const missing = REASONS.map(({ code }) => code).filter((code) => !seen.has(code));
    expect(missing).toStrictEqual(later);
  });
});

describe('[RSK-1] a denial lists every check that failed', () => {
  test('five things wrong at once, in the order of the registry', () => {
    const context = withPart(
      'installation',
      { tradingEnabled: false },
      withPart(
        'account',
        { pausedBy: 'x' },
        {
          ...withSignal({ stopLoss: '191', expiresAtMs: NOON_MS - 1 }),
          quote: { ...SOUND.quote!, kind: 'delayed' },
        },
      ),
    );
    expect(codesOf(context)).toStrictEqual([
      'TRADING_DISABLED',
      'ACCOUNT_PAUSED',
      'SIGNAL_EXPIRED',
      'QUOTE_DELAYED',
    ]);
    const withReference = withSignal({ entryPrice: '190' }, context);
    expect(codesOf(withReference)).toContain('STOP_WRONG_SIDE');
  });

  test('each finding says what was measured and what the limit is', () => {
    for (const [, context] of CASES) {
      for (const found of decidePlan(context).findings) {
        expect(found.measured.length).toBeGreaterThan(0);
        expect(found.limit.length).toBeGreaterThan(0);
      }
    }
    const [found] = decidePlan(withSignal({ takeProfit: '194' })).findings;
    const told = { measured: '0.8', limit: 'at least 1.0' };
    expect(found).toStrictEqual({ code: 'REWARD_RISK_TOO_LOW', ...told });
  });

  test('[SIZ-2] below the minimum names the cap that bound', () => {
    const { findings } = decidePlan(reserved({ openRisk: '10000' }));
    expect(findings.at(-1)).toMatchObject({
      code: 'BELOW_MINIMUM_SIZE',
      measured: '200 shares, capped to 0 by open_risk',
    });
  });
});
