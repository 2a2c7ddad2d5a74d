/** The judge of recorded decisions: a planted breach, a verdict that does not follow, and one that saw too little. */
import { describe, expect, test } from '@jest/globals';
import {
  decisionReadings,
  replayFindings,
  sequenceFindings,
  type DecisionRow,
} from '../../chaos/judge/decisions.js';
import { limitFindings } from '../../chaos/judge/gauges.js';
import type { OpenReservation, PlanContext } from '../../domain/risk/context.js';
import { decidePlan } from '../../domain/risk/decide.js';
import { findingCodes } from '../../domain/risk/finding.js';
import { SOUND, withPart } from '../domain/risk/fixture.js';

/** Made as the engine makes it: decided from the context, and kept with it. */
function decided(inputs: PlanContext, serial: number): DecisionRow {
  const decision = decidePlan(inputs);
  const plan =
    decision.verdict === 'approved'
      ? { ...decision.plan, appliedDefaults: decision.appliedDefaults }
      : null;
  const row: DecisionRow = {
    ...{ serial, accountId: 'x', tradeId: inputs.tradeId, verdict: decision.verdict },
    ...{ codes: findingCodes(decision.findings), findings: decision.findings },
    ...{ sizing: decision.sizing, plan, inputs },
  };
  return JSON.parse(JSON.stringify(row)) as DecisionRow;
}

function reservationOf({ tradeId, plan, inputs }: DecisionRow): OpenReservation {
  const { strategy, signal } = inputs;
  return {
    ...{ tradeId, strategyId: strategy.strategyId, symbol: signal.instrument.symbol },
    ...{ side: signal.side, phase: 'CASH', ...plan!.reservation },
  };
}

/** The next signal, of a strategy of its own, in a contract of its own, after what was decided before. */
function next(before: readonly DecisionRow[], change: Partial<PlanContext['book']> = {}) {
  const serial = before.length + 1;
  const approved = before.filter(({ plan }) => plan !== null);
  const symbol = `S${serial}`;
  const book = {
    reservations: approved.map(reservationOf),
    tradesToday: approved.length,
    ordersLastMinute: 3 * approved.length,
    ...change,
  };
  const instrument = { ...SOUND.signal.instrument, symbol };
  const of = withPart('book', book, {
    ...SOUND,
    tradeId: `t${serial}`,
    signal: { ...SOUND.signal, instrument },
    strategy: { ...SOUND.strategy, strategyId: `s${serial}` },
  });
  return decided(of, serial);
}

function run(count: number): DecisionRow[] {
  const rows: DecisionRow[] = [];
  for (let index = 0; index < count; index += 1) rows.push(next(rows));
  return rows;
}

const NOTHING = { released: new Set<string>() };
const details = (rows: readonly DecisionRow[], ended = NOTHING) =>
  sequenceFindings(rows, ended).map(({ detail }) => detail);

describe('[RSK-2] decisions replayed one by one', () => {
  test('come to what was recorded: verdict, findings, numbers and bracket', () => {
    const rows = run(7);
    expect(new Set(rows.map(({ verdict }) => verdict))).toEqual(new Set(['approved', 'denied']));
    expect(replayFindings(rows)).toEqual([]);
  });

  test('an approval that its inputs deny', () => {
    const [first] = run(1);
    const wrong = { ...first!, inputs: withPart('limits', { maxOpenPositions: 0 }, first!.inputs) };
    expect(replayFindings([wrong]).map(({ detail }) => detail)).toEqual([
      'decision 1 its verdict does not follow from its inputs',
      'decision 1 its findings does not follow from its inputs',
      'decision 1 its plan does not follow from its inputs',
    ]);
  });

  test('a bracket of one share more than its inputs give', () => {
    const [first] = run(1);
    const plan = { ...first!.plan!, quantity: `${Number(first!.plan!.quantity) + 1}` };
    expect(replayFindings([{ ...first!, plan }])).toMatchObject([{ kind: 'verdict' }]);
  });
});

describe('[RSK-2] each decision saw what was decided before it', () => {
  test('in the order of commits, in whatever order the rows come', () => {
    expect(details(run(5))).toEqual([]);
    expect(details(run(5).reverse())).toEqual([]);
  });

  test('one that did not see a reservation; let go, it need not', () => {
    const before = run(2);
    const blind = next(before, { reservations: [reservationOf(before[1]!)] });
    expect(details([...before, blind])).toEqual(['decision 3 did not see the reservation of t1']);
    expect(details([...before, blind], { released: new Set(['t1']) })).toEqual([]);
  });

  test('one that saw a reservation again that was let go', () => {
    const before = run(2);
    const without = next(before, { reservations: [reservationOf(before[1]!)] });
    const again = next([...before, without]);
    const released = { released: new Set(['t1']) };
    expect(details([...before, without, again], released)).toEqual([
      'decision 4 saw t1 again after it was let go',
    ]);
  });

  test('one that saw what nobody had made, or another amount', () => {
    const before = run(1);
    const own = reservationOf(before[0]!);
    const more = [
      { ...own, exposure: '1' },
      { ...own, tradeId: 'z' },
    ];
    expect(details([...before, next(before, { reservations: more })])).toEqual([
      'decision 2 saw another reservation of t1 than was made',
      'decision 2 saw a reservation of z, which no decision made',
    ]);
  });

  test('one that counted too few trades of the day, or orders of the minute', () => {
    const before = run(2);
    const few = next(before, { tradesToday: 1, ordersLastMinute: 5 });
    expect(details([...before, few])).toEqual([
      'decision 3 counted 1 trades of the day, 2 were approved',
      'decision 3 counted 5 orders of a minute, at least 6 were',
    ]);
  });

  test('a trade that was planned again is known by its newest plan, and beside itself', () => {
    const before = run(2);
    const again = decided({ ...before[0]!.inputs, book: next(before).inputs.book }, 3);
    expect(details([...before, again])).toMatchObject([
      expect.stringContaining('counted 2 trades of the day, 1 were approved'),
    ]);
    const book = { ...again.inputs.book, tradesToday: 1 };
    expect(details([...before, decided({ ...again.inputs, book }, 3)])).toEqual([]);
  });
});

describe('[RSK-2] limits by the record', () => {
  const breaches = (rows: readonly DecisionRow[]) =>
    limitFindings('decisions', decisionReadings(rows)).map(({ subject }) => subject);

  test('are kept by what the engine decides', () => {
    expect(breaches(run(7))).toEqual([]);
  });

  test('are seen breached, each by what was approved beyond it', () => {
    const rows = run(2);
    const last = rows[1]!;
    const planted = (name: string, value: unknown): DecisionRow => ({
      ...last,
      inputs: withPart('limits', { [name]: value }, last.inputs),
    });
    expect(breaches([planted('maxOpenPositions', 1)])).toEqual(['open positions']);
    expect(breaches([planted('maxPositionPct', '0.01')])).toEqual(['t2']);
    expect(breaches([planted('maxStrategyPct', '0.01')])).toEqual(['s2']);
    expect(breaches([planted('maxOpenRiskPct', '0.001')])).toEqual(['open risk']);
    expect(breaches([planted('maxTradesPerDay', 1)])).toEqual(['trades today']);
    expect(breaches([planted('maxOrdersPerMinute', 3)])).toEqual(['orders a minute']);
  });

  test('an approval answers for its own strategy: another may stand above its share of less equity', () => {
    const [first, , third] = run(3);
    const values = { ...third!.inputs.account.values!, netLiquidation: '60000' };
    const inputs = withPart('account', { values }, third!.inputs);
    const plan = { ...third!.plan!, reservation: { cash: '1', exposure: '1', openRisk: '1' } };
    expect(Number(first!.plan!.reservation.exposure)).toBeGreaterThan(0.2 * 60_000);
    expect(breaches([{ ...third!, inputs, plan }])).toEqual([]);
  });

  test('two that each fit alone, and not together: cash', () => {
    const rows = run(2);
    const { account } = rows[1]!.inputs;
    const one = rows[0]!.plan!.reservation.cash;
    const values = { ...account.values!, settledCash: one, availableFunds: one };
    const inputs = withPart('account', { values }, rows[1]!.inputs);
    expect(breaches([{ ...rows[1]!, inputs }])).toEqual(['cash']);
  });
});
