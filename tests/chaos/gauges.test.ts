/** Limits over time, on records made by hand: a planted breach is found, and what is within them is not. */
import { describe, expect, test } from '@jest/globals';
import { fullestReadings, limitFindings, readingsOf, type Caps } from '../../chaos/judge/gauges.js';
import { ledgerReadings, type ApprovedTrade } from '../../chaos/judge/ledger-use.js';
import { accountSums, reservedFindings } from '../../chaos/judge/reserved.js';
import type { Ledger, LedgerExecution, LedgerOrder } from '../../chaos/stack/gateway-control.js';
import { decimal } from '../../domain/money.js';
import type { BracketPlan } from '../../domain/risk/plan.js';

const T0 = 1_000_000;

const CAPS: Caps = {
  positions: decimal('2'),
  position: decimal('1100'),
  strategy: decimal('1500'),
  openRisk: decimal('60'),
};
const ACCOUNT = {
  ...{ caps: CAPS, cash: decimal('2100') },
  ...{ tradesPerDay: decimal('3'), ordersPerMinute: decimal('6') },
};

const trade = (tradeId: string, strategyId: string): ApprovedTrade => ({
  ...{ tradeId, strategyId },
  entries: new Set([`${tradeId}-entry`]),
  exits: new Set([`${tradeId}-stop`]),
  stopReferences: new Set([`${tradeId}-stop`]),
  ...{ worstPrice: decimal('101'), worstRisk: decimal('3') },
});

function order(orderRef: string, fromMs: number, change: Partial<LedgerOrder> = {}): LedgerOrder {
  return {
    ...{ clientId: 1, orderId: 1, orderRef, symbol: 'AAPL', action: 'BUY', quantity: '10' },
    ...{ orderType: 'LMT', status: 'Submitted', role: 'entry', signal: null, filled: '0' },
    ...{ remaining: '10', armed: false, firstAtMs: fromMs, acceptedAtMs: fromMs, history: [] },
    ...change,
  };
}

const ended = (status: string, atMs: number) => ({ status, history: [{ atMs, status }] });

const fill = (orderRef: string, side: string, atMs: number, shares = '10'): LedgerExecution => ({
  ...{ execId: `${orderRef}-${atMs}`, orderRef, symbol: 'AAPL', side, shares },
  ...{ price: '100', commission: '1', atMs },
});

function ledger(orders: LedgerOrder[], executions: LedgerExecution[] = []): Ledger {
  const more = { findings: [], breaches: [], contracts: [], stagedOrders: [] };
  const messages = { connects: 0, orders: [] };
  return { atMs: T0 + 10_000, verdicts: {}, ...more, orders, executions, messages };
}

/** Bought and sold again; the stop's order is there from the entry on. */
function round(tradeId: string, fromMs: number, toMs: number): [LedgerOrder[], LedgerExecution[]] {
  const stop = { role: 'exit', stopPrice: '97' } as const;
  return [
    [
      order(`${tradeId}-entry`, fromMs, ended('Filled', fromMs + 10)),
      order(`${tradeId}-stop`, fromMs, { ...stop, ...ended('Filled', toMs) }),
    ],
    [fill(`${tradeId}-entry`, 'BOT', fromMs + 10), fill(`${tradeId}-stop`, 'SLD', toMs)],
  ];
}

const breaches = (of: Ledger, ...trades: ApprovedTrade[]) =>
  limitFindings('ledger', ledgerReadings(of, trades, ACCOUNT)).map(({ detail }) =>
    detail.replace(/, at \d.*/, ''),
  );

describe('[RSK-2] by the ledger', () => {
  const [a, b, c] = [trade('a', 's1'), trade('b', 's2'), trade('c', 's3')];

  test('one after the other takes as much as one', () => {
    const [orders, fills] = round('a', T0, T0 + 100);
    const [orders2, fills2] = round('b', T0 + 200, T0 + 300);
    const [orders3, fills3] = round('c', T0 + 400, T0 + 500);
    const all = ledger(orders.concat(orders2, orders3), fills.concat(fills2, fills3));
    expect(breaches(all, a, b, c)).toEqual([]);
  });

  test('three for a moment, of which the last only works yet, are one position too many', () => {
    const [orders, fills] = round('a', T0, T0 + 100);
    const [orders2, fills2] = round('b', T0 + 20, T0 + 300);
    const rests = order('c-entry', T0 + 99, { ...ended('Cancelled', T0 + 100) });
    const all = ledger([...orders, ...orders2, rests], [...fills, ...fills2]);
    expect(breaches(all, a, b, c)).toEqual([
      'open positions: 3, at most 2',
      'open risk: 90, at most 60',
      'cash: 3012, at most 2100',
    ]);
  });

  test('two of one strategy', () => {
    const [orders, fills] = round('a', T0, T0 + 100);
    const [orders2, fills2] = round('b', T0 + 20, T0 + 300);
    const all = ledger([...orders, ...orders2], [...fills, ...fills2]);
    expect(breaches(all, a, trade('b', 's1'))).toEqual(['one strategy: 2010, at most 1500']);
  });

  test('a position that was bought too large, and a fill of an order that was sent twice', () => {
    const twice = [order('a-entry', T0, ended('Filled', T0 + 10))];
    const fills = [fill('a-entry', 'BOT', T0 + 10), fill('a-entry', 'BOT', T0 + 20)];
    expect(breaches(ledger(twice, fills), a)).toEqual([
      'one position: 2000, at most 1100',
      'one strategy: 2000, at most 1500',
    ]);
  });

  test('more orders and trades than a minute and a day may have', () => {
    const trades = ['a', 'b', 'c', 'd'].map((id) => trade(id, id));
    const rounds = trades.map(({ tradeId }, at) =>
      round(tradeId, T0 + at * 200, T0 + at * 200 + 100),
    );
    const all = ledger(
      rounds.flatMap(([orders]) => orders),
      rounds.flatMap(([, fills]) => fills),
    );
    expect(breaches(all, ...trades)).toEqual([
      'trades today: 4, at most 3',
      'orders a minute: 8, at most 6',
    ]);
  });
});

test('[RSK-2] of each limit the fullest instant is told', () => {
  const holding = (value: string) => ({
    ...{ tradeId: 'a', strategyId: 's1', value: decimal(value), risk: decimal('1') },
  });
  const readings = ['500', '900', '700'].flatMap((value, at) =>
    readingsOf([holding(value)], CAPS, T0 + at),
  );
  const fullest = fullestReadings(readings).find(({ gauge }) => gauge === 'one position');
  expect(fullest).toMatchObject({ atMs: T0 + 1, subject: 'a' });
});

describe('[RSK-2] what is reserved', () => {
  const plan = {
    quantity: '10',
    reservation: { cash: '1010', exposure: '1010', openRisk: '30' },
  } as BracketPlan;
  const approved = { ...trade('a', 's1'), accountId: 'x', plan };
  const row = {
    ...{ tradeId: 'a', accountId: 'x', strategyId: 's1', phase: 'CASH', cash: '1010' },
    ...{ restingCash: '1010', exposure: '1010', openRisk: '30' },
  };
  const resting = ledger([order('a-entry', T0)]);
  const details = (rows: (typeof row)[], of: Ledger) =>
    reservedFindings(rows, [approved], of).map(({ detail }) => detail);

  test('is all of it while the entry works, and the rest of the cash once a part is filled', () => {
    expect(details([row], resting)).toEqual([]);
    const part = ledger(
      [order('a-entry', T0, { remaining: '6' })],
      [fill('a-entry', 'BOT', T0 + 10, '4')],
    );
    expect(details([{ ...row, restingCash: '606' }], part)).toEqual([]);
    expect(details([row], part)).toEqual(["reserved restingCash 1010, the broker's 606"]);
    expect(accountSums([{ ...row, restingCash: '606' }], [approved], part)).toEqual([
      {
        ...{ accountId: 'x', reserved: '1010', open: '1010' },
        ...{ restingCash: '606', canBeBought: '606' },
      },
    ]);
  });

  test('may not be let go while the entry can fill, nor kept once it can not', () => {
    expect(details([{ ...row, phase: 'RELEASED' }], resting)).toEqual([
      "reserved exposure 0, the broker's 1010",
      "reserved restingCash 0, the broker's 1010",
    ]);
    const over = ledger([order('a-entry', T0, ended('Cancelled', T0 + 10))]);
    expect(details([row], over)).toEqual([
      "reserved exposure 1010, the broker's 0",
      "reserved restingCash 1010, the broker's 0",
    ]);
    expect(details([{ ...row, phase: 'RELEASED' }], over)).toEqual([]);
  });

  test('may not be kept for a trade that nobody approved', () => {
    const stray = { ...row, tradeId: 'z' };
    expect(details([row, stray], resting)).toEqual([
      'reserved is kept for a trade that was not approved',
    ]);
  });
});
