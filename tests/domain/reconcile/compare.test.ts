/** Cases of the comparison that stand for themselves: doubt, lateness, recovery, what lasts. */
import { describe, expect, test } from '@jest/globals';
import { compare } from '../../../domain/reconcile/compare.js';
import { EVIDENCE_MAX, lasting } from '../../../domain/reconcile/finding.js';
import { recoveryOf, unexplainedValue } from '../../../domain/reconcile/recovery.js';
import { ACCOUNT, T0 } from '../trade/books.js';
import { healthy, othersOnly, pairOf, position, reference, type Side } from './pair.js';

const of = (...sides: Side[]) => {
  const { books, snapshot } = pairOf(sides);
  return compare(books, snapshot);
};

/** As `healthy`, with another quantity at the broker. */
const holding = (id: number, quantity: number): Side => ({
  ...healthy(id, 0),
  positions: quantity === 0 ? [] : [position(id, quantity)],
});

test('[REC-2] a healthy pair gives no finding, and says how much was compared', () => {
  expect(of(healthy(1, 5), healthy(2, 0), othersOnly(3, 9))).toEqual({
    findings: [],
    compared: {
      ...{ contracts: 3, externalContracts: 2, heldContracts: 2, trades: 2, ordersInBooks: 2 },
      ...{ ownOrders: 2, foreignOrders: 0, executions: 3, unknownOver: 0 },
    },
  });
});

test('[REC-2] an order of unknown fate may explain a difference: it is waited for, and counts nothing', () => {
  const side = holding(1, 25);
  const trades = side.trades.map((trade) => ({
    ...trade,
    legs: trade.legs.map((leg) => ({ ...leg, status: 'UNKNOWN' as const })),
  }));
  const { findings } = of({ ...side, trades });
  expect(findings[0]).toMatchObject({ kind: 'position_more', step: 'wait', isUnexplained: false });
});

test('[REC-2] an execution that was told late is told of, with how late', () => {
  const { books, snapshot } = pairOf([healthy(1, 0)]);
  const late = {
    ...{ executionId: 'e1', tradeId: 'trade-1', symbol: 'SYM1', side: 'SELL' as const },
    ...{ quantity: '5', price: '99', executedAtMs: T0, receivedAtMs: T0 + 90_000 },
  };
  const { findings } = compare({ ...books, lateExecutions: [late] }, snapshot);
  expect(findings).toMatchObject([{ kind: 'missed_execution', step: 'none' }]);
  expect(findings[0]!.summary).toBe('SYM1: SELL 5 at 99 was told 90 s late');
});

test('[REC-2] rows of other accounts are not compared', () => {
  const { books, snapshot } = pairOf([healthy(1, 0)]);
  const other = { ...position(8, 50), account: `${ACCOUNT}X` };
  const order = { ...snapshot.orders[0]!, account: `${ACCOUNT}X`, clientOrderId: null };
  const picture = {
    ...snapshot,
    positions: [...snapshot.positions, other],
    orders: [...snapshot.orders, order],
  };
  expect(compare(books, picture)).toEqual(compare(books, snapshot));
});

describe('recovery', () => {
  test('[REC-3] the difference is priced by the last price, else by what the shares cost', () => {
    const { findings } = of(holding(1, 21), holding(2, 29));
    expect(findings.map(({ value }) => value)).toEqual(['101', '101']);
    expect(unexplainedValue(findings)).toBe('202.00');
    const side = holding(1, 21);
    const unquoted = of({ ...side, contract: { ...side.contract, lastPrice: null } });
    expect(unexplainedValue(unquoted.findings)).toBe('100.00');
  });

  test('[REC-3] over the limit: recovery; at the limit: not', () => {
    const found = of(holding(1, 21), healthy(2, 0), healthy(3, 0));
    expect(recoveryOf(found, '101')).toBeNull();
    expect(recoveryOf(found, '100.99')).toMatchObject({ isMassVanish: false });
    expect(recoveryOf(found, '100')!.reason).toContain('101.00');
  });

  test('[REC-3] a share without any price is not taken for worthless', () => {
    const side = { ...holding(1, 0), trades: [] };
    const contract = { ...side.contract, lastPrice: null, averageCost: null };
    const found = of({ ...side, contract }, healthy(2, 0), healthy(3, 0));
    expect(recoveryOf(found, '1000000')!.reason).toContain('unknown price');
  });

  test('[REC-3] more than half of the positions gone: recovery, whatever they are worth', () => {
    const gone = [holding(1, 0), holding(2, 0)];
    expect(recoveryOf(of(...gone, healthy(3, 0)), '1000000')).toMatchObject({ isMassVanish: true });
    expect(recoveryOf(of(...gone, healthy(3, 0), healthy(4, 0)), '1000000')).toBeNull();
  });

  test('[REC-3] references that the database lacks: recovery', () => {
    const { books, snapshot } = pairOf([healthy(1, 0)], []);
    expect(recoveryOf(compare(books, snapshot), '100')!.reason).toContain('restored backup');
  });

  test('[REC-5] [REC-3] a split is no loss: it quarantines its symbol alone', () => {
    const split = { ...healthy(1, 0), positions: [position(1, 40, '50')] };
    expect(recoveryOf(of(split), '100')).toBeNull();
  });

  test('[REC-2] shares of others are no difference of ours', () => {
    const transfer = { ...othersOnly(1, 5), positions: [position(1, 500)] };
    expect(recoveryOf(of(transfer), '100')).toBeNull();
  });
});

test('[REC-2] only what two looks show with the same numbers lasts', () => {
  const first = of(holding(1, 21), holding(2, 25)).findings;
  const second = of(holding(1, 21), holding(2, 26), holding(3, 0)).findings;
  expect(lasting(first, second).map(({ symbol }) => symbol)).toEqual(['SYM1']);
});

describe('[REC-5] after a split', () => {
  const side = healthy(1, 0);
  const [trade] = side.trades;
  const split = {
    ...side,
    trades: [{ ...trade!, targetPrice: '110', legs: [] }],
    orders: [],
    positions: [position(1, 200, '10')],
  };

  test('the exits that would fit are shown, and why none is sent', () => {
    const found = of(split).findings.find(({ kind }) => kind === 'corporate_action');
    expect(found?.summary).toBe(
      'SYM1: the broker holds 200, the books say 20 of trades: 10 times as many, at a cost of 10 a share instead of 100, as a split makes it',
    );
    expect(found?.why).toContain('nothing is sent across a split');
    expect(found?.why).toContain('SELL 200 (was 20), stop 9.5 (was 95), target 11 (was 110)');
  });

  test('shares without a stop are a question, not a repair', () => {
    const found = of(split).findings.find(({ kind }) => kind === 'unprotected');
    expect(found).toMatchObject({ step: 'ask', tradeIds: ['trade-1'] });
    expect(found?.why).not.toContain('repairs itself');
  });
});

test('[REC-3] a reference that the database lacks is told with what the broker knows of it', () => {
  const { books, snapshot } = pairOf([healthy(1, 0)], []);
  const { findings } = compare(books, snapshot);
  const told = findings.filter(({ kind }) => kind === 'unknown_reference');
  expect(told.map(({ summary }) => summary)).toEqual([
    expect.stringMatching(/^SYM1: .*the order SELL 20 STP at 95 \(PreSubmitted\)$/),
    expect.stringMatching(/^SYM1: .*BUY 20 filled at 100$/),
  ]);
});

describe('[REC-3] references that the database lacks, once a person has resumed after them', () => {
  const { books, snapshot } = pairOf([healthy(1, 0)], []);
  const [stop] = snapshot.orders;
  const entry = snapshot.executions[0]!.clientOrderId!;
  const after = (seenReferences: readonly string[], orders = snapshot.orders) => {
    const seen = { ...books, seenReferences: new Set(seenReferences) };
    const { findings, compared } = compare(seen, { ...snapshot, orders });
    const unknown = findings.filter(({ kind }) => kind === 'unknown_reference');
    return { found: unknown.map(({ subject }) => subject), over: compared.unknownOver };
  };
  const live = stop!.clientOrderId!;

  test('what is over is counted, and what is live stays a finding', () => {
    expect(after([])).toEqual({ found: [live, entry].sort(), over: 0 });
    expect(after([live, entry])).toEqual({ found: [live], over: 1 });
    const ended = [{ ...stop!, status: 'CANCELLED' as const }];
    expect(after([live, entry], ended)).toEqual({ found: [], over: 2 });
  });

  test('one that nobody has seen is told', () => {
    const ended = [{ ...stop!, status: 'CANCELLED' as const }];
    expect(after([entry], ended)).toEqual({ found: [live], over: 1 });
  });

  test('of more than a pause names nobody has seen all, so they stay what was resumed', () => {
    const [execution] = snapshot.executions;
    const executions = Array.from({ length: EVIDENCE_MAX + 1 }, (_, n) => ({
      ...execution!,
      ...{ executionId: `e${n}.1`, executionKey: `e${n}`, clientOrderId: reference(`many-${n}`) },
    }));
    const names = executions.map(({ clientOrderId }) => clientOrderId);
    const seen = { ...books, seenReferences: new Set(names) };
    const { findings, compared } = compare(seen, { ...snapshot, orders: [], executions });
    const unknown = findings.filter(({ kind }) => kind === 'unknown_reference');
    expect([unknown.length, compared.unknownOver]).toEqual([EVIDENCE_MAX + 1, 0]);
  });
});

test('[REC-2] of an order without a trade it is told which way it goes, and for how many shares', () => {
  const { books, snapshot } = pairOf([healthy(1, 0)], []);
  const strangers = snapshot.orders.map((order) => ({ ...order, clientOrderId: 'by hand' }));
  const workingOf = (orders: typeof snapshot.orders) =>
    compare(books, { ...snapshot, orders })
      .findings.filter(({ kind }) => kind === 'foreign_order' || kind === 'unknown_reference')
      .map(({ working }) => working);
  const stop = { side: 'SELL', quantity: '20', terms: 'SELL 20 STP at 95 (PreSubmitted)' };
  expect(workingOf(snapshot.orders)).toContainEqual(stop);
  expect(workingOf(strangers)).toContainEqual(stop);
  const ended = snapshot.orders.map((order) => ({ ...order, status: 'CANCELLED' as const }));
  expect(workingOf(ended).filter(Boolean)).toEqual([]);
});

describe('[REC-5] a split whose ratio a hand hides', () => {
  /** Of 20 shares at 100 (stop 95, target 110) the exits are gone, and the market is there. */
  const across = (
    shares: number,
    lastPrice: string | null,
    splitSeen: string | null = null,
  ): Side => {
    const side = healthy(1, 0);
    return {
      ...side,
      contract: { ...side.contract, lastPrice, splitSeen },
      trades: side.trades.map((trade) => ({ ...trade, targetPrice: '110', legs: [] })),
      ...{ orders: [], positions: [position(1, shares, '100')] },
    };
  };
  const found = (side: Side) => of(side).findings.find(({ difference }) => difference !== null)!;
  const NAMED = '"ballast resolve split TRADE --ratio NEW:OLD"';

  test.each<[string, Side, string]>([
    ['10:1, and a hand sold', across(113, '10'), 'position_more'],
    ['1:10, and a hand bought', across(7, '1000'), 'position_less'],
  ])('%s: nothing is booked in shares of before, and a person is asked', (_, side, kind) => {
    expect(found(side)).toMatchObject({ kind, step: 'quarantine', mayBeSplit: true });
    expect(found(side).why).toContain(NAMED);
    const unprotected = of(side).findings.find((one) => one.kind === 'unprotected');
    expect(unprotected).toMatchObject({ step: 'ask' });
  });

  test.each<[string, Side, string]>([
    ["the price is the trade's own", across(7, '101'), 'book_outside'],
    ['nobody knows the price', across(7, null), 'book_outside'],
    ['an exit lives', { ...healthy(1, 0), positions: [position(1, 7)] }, 'book_outside'],
    ['more are held, at the price of before', across(113, '101'), 'quarantine'],
  ])('%s: as ever', (_, side, step) => {
    const one = found(side);
    expect(one.step).toBe(step);
    expect(one.mayBeSplit ?? false).toBe(false);
    expect(one.why).toContain('"ballast resolve difference"');
  });

  /** Of 45 shares at 46.02 the broker has made 90; a hand has sold 15 of those, and the books know of it. */
  const handSold = (splitSeen: string | null, change: Partial<Side['contract']> = {}): Side => {
    const side = across(75, '23', splitSeen);
    const known = { managed: '45', external: '-15', averageCost: '40.2475', ...change };
    return {
      ...side,
      contract: { ...side.contract, ...known },
      trades: side.trades.map((trade) => ({ ...trade, held: '45' })),
      positions: [position(1, 75, '23.01')],
    };
  };

  test.each<[string, Side]>([
    [
      'the ratio seen before was 2',
      handSold('corporate action: the broker holds 2 times what the books say'),
    ],
    [
      'a comparison had seen 2',
      handSold(
        'corporate action: AAA: the broker holds 90, the books say 45 of trades: 2 times as many, as a split makes it',
        {
          averageCost: '57.5',
        },
      ),
    ],
    ['none was seen before, and the cost fits no 2.5', handSold(null)],
  ])('[REC-5] 2:1, and a hand sold: no 2.5 is proposed where %s', (_, side) => {
    const one = found(side);
    expect(one).toMatchObject({ kind: 'position_more', step: 'quarantine', mayBeSplit: true });
    expect(one.why).toContain(NAMED);
    expect(one.why).not.toContain('takes over');
  });

  test.each<[string, Partial<Side['contract']>, string, string | null]>([
    ['the cost fits within 10 %', { averageCost: '100' }, '37', null],
    [
      'the broker has not changed the cost yet, and the price has followed',
      { averageCost: '100', lastPrice: '40' },
      '100',
      null,
    ],
    [
      'it is the ratio that was seen',
      { averageCost: '100' },
      '37',
      'corporate action: the broker holds 2.5 times what the books say',
    ],
    ['nobody knows what they cost', { averageCost: null }, '37', null],
  ])('[REC-5] a ratio is proposed where %s', (_, change, averageCost, seen) => {
    const side = handSold(seen, { external: '-15', ...change });
    const one = found({ ...side, positions: [position(1, 75, averageCost)] });
    expect(one).toMatchObject({ kind: 'corporate_action', step: 'quarantine' });
    expect(one.why).toContain('"ballast resolve split TRADE" takes over');
  });

  test.each([113, 7])('while its quarantine stands the advice names it: %s are held', (shares) => {
    const one = found(across(shares, '101', 'corporate action: the broker holds 200'));
    expect(one).toMatchObject({ step: 'quarantine' });
    expect(one.why).toContain(NAMED);
    expect(one.why).toContain('"ballast resolve difference"');
    expect(one.why.indexOf('resolve split')).toBeLessThan(one.why.indexOf('resolve difference'));
  });
});
