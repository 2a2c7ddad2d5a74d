/** Sequences that harm, each with the verdicts it must come to; every other verdict is 0. */
import { expect, test } from '@jest/globals';
import { NOTHING_JUDGED } from '../support/verdicts.js';
import type { Verdicts } from '../support/verdicts.js';
import { Desk, alone, bracket } from './ledger-desk.js';
import { WAITING } from './ledger-facts.js';

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
      const first = bracket({ id: 1, ref: 'bal-a', shares: '133' }).entry;
      desk.place(first);
      desk.tell({ kind: 'disconnected', clientId: 1, reason: 'cut' });
      desk.wait(5);
      desk.tell({ kind: 'connected', clientId: 1 });
      desk.place(bracket({ id: 11, ref: 'bal-b', shares: '132' }).entry);
    },
    expected: { reReferencedEntries: 1 },
  },
];

function stopLimit(limitPrice: string) {
  return { orderType: 'STP LMT', limitPrice };
}

test.each([...TOTALS, ...ARMED, ...ENTRIES])('[GWY-7] $what', ({ tell, expected }) => {
  const desk = new Desk();
  tell(desk);
  expect(desk.report().verdicts).toEqual({ ...NOTHING_JUDGED, ...expected });
});
