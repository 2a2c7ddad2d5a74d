/** A trade that executes a preview: the bracket that was shown, or a denial with every reason. */
import { describe, expect, test } from '@jest/globals';
import type { PlanContext } from '../../../domain/risk/context.js';
import { decidePlan } from '../../../domain/risk/decide.js';
import type { PlanDecision } from '../../../domain/risk/plan.js';
import { limits, quote, values } from './changes.js';
import { NOON_MS, SIGNAL, SOUND, withPart, withSignal } from './fixture.js';

const MINUTE_MS = 60_000;

/** What a preview of the context has shown. */
function shownOf(context: PlanContext): NonNullable<PlanContext['shown']> {
  const { plan, appliedDefaults } = approved(decidePlan(context));
  return { plan, appliedDefaults, sizeTolerance: '0.05', sendByMs: NOON_MS + 15 * MINUTE_MS };
}

function approved(decision: PlanDecision) {
  if (decision.verdict === 'denied') throw new Error(JSON.stringify(decision.findings));
  return decision;
}

/** The trade of a preview of `before`, planned in the world of `now`. */
const executed = (before: PlanContext, now: PlanContext): PlanDecision =>
  decidePlan({ ...now, shown: shownOf(before) });

const codesOf = ({ findings }: PlanDecision) => findings.map(({ code }) => code);

const ticked = quote({ bid: '189.93', ask: '189.95' });

describe('[PRV-2] exactly what was shown', () => {
  test('at another quote: the same orders, reserved at the price of now', () => {
    const before = shownOf(SOUND).plan;
    // By itself it would be sized otherwise.
    const risky = limits({ maxPositionPct: '1' });
    expect(approved(decidePlan(withPart('quote', ticked.quote, risky))).plan.quantity).not.toBe(
      shownOf(risky).plan.quantity,
    );
    const { plan, sizing } = approved(executed(SOUND, ticked));
    const { referencePrice, reservation, approvedRisk } = plan;
    expect(plan).toEqual({ ...before, referencePrice, reservation, approvedRisk });
    expect(referencePrice).toBe('189.95');
    expect(sizing?.inputs['quantity']).toBe(before.quantity);
  });

  test('percent exits stay where they were shown, and are re-anchored as ever', () => {
    const signal = { stopLoss: null, takeProfit: null, stopLossPct: '0.02', takeProfitPct: '0.04' };
    const { plan } = approved(executed(withSignal(signal), withSignal(signal, ticked)));
    expect(plan).toMatchObject({ stopPrice: '186.2', targetPrice: '197.6' });
    expect(plan).toMatchObject({ stopLossPct: '0.02', takeProfitPct: '0.04' });
  });

  test('a collar, a limit and a trail', () => {
    const collared = limits({ maxSlippagePct: '0.001' });
    const now = withPart('quote', ticked.quote, collared);
    expect(approved(executed(collared, now)).plan.entry).toMatchObject({
      ...{ limitPrice: '190.19', collared: true },
    });
    const limit = withSignal({ orderType: 'LMT', entryPrice: '189.5' });
    const later = withSignal({ orderType: 'LMT', entryPrice: '189.5' }, ticked);
    expect(approved(executed(limit, later)).plan).toEqual(shownOf(limit).plan);
    const trail = { stopLoss: null, trailingStop: { amount: '5' } };
    const trailed = approved(executed(withSignal(trail), withSignal(trail, ticked)));
    expect(trailed.plan).toMatchObject({ stopPrice: '185', trailing: { amount: '5' } });
  });

  test('defaults that were applied and shown are in its record', () => {
    const bare = withSignal({ stopLoss: null, takeProfit: null });
    const world = limits({ stopLossPct: '0.02' }, bare);
    const { appliedDefaults } = executed(world, withPart('quote', ticked.quote, world));
    expect(appliedDefaults).toContainEqual({ field: 'stop_loss_pct', value: '0.02' });
  });

  test('its age was judged when it was previewed', () => {
    const nowMs = NOON_MS + 4 * MINUTE_MS;
    const later = { ...SOUND, nowMs, receivedAtMs: nowMs };
    const fresh = values({ atMs: nowMs }, withPart('quote', { atMs: nowMs }, later));
    expect(codesOf(decidePlan(fresh))).toContain('SIGNAL_STALE');
    expect(codesOf(executed(SOUND, fresh))).toEqual([]);
  });
});

describe('[PRV-2] or nothing, with every reason', () => {
  test('a switch', () => {
    expect(codesOf(executed(SOUND, withPart('account', { mode: 'HALTED' })))).toEqual([
      'TRADING_HALTED',
    ]);
  });

  test('a cap that would make it smaller denies it', () => {
    const decision = executed(SOUND, values({ buyingPower: '10000', availableFunds: '10000' }));
    expect(codesOf(decision)).toContain('INSUFFICIENT_FUNDS');
  });

  test('a price far from the one shown', () => {
    const near = withSignal({ takeProfit: null });
    const far = quote({ bid: '192.98', ask: '193.00' }, near);
    expect(codesOf(executed(near, far))).toContain('PRICE_DEVIATION');
    // Without the preview it would be sized anew and sent.
    expect(codesOf(decidePlan(far))).toEqual([]);
  });

  test("a price far from the signal's own, if not from the one shown", () => {
    const own = withSignal({ entryPrice: '189', takeProfit: null, quantity: '10' });
    const decision = executed(own, quote({ bid: '191.48', ask: '191.50' }, own));
    expect(codesOf(decision)).toEqual(['PRICE_DEVIATION']);
    expect(decision.findings[0]!.measured).toContain('against 189)');
  });

  test('risk that would now allow for much less', () => {
    const wide = limits({ maxPositionPct: '1', maxStrategyPct: '1' });
    const decision = executed(wide, limits({ riskPct: '0.009' }, wide));
    expect(codesOf(decision)).toEqual(['PREVIEW_OUTDATED']);
    expect(decision.findings[0]!.measured).toBe('would be sized 180 now');
    expect(decision.findings[0]!.limit).toBe('at least 190, for the 200 shown');
    const aLittle = limits({ riskPct: '0.0096' }, wide);
    expect(codesOf(executed(wide, aLittle))).toEqual([]);
  });

  test('prices that the contract no longer takes', () => {
    const coarse = withPart('contract', { priceIncrement: '0.05' });
    const fine = withSignal({ stopLoss: '185.01' });
    const decision = executed(fine, { ...fine, contract: coarse.contract });
    expect(codesOf(decision)).toEqual(['PREVIEW_OUTDATED']);
    expect(decision.findings[0]!.measured).toBe('stopPrice "185.05"');
  });

  test('it was executed long ago, and nobody has approved it since', () => {
    const nowMs = NOON_MS + 15 * MINUTE_MS;
    const late = values({ atMs: nowMs }, withPart('quote', { atMs: nowMs }, { ...SOUND, nowMs }));
    expect(codesOf(executed(SOUND, late))).toEqual(['PREVIEW_OUTDATED']);
    const approval = { quantity: '104', price: '190', risk: '520' };
    expect(codesOf(executed(SOUND, { ...late, approved: approval }))).toEqual([]);
  });

  test('a person approved less than was shown', () => {
    const approval = { quantity: '104', price: '190', risk: '500' };
    expect(codesOf(executed(SOUND, { ...SOUND, approved: approval }))).toEqual([
      'PREVIEW_OUTDATED',
    ]);
  });

  test('it waits for no open, and ends no other trade', () => {
    const queued = withSignal({ whenClosed: 'queue', onOpposite: 'reverse' });
    const night = { ...queued, nowMs: NOON_MS + 8 * 3_600_000 };
    expect(codesOf(executed(queued, night))).toContain('MARKET_CLOSED');
  });

  test('[RSK-2] the same context gives the same decision, from its record as well', () => {
    const context = { ...ticked, shown: shownOf(SOUND) };
    const read = JSON.parse(JSON.stringify(context)) as PlanContext;
    expect(decidePlan(read)).toEqual(decidePlan(context));
  });
});

test('a signal that has no preview is decided as ever', () => {
  expect(decidePlan({ ...SOUND, signal: SIGNAL })).toEqual(decidePlan(SOUND));
});
