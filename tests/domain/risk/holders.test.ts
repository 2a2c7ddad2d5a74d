/** Denials name strategies by their own names, each once (RSK-1). */
import { describe, expect, test } from '@jest/globals';
import type { HeldPosition, OpenReservation, PlanContext } from '../../../domain/risk/context.js';
import { decidePlan } from '../../../domain/risk/decide.js';
import { withPart } from './fixture.js';

const ID = '6a1b2c3d-0000-4000-8000-00000000000';

/** What it measured of the code, and its limit. */
function found(context: PlanContext, code: string): string[] {
  const decision = decidePlan(context);
  if (decision.verdict !== 'denied') throw new Error('it was approved');
  const finding = decision.findings.find((one) => one.code === code)!;
  return [finding.measured, finding.limit];
}

const held = (n: number, quantity: string, name = `s${n}`): HeldPosition => ({
  ...{ strategyId: `${ID}${n}`, strategyName: name, symbol: 'AAPL', quantity },
});
const selling = (n: number, tradeId: string): OpenReservation => ({
  ...{ tradeId, strategyId: `${ID}${n}`, strategyName: `s${n}`, symbol: 'AAPL', side: 'SELL' },
  ...{ phase: 'CASH', cash: '0', exposure: '0', openRisk: '0' },
});

describe('[RSK-1] a netting conflict', () => {
  test('names each strategy once, with what it holds and has under way', () => {
    const external = { strategyId: null, symbol: 'AAPL', quantity: '-2' };
    const context = withPart('book', {
      positions: [held(1, '-10'), held(1, '-5'), external],
      reservations: [selling(1, 'a'), selling(1, 'b'), selling(2, 'c')],
    });
    expect(found(context, 'NETTING_CONFLICT')).toEqual([
      's1 holds -15 and has 2 SELL under way, EXTERNAL holds -2, s2 has 1 SELL under way',
      'one direction per contract',
    ]);
  });

  test('names five at the most, and counts the others', () => {
    const positions = [1, 2, 3, 4, 5, 6, 7].map((n) => held(n, '-1'));
    const [measured] = found(withPart('book', { positions }), 'NETTING_CONFLICT');
    expect(measured).toMatch(/^s1 holds -1, .*s5 holds -1, and 2 more$/);
  });
});

test('[RSK-1] one position per strategy: its own name; its id where a context of before has none', () => {
  const nameless = { strategyId: `${ID}1`, symbol: 'AAPL', quantity: '10' };
  const own = withPart('book', { positions: [nameless] });
  const named = withPart('strategy', { strategyId: `${ID}1`, strategyName: 'momentum' }, own);
  expect(found(named, 'DUPLICATE_POSITION')[1]).toBe('no other trade of momentum in AAPL');
  const old = withPart('strategy', { strategyId: `${ID}1` }, own);
  expect(found(old, 'DUPLICATE_POSITION')[1]).toBe(`no other trade of ${ID}1 in AAPL`);
  const opposites = [
    { tradeId: 'x', side: 'SELL', state: 'OPEN', isOver: false, wantedAtMs: null } as const,
  ];
  const opposite = withPart('book', { opposites }, withPart('strategy', { strategyName: 'm' }));
  expect(found(opposite, 'OPPOSITE_POSITION')[1]).toBe('no trade of the other direction of m');
});
