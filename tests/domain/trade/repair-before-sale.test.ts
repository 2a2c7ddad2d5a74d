/**
 * Shares that lack cover because the books said otherwise of them until just now: their stop is made larger before
 * anything is sold, however long its clock has run (TRD-3). A sale for want of a stop is no close that was asked for.
 */
import { describe, expect, test } from '@jest/globals';
import type { TradeLeg } from '../../../domain/trade/leg.js';
import { NOW_MS, plan, short } from './ask.js';
import { ENTERED, leg } from './legs.js';

/** Long enough for a sale, and all that it asks for. */
const LONG = {
  unarmedSinceMs: NOW_MS - 76_000,
  link: { readySinceMs: 0, pictureAtMs: NOW_MS },
};
const LOCATED = leg('STOP', { status: 'HELD', whyHeld: 'locate' });
const HALF = { quantity: '50', lastWriteMs: NOW_MS - 75_000 } as const;
const both = (change: Partial<TradeLeg> = {}): TradeLeg[] => [
  ENTERED,
  leg('STOP', { ...HALF, ...change }),
  leg('TARGET', HALF),
];
const terms = (quantity: string) => ({
  ...{ terms: { quantity, limitPrice: null, stopPrice: '95' } as never, untilMs: NOW_MS + 1_000 },
});
const MOVED = 'modify TARGET-1 100 @99.5 flatten';

describe('[TRD-3] 100 are held, and the stop was made for the 50 that others left', () => {
  test('as soon as all of them are there it is made larger, and nothing is sold', () => {
    expect(short(both(), { ...LONG, brokerNet: '50' })).toEqual([]);
    const grown = ['modify STOP-1 100 @95 quantity', 'modify TARGET-1 100 @110 quantity'];
    expect(short(both(), LONG)).toEqual(grown);
  });

  test('its answer is waited for', () => {
    expect(short(both({ modificationInFlight: true }), LONG)).toEqual([
      'modify TARGET-1 100 @110 quantity',
    ]);
  });

  test.each<[string, Partial<TradeLeg>]>([
    ['refused it', { modificationRefused: true }],
    ['let it come to nothing', { pauseUntilMs: NOW_MS + 1_000 }],
    ['taken it, and changed nothing', { takenInVain: terms('100') }],
  ])('sold once the broker has %s', (_, change) => {
    expect(short(both(change), LONG)).toContain(MOVED);
  });

  test.each<[string, Partial<TradeLeg>]>([
    [
      'refused',
      {
        modificationRefused: true,
        refusedPrices: { quantity: '50', limitPrice: null, stopPrice: '95' },
      },
    ],
    ['took in vain', { takenInVain: terms('50') }],
    ['let come to nothing a while ago', { pauseUntilMs: NOW_MS }],
  ])('what it %s was another change: repaired', (_, change) => {
    expect(short(both(change), LONG)).not.toContain(MOVED);
    expect(short(both(change), LONG)).toContain('modify STOP-1 100 @95 quantity');
  });
});

test('[TRD-3] a sale for want of a stop says so, and a close that was asked for says that', () => {
  const [held] = plan([ENTERED, LOCATED], LONG).actions;
  expect(held).toMatchObject({ kind: 'cancel', cause: 'flatten' });
  const [asked] = plan([ENTERED, LOCATED], { ...LONG, closeRequested: true }).actions;
  expect(asked).toMatchObject({ kind: 'cancel', cause: 'close_requested' });
});
