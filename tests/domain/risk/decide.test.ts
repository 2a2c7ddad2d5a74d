/** What an approved plan holds: orders, prices, reservation, record. */
import { describe, expect, test } from '@jest/globals';
import type { PlanContext } from '../../../domain/risk/context.js';
import { decidePlan } from '../../../domain/risk/decide.js';
import type { BracketPlan } from '../../../domain/risk/plan.js';
import { NOON_MS, SIGNAL, SOUND, withPart, withSignal } from './fixture.js';

function planOf(context: PlanContext): BracketPlan {
  const decision = decidePlan(context);
  if (decision.verdict === 'denied') throw new Error(JSON.stringify(decision.findings));
  return decision.plan;
}

const HOUR_MS = 3_600_000;
const CLOSE_MS = NOON_MS + 4 * HOUR_MS;
const LIMIT = withSignal({ orderType: 'LMT', entryPrice: '190' });

describe('the bracket of an approved plan', () => {
  test('[SIZ-7] a market entry: value and open risk are reserved at the quote plus the allowance', () => {
    expect(planOf(SOUND)).toStrictEqual({
      side: 'BUY',
      quantity: '104', // 20,000 ÷ (190 × 1.005), where 20,000 ÷ 190 would be 105
      entry: {
        orderType: 'MKT',
        limitPrice: null,
        collared: false,
        goodTillMs: null,
        expiresAtMs: null,
        timeInForce: 'DAY',
      },
      stopPrice: '185',
      targetPrice: '200',
      trailing: null,
      referencePrice: '190',
      stopLossPct: null,
      takeProfitPct: null,
      approvedRisk: '520',
      reservation: { cash: '19858.8', exposure: '19858.8', openRisk: '618.8' },
      closeByMs: null,
    });
  });

  test('a limit entry is reckoned at its limit', () => {
    const plan = planOf(LIMIT);
    expect(plan.entry).toMatchObject({ orderType: 'LMT', limitPrice: '190', timeInForce: 'DAY' });
    expect(plan.quantity).toBe('105');
    expect(plan.reservation).toStrictEqual({ cash: '19950', exposure: '19950', openRisk: '525' });
  });

  test('[SIZ-8] [SIZ-5] the rate is in the record where it was needed, with its instant', () => {
    const euro = { instrument: { ...SIGNAL.instrument, currency: 'EUR' } } as Partial<
      PlanContext['contract']
    >;
    const fxRate = { rate: '1.25', atMs: NOON_MS };
    const other = decidePlan({ ...withPart('contract', euro, LIMIT), fxRate });
    const used = { currency: 'EUR', baseCurrency: 'USD', fxRate: '1.25' };
    const fxRateAt = '2026-04-06T16:00:00.000Z';
    expect(other.sizing?.inputs).toMatchObject({ ...used, fxRateAt, equity: '80000' });
    expect(decidePlan({ ...LIMIT, fxRate }).sizing?.inputs).not.toHaveProperty('fxRate');
  });

  test('[SIZ-7] with max_slippage a market entry goes as a collared limit', () => {
    const collared = withPart('limits', { maxSlippagePct: '0.001' });
    expect(planOf(collared).entry).toMatchObject({
      orderType: 'LMT',
      limitPrice: '190.19',
      collared: true,
    });
    expect(planOf(collared).reservation.cash).toBe(String(105 * 190.19));
  });

  test('a short is mirrored, its limit rounded away from the market', () => {
    const short = withPart(
      'limits',
      { allowShort: true },
      withSignal({
        side: 'SELL',
        orderType: 'LMT',
        entryPrice: '190.004',
        stopLoss: '195.009',
        takeProfit: '180.001',
      }),
    );
    expect(planOf(short)).toMatchObject({
      side: 'SELL',
      entry: { limitPrice: '190.01' },
      stopPrice: '195',
      targetPrice: '180.01',
    });
  });

  test('[SIZ-6] percent exits, kept for the re-anchoring', () => {
    const percent = withSignal({
      stopLoss: null,
      stopLossPct: '0.025',
      takeProfit: null,
      takeProfitPct: '0.0501',
    });
    expect(planOf(percent)).toMatchObject({
      stopPrice: '185.25',
      targetPrice: '199.51',
      stopLossPct: '0.025',
      takeProfitPct: '0.0501',
    });
  });

  test.each([
    ['amount', { amount: '4' }, '186'],
    ['fraction', { fraction: '0.02' }, '186.2'],
  ] as const)('a trailing stop by %s starts at its distance', (_name, trailingStop, stopPrice) => {
    const plan = planOf(withSignal({ stopLoss: null, trailingStop }));
    expect(plan).toMatchObject({ stopPrice, trailing: trailingStop });
  });

  test('a trailing stop of a short starts above', () => {
    const short = withPart(
      'limits',
      { allowShort: true },
      withSignal({
        side: 'SELL',
        stopLoss: null,
        trailingStop: { amount: '4' },
        takeProfit: null,
      }),
    );
    expect(planOf(short).stopPrice).toBe('193.98');
  });

  test('[SIZ-2] whole shares though the contract takes fractions, lots where it wants lots', () => {
    expect(planOf(withSignal({ quantity: '3' })).quantity).toBe('3');
    const lots = withPart('contract', { sizeIncrement: '100' });
    expect(planOf(lots).quantity).toBe('100');
  });

  test('[SIZ-8] another currency: sized in the contract’s, reserved in the account’s', () => {
    const euro = { instrument: { ...SIGNAL.instrument, currency: 'EUR' } } as Partial<
      PlanContext['contract']
    >;
    const context = {
      ...withPart('contract', euro, LIMIT),
      fxRate: { rate: '1.25', atMs: NOON_MS },
    };
    const plan = planOf(context);
    expect(plan.quantity).toBe('84'); // 80,000 × 20 % ÷ 190
    expect(plan.approvedRisk).toBe('420');
    expect(plan.reservation).toStrictEqual({ cash: '19950', exposure: '19950', openRisk: '525' });
  });
});

describe('[TRD-14] how long a resting entry lives at the broker', () => {
  test.each([
    ['no expiry: with its time in force', {}, { timeInForce: 'DAY', goodTillMs: null }],
    ['GTC', { timeInForce: 'GTC' }, { timeInForce: 'GTC', goodTillMs: null }],
    [
      'an expiry before the close',
      { expiresAtMs: NOON_MS + HOUR_MS },
      { timeInForce: 'GTD', goodTillMs: NOON_MS + HOUR_MS },
    ],
    [
      'DAY with an expiry after the close: DAY ends it sooner',
      { expiresAtMs: CLOSE_MS },
      { timeInForce: 'DAY', goodTillMs: null },
    ],
    [
      'GTC with an expiry after the close',
      { timeInForce: 'GTC', expiresAtMs: CLOSE_MS },
      { timeInForce: 'GTD', goodTillMs: CLOSE_MS },
    ],
    [
      'GTC, of a trade that is to be flat by the session end',
      { timeInForce: 'GTC', closeAtSessionEnd: true },
      { timeInForce: 'GTD', goodTillMs: CLOSE_MS - 300_000 },
    ],
    [
      'DAY, of such a trade',
      { closeAtSessionEnd: true },
      { timeInForce: 'GTD', goodTillMs: CLOSE_MS - 300_000 },
    ],
  ] as const)('%s', (_name, change, expected) => {
    expect(planOf(withSignal(change, LIMIT)).entry).toMatchObject(expected);
  });

  test('the entry time-out, when it comes before the expiry', () => {
    const timed = withPart(
      'limits',
      { entryTimeoutMs: 60_000 },
      withSignal({ expiresAtMs: NOON_MS + HOUR_MS }, LIMIT),
    );
    expect(planOf(timed).entry.goodTillMs).toBe(NOON_MS + 60_000);
  });
});

describe('what is written down', () => {
  test('[SIG-1] defaults that were applied are shown', () => {
    const context = withPart(
      'limits',
      { stopLossPct: '0.02', takeProfitPct: '0.04' },
      withSignal({ stopLoss: null, takeProfit: null }),
    );
    expect(decidePlan(context).appliedDefaults).toStrictEqual([
      { field: 'stop_loss_pct', value: '0.02' },
      { field: 'take_profit_pct', value: '0.04' },
      { field: 'risk_pct', value: '0.01' },
    ]);
    expect(decidePlan(withSignal({ riskPct: '0.005' })).appliedDefaults).toStrictEqual([]);
    expect(decidePlan(withSignal({ quantity: '5' })).appliedDefaults).toStrictEqual([]);
  });

  test('[SIZ-1] a risk category sets the risk', () => {
    expect(decidePlan(withSignal({ riskCategory: 'small' })).sizing?.inputs['riskPct']).toBe(
      '0.01',
    );
    expect(decidePlan(withSignal({ riskCategory: 'large' })).sizing?.inputs['riskPct']).toBe(
      '0.03',
    );
  });

  test('[SIZ-5] the sizing with all inputs and caps, for approvals and for denials', () => {
    const { sizing } = decidePlan(SOUND);
    expect(sizing).toMatchObject({
      rawQuantity: '200',
      caps: {
        position: '104',
        strategy: '261',
        cash: '523',
        buying_power: '2094',
        open_risk: '1680',
      },
      boundBy: 'position',
      approved: true,
      quantity: '104',
      riskAmount: '520.00',
      riskPercent: '0.0052',
      positionValue: '19760.00',
      rewardRisk: '2',
    });
    expect(Object.keys(sizing!.inputs).length).toBe(19);
    const denied = decidePlan(withSignal({ quantity: '105' }));
    expect(denied.sizing).toMatchObject({
      approved: false,
      quantity: '0',
      refusal: 'cap',
      riskAmount: null,
    });
    expect(decidePlan({ ...SOUND, quote: null }).sizing).toBeNull();
  });

  test('[SIG-1] when it must be flat before the session ends', () => {
    expect(planOf(withSignal({ closeAtSessionEnd: true })).closeByMs).toBe(CLOSE_MS - 300_000);
  });

  test('[RSK-2] the same context gives the same decision', () => {
    const again = JSON.parse(JSON.stringify(SOUND)) as PlanContext;
    expect(decidePlan(again)).toStrictEqual(decidePlan(SOUND));
  });
});
