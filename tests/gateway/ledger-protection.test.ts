import { expect, test } from '@jest/globals';
import { NOTHING_JUDGED } from '../support/verdicts.js';
import { Desk, alone } from './ledger-desk.js';
import * as facts from './ledger-facts.js';
import { CANCELLED, ENTRY, FILLED, HELD, STOP, Story, TARGET, WAITING } from './ledger-facts.js';

const { openBracket, stopOut } = facts;

test('[GWY-7] a bracket that lives as it should leaves nothing to judge', () => {
  const story = new Story();
  openBracket(story);
  story.wait(3_600);
  stopOut(story);
  story.wait(60);
  const report = story.report();
  expect(report.verdicts).toEqual(NOTHING_JUDGED);
  expect(report.breaches).toEqual([]);
  expect(report.positions).toEqual([]);
  expect(report.signals).toMatchObject([
    { orderRef: 'bal-entry', approved: '100', entered: '100', exited: '100', entryOrders: 1 },
  ]);
});

test('[GWY-7] a stop at 0.01 is not armed: 100 shares for 10 seconds are 1000 share-seconds', () => {
  const story = new Story();
  openBracket(story, { stopPrice: '0.01' });
  story.wait(10);
  const { verdicts, signals, breaches } = story.report();
  expect(verdicts.unprotectedShareSeconds).toBe('1000');
  expect(signals[0]?.unprotectedShareSeconds).toBe('1000');
  expect(breaches).toMatchObject([
    { kind: 'unprotected', symbol: 'IBM', toMs: null, maxShares: '100' },
  ]);
});

test('[GWY-7] a far stop is judged when it is set: the market may run away from a good one', () => {
  const story = new Story();
  openBracket(story);
  story.market = '200';
  story.show({ ...STOP, ...WAITING });
  story.wait(10);
  expect(story.report().verdicts.unprotectedShareSeconds).toBe('0');
  story.show({ ...STOP, ...WAITING, stopPrice: '96' });
  story.wait(2);
  expect(story.report().verdicts.unprotectedShareSeconds).toBe('200');
});

test('[GWY-7] a stop held by its parent after the fill protects nothing', () => {
  const story = new Story();
  openBracket(story, HELD);
  story.wait(5);
  story.show({ ...STOP, ...WAITING });
  story.wait(5);
  expect(story.report().verdicts.unprotectedShareSeconds).toBe('500');
});

test.each([
  ['held for a locate', { status: 'PreSubmitted', whyHeld: 'locate,trigger' }],
  ['inactive', { status: 'Inactive', whyHeld: '' }],
  ['not acknowledged', { status: 'PendingSubmit', whyHeld: '' }],
  ['being cancelled', { status: 'PendingCancel', whyHeld: 'trigger' }],
  ['cancelled', CANCELLED],
  ['on the other side', { action: 'BUY' as const, whyHeld: 'trigger' }],
])('[GWY-7] a stop that is %s is not armed', (_, state) => {
  const story = new Story();
  openBracket(story);
  story.wait(1);
  story.show({ ...STOP, ...state });
  story.wait(4);
  expect(story.report().verdicts.unprotectedShareSeconds).toBe('400');
});

test('[GWY-7] a stop too small leaves the rest unprotected', () => {
  const story = new Story();
  openBracket(story, { quantity: '60', remaining: '60' });
  story.wait(10);
  expect(story.report().verdicts.unprotectedShareSeconds).toBe('400');
});

test('[GWY-7] exits left over nothing are in excess, the largest leg of an OCA group once', () => {
  const story = new Story();
  openBracket(story);
  story.wait(1);
  const close = { orderId: 9, action: 'SELL' as const, orderRef: 'bal-close' };
  story.place(close);
  story.fill(close, '100', '0');
  story.show({ ...close, ...FILLED });
  story.wait(7);
  const { verdicts, contracts, signals, orders } = story.report();
  expect(verdicts.excessExitShareSeconds).toBe('700');
  expect(signals).toMatchObject([{ exited: '100', open: '0', excessExitShareSeconds: '700' }]);
  expect(orders.map((order) => order.role)).toEqual(['entry', 'exit', 'exit', 'exit']);
  expect(contracts[0]).toMatchObject({ position: '0', exits: { SELL: '100' } });
});

test('[GWY-7] an exit on the side of the position only adds to it: all of it is excess', () => {
  const story = new Story();
  story.tell({ kind: 'position', account: facts.ACCOUNT, symbol: 'IBM', position: '-100' });
  story.place({ ...STOP, ...WAITING, parentId: 0, parentPermId: 0 });
  story.wait(2);
  expect(story.report().verdicts.excessExitShareSeconds).toBe('200');
});

test('[GWY-7] an exit alone in an OCA group over nothing is in excess, a child still held is not', () => {
  const story = new Story();
  story.place(ENTRY);
  story.place({ ...STOP, ...HELD });
  story.show({ ...ENTRY, ...CANCELLED });
  story.wait(5);
  expect(story.report().verdicts).toEqual(NOTHING_JUDGED);
  story.place({ ...TARGET, orderId: 8, parentId: 0, parentPermId: 0, ocaGroup: 'repair' });
  story.wait(5);
  expect(story.report().verdicts.excessExitShareSeconds).toBe('500');
});

test('[GWY-7] two exits that do not cancel each other count both', () => {
  const story = new Story();
  openBracket(story);
  story.place({ ...STOP, ...WAITING, orderId: 8, parentId: 0, parentPermId: 0, ocaGroup: 'other' });
  story.wait(3);
  expect(story.report().verdicts.excessExitShareSeconds).toBe('300');
  story.show({ ...TARGET, ...CANCELLED });
  story.show({ ...STOP, ...CANCELLED });
  story.wait(3);
  expect(story.report().verdicts).toMatchObject({
    excessExitShareSeconds: '300',
    unprotectedShareSeconds: '0',
  });
});

test('[GWY-7] full-size exits are no excess while their entry works, but are after its cancel', () => {
  const story = new Story();
  story.place(ENTRY);
  story.place({ ...STOP, ...HELD });
  story.fill(ENTRY, '40', '40');
  story.show({ ...ENTRY, filled: '40', remaining: '60' });
  story.show({ ...STOP, ...WAITING });
  story.wait(10);
  expect(story.report().verdicts).toEqual(NOTHING_JUDGED);
  story.show({ ...ENTRY, status: 'Cancelled', filled: '40', remaining: '60' });
  story.wait(10);
  expect(story.report().verdicts.excessExitShareSeconds).toBe('600');
});

test('[GWY-7] what the exchange tells in one instant is judged as a whole', () => {
  const story = new Story();
  story.place(ENTRY);
  story.place({ ...STOP, ...HELD });
  story.wait(1);
  story.tell({ kind: 'position', account: facts.ACCOUNT, symbol: 'IBM', position: '100' });
  story.show({ ...ENTRY, ...FILLED });
  story.fill(ENTRY, '100');
  story.show({ ...STOP, ...WAITING });
  story.wait(10);
  expect(story.report().verdicts).toEqual(NOTHING_JUDGED);
  expect(story.report().contracts[0]).toMatchObject({ position: '100', managed: '100' });
});

test('[GWY-7] shares bought or closed by hand need no stop of ours', () => {
  const story = new Story();
  const byHand = { orderId: 0, clientId: 0, permId: 77, orderRef: '' };
  story.show(byHand);
  story.fill(byHand, '100', '100');
  story.wait(10);
  expect(story.report().verdicts).toEqual(NOTHING_JUDGED);
  openBracket(story);
  story.wait(1);
  story.tell({ kind: 'position', account: facts.ACCOUNT, symbol: 'IBM', position: '0' });
  story.show({ ...STOP, ...CANCELLED });
  story.show({ ...TARGET, ...CANCELLED });
  story.wait(10);
  expect(story.report().verdicts).toEqual(NOTHING_JUDGED);
});

test('[GWY-7] a signal needs stops for no more than the account still holds', () => {
  const story = new Story();
  const second = { ...ENTRY, orderId: 5, orderRef: 'bal-second' };
  for (const entry of [ENTRY, second]) {
    story.place(entry);
    story.fill(entry, '100', entry === ENTRY ? '100' : '200');
    story.show({ ...entry, ...FILLED });
  }
  const needs = () => story.report().signals.map((signal) => signal.unprotectedShares);
  expect(needs()).toEqual(['100', '100']);
  const byHand = { orderId: 0, clientId: 0, permId: 77, orderRef: '', action: 'SELL' as const };
  story.show({ ...byHand, quantity: '250', remaining: '250' });
  story.wait(1);
  story.fill(byHand, '150', '50');
  expect(needs()).toEqual(['50', '50']);
  expect(story.report().verdicts.unprotectedShareSeconds).toBe('200');
  story.wait(1);
  expect(story.report().verdicts.unprotectedShareSeconds).toBe('250');
  story.fill(byHand, '100', '-50');
  expect(needs()).toEqual(['0', '0']);
});

test('[GWY-7] signals that close one another are over when the account is flat', () => {
  const story = new Story();
  const short = { ...ENTRY, orderId: 5, orderRef: 'bal-short', action: 'SELL' as const };
  story.place(ENTRY);
  story.place(short);
  story.fill(ENTRY, '100', '100');
  story.show({ ...ENTRY, ...FILLED });
  story.wait(1);
  story.fill(short, '100', '0');
  story.show({ ...short, ...FILLED });
  story.wait(1);
  expect(story.report().signals.map((signal) => signal.open)).toEqual(['0', '0']);
});

test('[GWY-7] time in which the gateway itself was down does not count', () => {
  const story = new Story();
  openBracket(story, { stopPrice: '0.01' });
  story.wait(2);
  story.tell({ kind: 'tick' });
  story.wait(100);
  story.tell({ kind: 'up' });
  story.wait(3);
  expect(story.report().verdicts.unprotectedShareSeconds).toBe('500');
});

/** Two trades alike, both without exits; the later one is what a guess would name. */
function twoBare(desk: Desk) {
  const first = desk.open({ id: 1, ref: 's-1', stop: { orderRef: 'x' } });
  const second = desk.open({ id: 11, ref: 's-2' });
  for (const order of [first.stop, first.target, second.stop, second.target]) desk.cancel(order);
  return alone(first.stop, { orderId: 31, orderRef: 'other', ...WAITING });
}

test.each([
  ['its parent', { parentId: 1, parentPermId: 1001 }],
  ['its OCA group', { ocaGroup: 'oca-s-1', ocaType: 2 }],
  ['an exit of the same reference that is over', { orderRef: 'x' }],
  ['its entry’s reference and a letter', { orderRef: 's-1c' }],
  ['its entry’s reference and more', { orderRef: 's-1/close' }],
  ['a reference on the list', { orderRef: 'listed' }],
])('[GWY-7] whose an exit is, is told by %s', (_, evidence) => {
  const desk = new Desk();
  const stop = twoBare(desk);
  const signal = { signal: 'one', symbol: 'IBM', side: 'BUY' as const };
  desk.tell({ kind: 'signals', signals: [{ ...signal, orderRefs: ['s-1', 'listed'] }] });
  desk.place({ ...stop, ...evidence });
  expect(desk.report().orders.at(-1)?.signal).toBe('DU1000001 IBM s-1');
});

test.each([
  ['the latest that lacks it', {}, 's-2'],
  ['one that lacks as much', { quantity: '60', remaining: '60' }, 's-0'],
  ['no entry whose reference goes on in letters or digits', { orderRef: 's-11' }, 's-2'],
])('[GWY-7] without evidence an exit is that of %s', (_, stop, ref) => {
  const desk = new Desk();
  const small = desk.open({ id: 21, ref: 's-0', shares: '60' });
  desk.cancel(small.stop);
  desk.cancel(small.target);
  desk.place({ ...twoBare(desk), ...stop });
  expect(desk.report().orders.at(-1)?.signal).toBe(`DU1000001 IBM ${ref}`);
});
