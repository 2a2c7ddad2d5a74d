/** Sequences that harm, each with the verdicts it must come to; every other verdict is 0. */
import { expect, test } from '@jest/globals';
import { NOTHING_JUDGED } from '../support/verdicts.js';
import type { Verdicts } from '../support/verdicts.js';
import { Desk, alone, bracket } from './ledger-desk.js';
import { START_MS, WAITING } from './ledger-facts.js';

interface Sequence {
  what: string;
  tell(desk: Desk): void;
  expected: Partial<Verdicts>;
}

/** A is open with its stop; B is opened and closed beside its live stop, which stays: an orphan. */
function orphanBesideNaked(desk: Desk): void {
  const first = desk.open({ id: 1, ref: 'bal-a' });
  const second = desk.open({ id: 11, ref: 'bal-b' });
  desk.wait(10);
  desk.cancel(second.target);
  const close = alone(second.target, { orderId: 14, orderRef: 'bal-bc', orderType: 'MKT' });
  desk.place(close);
  desk.trade(close);
  desk.cancel(first.stop);
  desk.cancel(first.target);
}

const TOTALS: Sequence[] = [
  {
    what: 'R1: A naked for 600 s beside the orphaned stop of B in one symbol',
    tell(desk) {
      orphanBesideNaked(desk);
      desk.wait(600);
    },
    expected: { unprotectedShareSeconds: '60000', excessExitShareSeconds: '60000' },
  },
  {
    what: 'R1: naked in two symbols, in the first 0.1 s longer: both count',
    tell(desk) {
      for (const [id, symbol] of [
        [1, 'IBM'],
        [11, 'AIG'],
      ] as const) {
        const { stop, target } = desk.open({ id, ref: `bal-${id}`, symbol });
        desk.cancel(stop);
        desk.cancel(target);
      }
      desk.wait(10);
    },
    expected: { unprotectedShareSeconds: '2010' },
  },
  {
    what: 'R1: a stop of B by its group alone, and one by its reference, arm no share of A',
    tell(desk) {
      const first = desk.open({ id: 1, ref: 'bal-a' });
      const second = desk.open({ id: 11, ref: 'bal-b' });
      desk.cancel(first.stop);
      desk.cancel(first.target);
      const { ocaGroup } = second.stop;
      desk.place({ ...alone(second.stop, { orderId: 14, ocaGroup, ocaType: 2 }), ...WAITING });
      desk.place({ ...alone(second.stop, { orderId: 15, orderRef: 'bal-b-2' }), ...WAITING });
      desk.wait(10);
    },
    expected: { unprotectedShareSeconds: '1000', excessExitShareSeconds: '1000' },
  },
];

/** The first midnight of New York after the stories begin. */
const MIDNIGHT_MS = Date.parse('1970-01-01T05:00:00Z');

const ARMED: Sequence[] = [
  ...(
    [
      ['a DAY stop', { tif: 'DAY' }],
      ['a stop without a time in force', { tif: '' }],
      ['a stop limit whose limit stands above its stop', stopLimit('95.5')],
      ['a stop limit whose limit is its stop', stopLimit('95')],
      ['a stop limit without a limit', { orderType: 'STP LMT' }],
    ] as const
  ).map(([what, stop]) => ({
    what: `R4: ${what} is not armed`,
    tell(desk: Desk) {
      desk.open({ id: 1, ref: 'bal-a', stop });
      desk.wait(10);
    },
    expected: { unprotectedShareSeconds: '1000' },
  })),
  {
    what: 'R4: a stop good till the end of the day is not armed',
    tell(desk) {
      desk.open({ id: 1, ref: 'bal-a', stop: { tif: 'GTD', goodTillMs: MIDNIGHT_MS - 1_000 } });
      desk.wait(10);
    },
    expected: { unprotectedShareSeconds: '1000' },
  },
  {
    what: 'R4: a stop good till tomorrow is armed today, and no more from midnight on',
    tell(desk) {
      desk.open({ id: 1, ref: 'bal-a', stop: { tif: 'GTD', goodTillMs: MIDNIGHT_MS + 1_000_000 } });
      desk.wait((MIDNIGHT_MS - START_MS) / 1_000 - 0.1 + 10);
    },
    expected: { unprotectedShareSeconds: '1000' },
  },
  {
    what: 'R4: a buy stop limit whose limit stands below its stop is not armed',
    tell(desk) {
      const stop = { orderType: 'STP LMT', limitPrice: '104.5' };
      desk.open({ id: 1, ref: 'bal-a', side: 'SELL', stop });
      desk.wait(10);
    },
    expected: { unprotectedShareSeconds: '1000' },
  },
  {
    what: 'R4: a stop limit that was triggered and stands above the market is not armed',
    tell(desk) {
      const { stop } = desk.open({ id: 1, ref: 'bal-a', stop: stopLimit('94.5') });
      desk.wait(1);
      desk.market = '93';
      desk.show({ ...stop, status: 'Submitted', whyHeld: '' });
      desk.wait(10);
    },
    expected: { unprotectedShareSeconds: '1000' },
  },
];

const ENTRIES: Sequence[] = [
  {
    what: 'R2: sent again under another reference, 132 instead of 133 shares, nothing known of the first',
    tell(desk) {
      desk.place(entryOf(1, 'bal-a', '133'));
      desk.cut();
      desk.place(entryOf(11, 'bal-b', '132'));
    },
    expected: { reReferencedEntries: 1 },
  },
  {
    what: 'R2: the same after two seconds of silence within one connection',
    tell(desk) {
      desk.place(entryOf(1, 'bal-a', '133'));
      desk.wait(2);
      desk.place(entryOf(11, 'bal-b', '140'));
    },
    expected: { reReferencedEntries: 1 },
  },
  {
    what: 'R2: with a list, at once and of any size: re-referenced, its fills over the listed quantity',
    tell(desk) {
      desk.list('bal-a', '133');
      const [first, second] = [entryOf(1, 'bal-a', '133'), entryOf(11, 'other', '20')];
      desk.place(first);
      desk.knows(first);
      desk.place(second);
      desk.trade(first);
      desk.trade(second);
    },
    expected: { reReferencedEntries: 1, overfilledEntries: 1, overfilledShares: '20' },
  },
  {
    what: 'R3: with a list, a second order after the client has read a list that names the first',
    tell(desk) {
      desk.list('bal-a', '100');
      const first = entryOf(1, 'bal-a', '100');
      desk.place(first);
      desk.cut();
      desk.reads(first);
      desk.place(entryOf(11, 'other', '99'));
    },
    expected: { reReferencedEntries: 1 },
  },
  {
    what: 'R3: with a list, a second order when the trade is long over',
    tell(desk) {
      desk.list('bal-a', '100');
      desk.stopOut(desk.open({ id: 1, ref: 'bal-a' }));
      desk.wait(3_600);
      desk.place(entryOf(11, 'other', '99'));
    },
    expected: { reReferencedEntries: 1 },
  },
  {
    what: 'a second order under another reference of the same listed signal',
    tell(desk) {
      desk.list('bal-a', '100');
      desk.place(entryOf(1, 'bal-a', '100'));
      desk.place(entryOf(11, 'bal-a2', '100'));
    },
    expected: { reReferencedEntries: 1 },
  },
  {
    what: 'a stray beside two listed signals that both had their entries',
    tell(desk) {
      desk.list('bal-a', '100');
      desk.list('bal-b', '50');
      const second = entryOf(11, 'bal-b', '50');
      desk.place(entryOf(1, 'bal-a', '100'));
      desk.place(entryOf(6, 'other', '50'));
      desk.place(second);
    },
    expected: { reReferencedEntries: 1 },
  },
  {
    what: 'the size of one that had its entry, beside a denied signal of another size',
    tell(desk) {
      desk.list('bal-a', '133');
      desk.list('bal-b', '20');
      desk.place(entryOf(1, 'bal-a', '133'));
      desk.place(entryOf(11, 'other', '132'));
    },
    expected: { reReferencedEntries: 1 },
  },
  {
    what: 'a stray for a signal that was denied: amended to 0, it takes none',
    tell(desk) {
      desk.list('bal-a', '100');
      desk.list('bal-b', '100');
      desk.list('bal-b', '0');
      desk.place(entryOf(1, 'bal-a', '100'));
      desk.place(entryOf(11, 'other', '30'));
    },
    expected: { reReferencedEntries: 1 },
  },
  {
    what: 'a stray is none of a signal that is listed later',
    tell(desk) {
      desk.list('bal-a', '100');
      desk.place(entryOf(1, 'bal-a', '100'));
      desk.place(entryOf(11, 'other', '50'));
      desk.wait(1);
      desk.list('bal-b', '50');
    },
    expected: { reReferencedEntries: 1 },
  },
  {
    what: 'a denied signal whose entry comes all the same: every share is too much',
    tell(desk) {
      desk.list('bal-a', '0');
      const entry = entryOf(1, 'bal-a', '10');
      desk.place(entry);
      desk.trade(entry);
    },
    expected: { overfilledEntries: 1, overfilledShares: '10' },
  },
  {
    what: 'an order larger than its signal was approved with: the fills beyond it count',
    tell(desk) {
      desk.list('bal-a', '60');
      const entry = entryOf(1, 'bal-a', '100');
      desk.place(entry);
      desk.trade(entry, '50', '50');
      desk.trade(entry, '50', '100');
    },
    expected: { overfilledEntries: 1, overfilledShares: '40' },
  },
  {
    what: 'accepted twice under a listed reference: a duplicate',
    tell(desk) {
      desk.list('bal-a', '100');
      desk.place(entryOf(1, 'bal-a', '100'));
      desk.place(entryOf(11, 'bal-a', '100'));
    },
    expected: { duplicateEntries: 1 },
  },
  {
    what: 'entries of a symbol or a side that nobody listed',
    tell(desk) {
      desk.list('bal-a', '100');
      desk.place(entryOf(1, 'bal-b', '100', { symbol: 'AIG' }));
      desk.place(entryOf(2, 'bal-c', '100', { action: 'SELL' }));
      desk.place(entryOf(3, 'bal-a', '100', { symbol: 'AIG' }));
    },
    expected: { unlistedEntries: 3 },
  },
];

const REFUSED_CANCELS: Sequence[] = [
  {
    what: 'R6: a cancel is refused though the stop is gone: nothing protects',
    tell(desk) {
      const { stop, target } = desk.open({ id: 1, ref: 'bal-a' });
      desk.tell({ kind: 'cancel', clientId: 1, orderId: 2 });
      desk.tell({ kind: 'error', clientId: 1, orderId: 2, code: 10147, message: 'not found' });
      desk.show({ ...stop, status: 'Cancelled', remaining: '0' });
      desk.show(target);
      desk.wait(10);
    },
    expected: { unprotectedShareSeconds: '1000' },
  },
  {
    what: 'R6: a cancel is refused and the stop lives, another one beside it: one too many',
    tell(desk) {
      const { stop, target } = desk.open({ id: 1, ref: 'bal-a' });
      desk.cancel(target);
      desk.tell({ kind: 'cancel', clientId: 1, orderId: 2 });
      desk.tell({ kind: 'error', clientId: 1, orderId: 2, code: 10148, message: 'state' });
      desk.place({ ...alone(stop, { orderId: 8, orderRef: 'bal-a-2' }), ...WAITING });
      desk.wait(10);
    },
    expected: { excessExitShareSeconds: '1000' },
  },
];

const OTHERS: Sequence[] = [
  {
    what: 'R5: a group cut off in the middle stays staged',
    tell(desk) {
      const { entry, stop } = bracket({ id: 1, ref: 'bal-a' });
      desk.send({ ...entry, transmit: false });
      desk.send({ ...stop, transmit: false });
      desk.cut(10);
    },
    expected: { stagedGroupsLeftBehind: 1 },
  },
  {
    what: 'after a split, a stop at the old price leaves the new shares bare once it is placed',
    tell(desk) {
      const { stop, target } = desk.open({ id: 1, ref: 'bal-a' });
      desk.wait(10);
      desk.cancel(stop);
      desk.cancel(target);
      desk.state('200');
      desk.market = '50';
      desk.wait(10);
      desk.place({ ...alone(stop, { orderId: 8 }), ...WAITING });
      desk.wait(10);
    },
    expected: { unprotectedShareSeconds: '2000' },
  },
];

function entryOf(orderId: number, ref: string, shares: string, more: object = {}) {
  return { ...bracket({ id: orderId, ref, shares }).entry, ...more };
}

function stopLimit(limitPrice: string) {
  return { orderType: 'STP LMT', limitPrice };
}

const ALL = [...TOTALS, ...ARMED, ...ENTRIES, ...REFUSED_CANCELS, ...OTHERS];

test.each(ALL)('[GWY-7] $what', ({ tell, expected }) => {
  const desk = new Desk();
  tell(desk);
  expect(desk.report().verdicts).toEqual({ ...NOTHING_JUDGED, ...expected });
});
