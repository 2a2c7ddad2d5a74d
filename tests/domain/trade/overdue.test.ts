/** Fills whose executions never come: what the account holds is protected, and a person is told (TRD-3, TRD-11). */
import { expect, test } from '@jest/globals';
import { applyOrderEvent, newLeg } from '../../../domain/orders/machine.js';
import type { OrderEvent } from '../../../domain/orders/leg.js';
import type { Leg } from '../../../domain/trade/book.js';
import { finish } from '../../../domain/trade/finish.js';
import { ENTRY_END_MS, ENTRY_FOR_PERSON_MS } from '../../../domain/trade/protect-entry.js';
import { FACTS_FOR_PERSON_MS, FACTS_OVERDUE_MS } from '../../../domain/trade/overdue.js';
import { FLATTEN_AFTER_MS } from '../../../domain/trade/unarmed.js';
import { CLOSE, LIVE_QUOTE, lost, NOW_MS, plan, short } from './ask.js';
import { plannedBook } from './books.js';
import { ENTERED, filled, leg } from './legs.js';

const OVERDUE = { sinceMs: NOW_MS - FACTS_OVERDUE_MS };
const told = (quantity: string, since: object = OVERDUE) => ({
  reported: { filled: quantity, remaining: '0', done: true, ...since },
});
/** Sixty of its hundred shares are told by executions, all by its status. */
const HALF_TOLD = leg('ENTRY', { ...filled('60', '100', false), ...told('100') });
const LINK = { link: { readySinceMs: 0, pictureAtMs: 0 }, quote: { ...LIVE_QUOTE, atMs: NOW_MS } };

test('[TRD-3] the exits are made for what the account holds, once the executions are overdue', () => {
  const early = leg('ENTRY', {
    ...filled('60', '100', false),
    ...told('100', { sinceMs: NOW_MS - FACTS_OVERDUE_MS + 1 }),
  });
  expect(short([early])).toEqual([]);
  expect(short([HALF_TOLD])).toEqual(['place 100 95/110 new']);
  // Nobody knows what the account holds, or since when it is waited for.
  expect(short([HALF_TOLD], { brokerNet: null })).toEqual([]);
  expect(short([leg('ENTRY', { ...filled('60', '100', false), ...told('100', {}) })])).toEqual([]);
});

test.each([
  ['less than the status tells', '80', 'place 80 95/110 new'],
  ['no more than the status tells', '500', 'place 100 95/110 new'],
])('[TRD-3] the account holds %s', (_title, brokerNet, expected) => {
  expect(short([HALF_TOLD], { brokerNet })).toEqual([expected]);
});

test('[TRD-3] a stop that is called filled, of which no execution tells, while the account holds it all', () => {
  const stop = leg('STOP', told('100'));
  expect(short([ENTERED, stop])).toEqual(['place 100 95/110 new']);
  expect(short([ENTERED, stop], { brokerNet: '0' })).toEqual([]);
});

test('[TRD-3] what is left of the exits goes when the account holds nothing', () => {
  const stop = leg('STOP', told('100'));
  const target = leg('TARGET');
  expect(short([ENTERED, stop, target], { brokerNet: '0' })).toEqual([
    'cancel TARGET-1 nothing_held',
  ]);
});

test('[TRD-6] a close sells what the account holds', () => {
  expect(short([HALF_TOLD], { ...CLOSE, ...LINK })).toEqual(['SELL 100 close_requested']);
});

test('[TRD-11] after a minute a person is told what is known; never while something can be done', () => {
  const long = { sinceMs: NOW_MS - FACTS_FOR_PERSON_MS };
  const entry = leg('ENTRY', { ...filled('60', '100', false), ...told('100', long) });
  expect(plan([entry], { brokerNet: null })).toMatchObject({
    then: 'person',
    waitsFor: expect.stringContaining('ENTRY: 100 filled by its status, 60 by executions'),
  });
  expect(plan([entry]).actions).toHaveLength(1);
  const exits = [leg('STOP'), leg('TARGET')];
  expect(plan([entry, ...exits])).toMatchObject({ actions: [], then: 'person' });
});

test('[TRD-12] an overfill is corrected beside an entry that does not end', () => {
  const cancelledFor = (ms: number) =>
    leg('ENTRY', {
      ...filled('60', '100', false),
      ...{ status: 'CANCEL_PENDING', cancelInFlight: true, firstCancelMs: NOW_MS - ms },
    });
  const stop = leg('STOP', filled('100', '95'));
  const ask = (ms: number) => plan([cancelledFor(ms), stop], { brokerNet: '-40' });
  expect(ask(ENTRY_END_MS - 1).actions).toEqual([]);
  expect(ask(ENTRY_END_MS).actions).toMatchObject([
    { kind: 'market_close', side: 'BUY', quantity: '40', cause: 'overfilled' },
  ]);
  const correction = leg('CLOSE', { side: 'BUY', quantity: '40', sequence: 1 });
  const waiting = plan([cancelledFor(ENTRY_FOR_PERSON_MS), stop, correction], { brokerNet: '-40' });
  expect(waiting.actions).toEqual([]);
});

test('[BRK-4] since when is waited: from the first status that told more, until the executions have come', () => {
  const status = (quantity: string, atMs: number): OrderEvent => ({
    ...{ kind: 'statusReported', status: 'ACCEPTED', filled: quantity, atMs },
    ...{ remaining: String(100 - Number(quantity)), whyHeld: '' },
  });
  const fill = (id: string, quantity: string): OrderEvent => ({
    ...{ kind: 'executed', executionId: `${id}.01`, executionKey: id, correction: 1 },
    ...{ quantity, price: '100' },
  });
  const base = newLeg({ legId: 'l', role: 'ENTRY', side: 'BUY', quantity: '100' });
  const since = (...events: OrderEvent[]) =>
    events.reduce((now, event) => applyOrderEvent(now, event).leg, base).reported?.sinceMs ?? null;
  expect(since(status('0', 1))).toBeNull();
  expect(since(status('40', 2), status('60', 3))).toBe(2);
  expect(since(status('40', 2), fill('a', '40'))).toBeNull();
  expect(since(status('40', 2), fill('a', '40'), status('60', 5))).toBe(5);
});

// ── shares of which only a position tells ────────────────────────────────────────────────────────

/** Overdue for that long. */
const overdueFor = (ms: number) => ({ sinceMs: NOW_MS - FACTS_OVERDUE_MS - ms });
const SLEEPING = [
  leg('STOP', { status: 'HELD', whyHeld: 'child' }),
  leg('TARGET', { status: 'HELD', whyHeld: 'child' }),
];
const SEEN = { ...LINK, link: { readySinceMs: 0, pictureAtMs: NOW_MS } };

test.each([
  ['a book that knows no time', null],
  ['a book that began to count with the status', NOW_MS - 60_000],
])('[TRD-3] unarmed shares of which only a position tells have a clock: %s', (_title, since) => {
  const clock = { unarmedSinceMs: since };
  const part = (ms: number) =>
    leg('ENTRY', { reported: { filled: '40', remaining: '60', done: false, ...overdueFor(ms) } });
  const seen = { brokerNet: '40', ...clock };
  expect(plan([part(1_999), ...SLEEPING], seen)).toMatchObject({
    ...{ actions: [], recheckAtMs: NOW_MS + 1, waitsFor: 'an armed stop for the filled shares' },
  });
  expect(short([part(2_000), ...SLEEPING], seen)).toEqual([
    'cancel ENTRY-1 unarmed_while_entering',
  ]);
  const whole = (ms: number) => leg('ENTRY', told('100', overdueFor(ms)));
  expect(plan([whole(1_999), ...SLEEPING], clock).recheckAtMs).toBe(NOW_MS + 1);
  expect(short([whole(2_000), ...SLEEPING], { ...SEEN, ...clock })).toEqual([
    'cancel STOP-1 missing_exit',
  ]);
  const held = leg('STOP', { status: 'HELD', whyHeld: 'locate' });
  const early = [whole(FLATTEN_AFTER_MS - 1), held];
  expect(short(early, { ...SEEN, ...clock })).toEqual([]);
  const late = [whole(FLATTEN_AFTER_MS), held];
  expect(short(late, { ...SEEN, ...clock })).toEqual(['cancel STOP-1 flatten']);
});

test('[TRD-3] a stop that is lost an hour after such a fill is placed again first, and nothing sold', () => {
  const whole = leg('ENTRY', told('100', overdueFor(3_600_000)));
  const gone = { ...SEEN, unarmedSinceMs: NOW_MS - 100 };
  expect(short([whole, lost('STOP', 1, 'CANCELLED')], gone)).toEqual(['place 100 95/110 new']);
});

test('[TRD-3] a book counts from the status that tells of shares without an armed stop', () => {
  const since = (entry: Partial<Leg>, stop: Partial<Leg>): number | null => {
    const before = plannedBook();
    const changes: Readonly<Record<string, Partial<Leg>>> = { ENTRY: entry, STOP: stop };
    const legs = before.legs.map((each): Leg => ({
      ...each,
      ...{ intent: 'SENT', status: 'ACCEPTED', ...changes[each.role] },
    }));
    return finish(before, { book: { ...before, legs }, events: [] }, 7).book.unarmedSinceMs;
  };
  const asleep = { status: 'HELD', whyHeld: 'child' } as const;
  expect(since(told('100', {}), asleep)).toBe(7);
  expect(since(told('100', {}), {})).toBeNull();
  expect(since({}, asleep)).toBeNull();
});

test('[TRD-3] a second leg whose status outruns its execution takes nothing back of what is overdue', () => {
  const entry = leg('ENTRY', {
    ...filled('60', '100', false),
    ...told('100', overdueFor(3_600_000)),
  });
  const reported = { filled: '30', remaining: '70', done: false, sinceMs: NOW_MS };
  const stop = leg('STOP', { ...filled('20', '95', false), reported });
  const target = leg('TARGET', { quantity: '100' });
  const one = plan([entry, stop, target], { brokerNet: '70' });
  expect(one).toMatchObject({ actions: [], then: 'facts' });
  const late = { ...stop, reported: { ...reported, ...OVERDUE } };
  expect(short([entry, late, target], { brokerNet: '70' })).toEqual([
    'modify TARGET-1 70 @110 quantity',
  ]);
});
