/** A run's list of signals: what may be listed and amended, and what the ledger makes of it. */
import { expect, test } from '@jest/globals';
import type { ListedFact } from '../../gateway/ledger/inputs.js';
import { Ledger } from '../../gateway/ledger/ledger.js';
import { ListConflict, listedView } from '../../gateway/ledger/listed.js';
import { ledgerReport } from '../../gateway/ledger/report.js';
import { NOTHING_JUDGED } from '../support/verdicts.js';
import { Desk, alone, bracket } from './ledger-desk.js';
import { WAITING } from './ledger-facts.js';

const SIGNAL: ListedFact = {
  ...{ signal: 's-1', symbol: 'IBM', side: 'BUY', quantity: '133', orderRefPrefix: 's-1-' },
};

function list(desk: Desk, ...signals: ListedFact[]): void {
  desk.ledger.checkSignals(signals);
  desk.tell({ kind: 'signals', signals });
}

const view = (desk: Desk) => {
  desk.ledger.judge();
  return desk.ledger.list.all().map(listedView);
};

test('[GWY-7] a listed signal shows its entry; the signal its name', () => {
  const desk = new Desk();
  list(desk, SIGNAL);
  expect(view(desk)).toMatchObject([{ signal: 's-1', quantity: '133', entry: null }]);
  desk.wait(1);
  desk.open({ id: 1, ref: 's-1-entry', shares: '132' });
  expect(view(desk)).toEqual([
    {
      ...{ signal: 's-1', symbol: 'IBM', side: 'BUY', quantity: '133', orderRefPrefix: 's-1-' },
      ...{ orderRefs: [], listedAtMs: 1_000_000, entry: 'DU1000001 IBM s-1-entry' },
      entryAcceptedAtMs: 1_001_000,
    },
  ]);
  expect(desk.report().signals).toMatchObject([{ listed: 's-1', approved: '133' }]);
});

test('[GWY-7] a quantity is amended until the entry is accepted, then it stands', () => {
  const desk = new Desk();
  const { quantity: _none, ...unsized } = SIGNAL;
  list(desk, unsized);
  list(desk, { ...SIGNAL, quantity: '120' });
  list(desk, { ...SIGNAL, quantity: '133' });
  list(desk, unsized);
  const { entry } = bracket({ id: 1, ref: 's-1-e', shares: '140' });
  desk.send(entry);
  list(desk, { ...SIGNAL, quantity: '130' });
  desk.show(entry);
  expect(() => list(desk, { ...SIGNAL, quantity: '140' })).toThrow(ListConflict);
  expect(() => list(desk, { ...SIGNAL, quantity: '140' })).toThrow(
    'signal "s-1" is approved with 130: its entry was accepted, too late to amend it',
  );
  list(desk, { ...SIGNAL, quantity: '130.0' });
  desk.trade(entry);
  expect(desk.report().verdicts).toMatchObject({ overfilledEntries: 1, overfilledShares: '10' });
});

test('[GWY-7] without a quantity the entry’s own stands once it is accepted', () => {
  const desk = new Desk();
  const { quantity: _none, ...unsized } = SIGNAL;
  list(desk, unsized);
  desk.place(bracket({ id: 1, ref: 's-1-e', shares: '140' }).entry);
  expect(() => list(desk, SIGNAL)).toThrow(/is approved with 140/);
  list(desk, { ...SIGNAL, quantity: '140' });
});

test.each<[string, Partial<ListedFact>, string]>([
  ['another side', { side: 'SELL' }, 'signal "s-1" is listed as BUY IBM'],
  ['another symbol', { symbol: 'AIG' }, 'signal "s-1" is listed as BUY IBM'],
  ['another prefix', { orderRefPrefix: 's-2-' }, 'signal "s-1" has the prefix "s-1-"'],
  ['another one’s prefix', { signal: 's-9' }, 'prefix s-1- belongs to signal "s-1"'],
  [
    'another one’s reference',
    { signal: 's-9', orderRefPrefix: 's-9-', orderRefs: ['r-1'] },
    'reference r-1 belongs to signal "s-1"',
  ],
])('[GWY-7] a list that contradicts itself is refused: %s', (_, change, message) => {
  const desk = new Desk();
  list(desk, { ...SIGNAL, orderRefs: ['r-1'] });
  const before = view(desk);
  const fit: ListedFact = { signal: 's-5', symbol: 'IBM', side: 'BUY', orderRefs: ['r-5'] };
  expect(() => desk.ledger.checkSignals([fit, { ...SIGNAL, ...change }])).toThrow(message);
  expect(() => desk.ledger.checkSignals([fit, { ...SIGNAL, ...change }])).toThrow(ListConflict);
  expect(view(desk)).toEqual(before);
});

test('[GWY-7] two signals of one request share no reference, and each has one', () => {
  const desk = new Desk();
  const twice = [SIGNAL, { ...SIGNAL, signal: 's-2' }];
  expect(() => desk.ledger.checkSignals(twice)).toThrow('prefix s-1- belongs to signal "s-1"');
  const { orderRefPrefix: _none, ...nameless } = SIGNAL;
  expect(() => desk.ledger.checkSignals([nameless])).toThrow(
    'signal "s-1" needs "orderRefPrefix" or "orderRefs"',
  );
  list(desk, SIGNAL);
  list(desk, { ...nameless, orderRefs: ['r-1', 'r-2'] });
  list(desk, { ...nameless, orderRefs: ['r-2', 'r-3'] });
  expect(view(desk)).toMatchObject([{ orderRefs: ['r-1', 'r-2', 'r-3'] }]);
});

test('[GWY-7] the list is bounded', () => {
  const desk = new Desk();
  const many = Array.from({ length: 20_000 }, (_, index) => ({
    ...SIGNAL,
    ...{ signal: `s-${index}`, orderRefPrefix: `s-${index}-` },
  }));
  list(desk, ...many);
  expect(() => list(desk, { ...SIGNAL, signal: 'more', orderRefPrefix: 'more' })).toThrow(
    'the list is full: it holds 20000 signals at most',
  );
  list(desk, { ...SIGNAL, signal: 's-1', quantity: '7' });
});

test('[GWY-7] the longest prefix tells whose an order is', () => {
  const desk = new Desk();
  list(desk, { ...SIGNAL, signal: 'one', orderRefPrefix: 't1' });
  list(desk, { ...SIGNAL, signal: 'twelve', orderRefPrefix: 't12' });
  desk.place(bracket({ id: 1, ref: 't12-e' }).entry);
  desk.place(bracket({ id: 11, ref: 't1-e' }).entry);
  const { signals, verdicts } = desk.report();
  expect(signals.map((signal) => signal.listed)).toEqual(['twelve', 'one']);
  expect(verdicts).toEqual(NOTHING_JUDGED);
});

test('[GWY-7] with a list a second strategy may sell short what another one holds', () => {
  const desk = new Desk();
  list(desk, SIGNAL, { ...SIGNAL, signal: 's-2', side: 'SELL', orderRefPrefix: 's-2-' });
  desk.open({ id: 1, ref: 's-1-e', shares: '133' });
  desk.place(bracket({ id: 11, ref: 's-2-e', shares: '50', side: 'SELL' }).entry);
  const { orders, signals } = desk.report();
  expect(orders.map((order) => order.role)).toEqual(['entry', 'exit', 'exit', 'entry']);
  expect(signals.map((signal) => signal.listed)).toEqual(['s-1', 's-2']);
});

test('[GWY-7] the findings name the strays and what they repeat', () => {
  const desk = new Desk();
  list(desk, SIGNAL);
  desk.place(bracket({ id: 1, ref: 's-1-e' }).entry);
  desk.wait(1);
  desk.place(bracket({ id: 11, ref: 'other' }).entry);
  desk.place(bracket({ id: 12, ref: 'stranger', symbol: 'AIG' }).entry);
  const { findings, signals } = desk.report();
  expect(findings).toMatchObject([
    { kind: 're-referenced-entry', order: { orderRef: 'other' }, repeats: ['s-1-e'] },
    { kind: 'unlisted-entry', order: { orderRef: 'stranger' }, repeats: [] },
  ]);
  expect(signals.map((signal) => signal.listed)).toEqual(['s-1', 's-1', null]);
});

test('[GWY-7] what was judged stays judged when its record is gone', () => {
  const desk = new Desk(100);
  const end = (orderId: number, ref: string, shares = '100') => {
    const { entry } = bracket({ id: orderId, ref, shares });
    desk.wait(1);
    desk.place(entry);
    desk.knows(entry);
    desk.trade(entry);
    desk.state('0');
  };
  list(desk, { ...SIGNAL, quantity: '100' });
  end(1, 's-1-e');
  end(2, 'other', '20');
  desk.place(bracket({ id: 3, ref: 'stranger', symbol: 'AIG' }).entry);
  desk.cancel(bracket({ id: 3, ref: 'stranger', symbol: 'AIG' }).entry);
  const judged = {
    ...{ reReferencedEntries: 1, unlistedEntries: 1 },
    ...{ overfilledEntries: 1, overfilledShares: '20' },
  };
  const bare = Number(desk.report().verdicts.unprotectedShareSeconds);
  expect(desk.report().verdicts).toMatchObject(judged);
  const later = Array.from({ length: 2_200 }, (_, index) => index + 10);
  list(
    desk,
    ...later.map((index) => ({
      ...{ ...SIGNAL, signal: `${index}`, quantity: '100', orderRefPrefix: `n${index}-` },
    })),
  );
  for (const index of later) end(index, `n${index}-e`);
  const report = desk.report();
  expect(report.signals.map((signal) => signal.orderRef)).not.toContain('other');
  expect(report.verdicts).toMatchObject(judged);
  expect(report.findings).toHaveLength(2);
  expect(Number(report.verdicts.unprotectedShareSeconds)).toBe(bare);
  const { stop } = bracket({ id: 4_000, ref: 's-1-e' });
  desk.place({ ...alone(stop, { orderRef: 's-1-stop' }), ...WAITING });
  expect(desk.report().orders.at(-1)).toMatchObject({ role: 'exit', signal: null });
  desk.place(bracket({ id: 5_000, ref: 's-1-again' }).entry);
  expect(desk.report().verdicts).toMatchObject({ ...judged, reReferencedEntries: 2 });
});

test('[GWY-7] the same facts, a list among them, give the same report', () => {
  const desk = new Desk();
  list(desk, SIGNAL);
  desk.open({ id: 1, ref: 's-1-e' });
  desk.report();
  desk.place(bracket({ id: 11, ref: 'other' }).entry);
  list(desk, { ...SIGNAL, signal: 's-2', orderRefPrefix: 'oth' });
  const again = new Ledger();
  const facts = JSON.parse(JSON.stringify(desk.inputs)) as typeof desk.inputs;
  for (const fact of facts) again.apply(fact);
  const report = desk.report();
  expect(ledgerReport(again, report.atMs)).toEqual(report);
  expect(report.verdicts).toEqual(NOTHING_JUDGED);
});

test('five thousand listed signals and their entries are reported in linear time', () => {
  const desk = new Desk();
  const signals = Array.from({ length: 5_000 }, (_, index) => ({
    ...SIGNAL,
    ...{ signal: `s-${index}`, quantity: '1', orderRefPrefix: `s${index}-` },
  }));
  list(desk, ...signals);
  for (let index = 0; index < 5_000; index += 1) {
    desk.wait(0.001);
    const { entry } = bracket({ id: index + 1, ref: `s${index}-e`, shares: '1' });
    desk.place(entry);
    desk.knows(entry);
  }
  desk.report();
  const before = performance.now();
  expect(desk.report().verdicts).toEqual(NOTHING_JUDGED);
  // Some 0.4 s on an idle machine.
  expect(performance.now() - before).toBeLessThan(8_000);
});

test('[GWY-7, TRD-12] an entry that is busted after its exit is taken back by one order, and no more', () => {
  const takenBack = (...sizes: string[]) => {
    const desk = new Desk();
    list(desk, { ...SIGNAL, quantity: '100' });
    const made = bracket({ id: 1, ref: 's-1-entry' });
    desk.sendBracket(made);
    desk.fill(made.entry, '100', '100', '0001.e.01.01');
    desk.show({ ...made.entry, status: 'Filled', filled: '100', remaining: '0' });
    desk.arm(made);
    desk.wait(1);
    desk.takeProfit(made);
    desk.fill(made.entry, '0', '-100', '0001.e.01.02');
    sizes.forEach((quantity, index) => {
      desk.wait(1);
      const order = { orderId: 10 + index, orderRef: `s-1-close-${index}`, quantity };
      desk.place({ ...order, action: 'BUY', orderType: 'MKT', remaining: quantity });
      desk.trade({ ...order, action: 'BUY' });
    });
    const { duplicateEntries, reReferencedEntries, overfilledEntries } = desk.report().verdicts;
    return { repeats: duplicateEntries + reReferencedEntries, overfilledEntries };
  };
  expect(takenBack('100')).toEqual({ repeats: 0, overfilledEntries: 0 });
  expect(takenBack('60', '40')).toEqual({ repeats: 0, overfilledEntries: 0 });
  expect(takenBack('100', '100').repeats).toBe(1);
  expect(takenBack('130').repeats).toBe(1);
});
