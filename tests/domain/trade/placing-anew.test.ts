/** Exits and closes that must be placed again: for what is really there, and not without end. */
import { describe, expect, test } from '@jest/globals';
import type { TradeLeg } from '../../../domain/trade/leg.js';
import { lost, NOW_MS, plan, short, CLOSE } from './ask.js';
import { ENTERED, leg } from './legs.js';

const LOST_STOP = lost('STOP', 1, 'CANCELLED');

describe('[TRD-3] a stop that is gone', () => {
  test('is placed for what trade and broker both hold', () => {
    expect(short([ENTERED, LOST_STOP])).toEqual(['place 100 95/110 new']);
    expect(short([ENTERED, LOST_STOP], { brokerNet: '60' })).toEqual(['place 60 95/110 new']);
  });

  test.each(['0', '-100'])(
    'is not placed where the broker holds %s: it would open a short',
    (net) => {
      const next = plan([ENTERED, LOST_STOP], { brokerNet: net });
      expect(next).toMatchObject({ actions: [], then: 'person' });
    },
  );

  test('is placed at once the first time, then after pauses that grow up to a minute', () => {
    const stops = (count: number, atMs: number) =>
      Array.from({ length: count }, (_, index) => ({
        ...lost('STOP', index + 1, 'CANCELLED'),
        lastWriteMs: atMs,
      }));
    expect(plan([ENTERED, ...stops(1, NOW_MS)]).actions).toHaveLength(1);
    const pauses = [2, 3, 4, 5, 50].map((count) => {
      const next = plan([ENTERED, ...stops(count, NOW_MS)]);
      expect(next.actions).toEqual([]);
      return next.recheckAtMs! - NOW_MS;
    });
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 60_000]);
    expect(plan([ENTERED, ...stops(3, NOW_MS - 2_000)]).actions).toHaveLength(1);
  });
});

describe('[TRD-3] a stop that never left this system', () => {
  const unsent = (sequence: number, atMs = NOW_MS) => ({
    ...lost('STOP', sequence, 'FAILED'),
    ...{ neverLeft: true, lastWriteMs: atMs },
  });

  test('says nothing of the broker: the next waits a second, however many there were', () => {
    const many = Array.from({ length: 9 }, (_, index) => unsent(index + 1));
    const next = plan([ENTERED, ...many]);
    expect([next.actions.length, next.recheckAtMs]).toEqual([0, NOW_MS + 1_000]);
    const later = many.map((leg) => ({ ...leg, lastWriteMs: NOW_MS - 1_000 }));
    expect(short([ENTERED, ...later])).toEqual(['place 100 95/110 new']);
  });

  test('does not lengthen the pause after those that the broker lost', () => {
    const gone = [1, 2].map((n) => ({
      ...lost('STOP', n, 'CANCELLED'),
      lastWriteMs: NOW_MS - 999,
    }));
    const all = [...gone, unsent(3, 0), unsent(4, 0), unsent(5, 0)];
    expect(plan([ENTERED, ...all]).recheckAtMs).toBe(NOW_MS + 1);
  });
});

describe('[TRD-3] stops that the broker refuses', () => {
  const SEEN = { link: { readySinceMs: 0, pictureAtMs: NOW_MS } };
  const SOLD = ['SELL 100 flatten'];
  const refused = (...sequences: number[]) => sequences.map((n) => lost('STOP', n));

  test.each<[string, TradeLeg[], string[]]>([
    ['two in a row: sold', refused(1, 2), SOLD],
    [
      'one before a stop that lived, one after it: placed again',
      [...refused(1), lost('STOP', 2, 'CANCELLED'), ...refused(3)],
      ['place 100 95/110 new'],
    ],
    [
      'two after a stop that lived',
      [...refused(1), lost('STOP', 2, 'CANCELLED'), ...refused(3, 4)],
      SOLD,
    ],
    [
      'one that never arrived in between',
      [...refused(1), lost('STOP', 2, 'FAILED'), ...refused(3)],
      SOLD,
    ],
  ])('%s', (_name, stops, expected) => {
    expect(short([ENTERED, ...stops], SEEN)).toEqual(expected);
  });
});

describe('[TRD-6] a close', () => {
  const LOST_BOTH = [ENTERED, LOST_STOP, lost('TARGET', 1, 'CANCELLED')];
  const closes = (status: 'FAILED' | 'REJECTED') =>
    [1, 2, 3].map((sequence) => ({ ...lost('CLOSE', sequence, status), lastWriteMs: 0 }));

  test('that never left this system counts for nothing', () => {
    expect(short([...LOST_BOTH, ...closes('FAILED')], CLOSE)).toEqual(['SELL 100 close_requested']);
    const unsent = closes('FAILED').map((leg) => ({
      ...leg,
      ...{ neverLeft: true, lastWriteMs: NOW_MS - 1 },
    }));
    expect(plan([...LOST_BOTH, ...unsent], CLOSE).recheckAtMs).toBe(NOW_MS + 999);
  });

  test('that was refused too often leaves the stop in and asks for a person', () => {
    const refused = [...LOST_BOTH, ...closes('REJECTED')];
    expect(short(refused, CLOSE)).toEqual(['place 100 95/110 new']);
    const covered = [
      ...refused,
      leg('STOP', { sequence: 2, ocaGroup: 'again' }),
      leg('TARGET', { sequence: 2, ocaGroup: 'again' }),
    ];
    expect(plan(covered, CLOSE)).toMatchObject({ actions: [], then: 'person' });
  });
});

describe('[TRD-3] [TRD-6] a hand sold 40 of 100', () => {
  const LOST_BOTH = [ENTERED, LOST_STOP, lost('TARGET', 1, 'CANCELLED')];
  const LESS = { brokerNet: '60', unarmedSinceMs: NOW_MS - 500 };
  const anew = { sequence: 2, quantity: '60', ocaGroup: 'new' } as const;
  const STOP_2 = leg('STOP', anew);
  const TARGET_2 = leg('TARGET', anew);
  /** Long enough for a flatten, and all that it asks for. */
  const LONG = {
    unarmedSinceMs: NOW_MS - 60_000,
    link: { readySinceMs: 0, pictureAtMs: NOW_MS },
  };

  test('new exits stay at what is there, and a person looks where the rest went', () => {
    expect(short(LOST_BOTH, LESS)).toEqual(['place 60 95/110 new']);
    const next = plan([...LOST_BOTH, STOP_2, TARGET_2], LESS);
    expect(next).toMatchObject({ actions: [], then: 'person' });
  });

  test('what is there is covered, so it is not sold', () => {
    expect(short([...LOST_BOTH, STOP_2, TARGET_2], { ...LESS, ...LONG })).toEqual([]);
  });

  test.each<[string, readonly Parameters<typeof short>[0][number][], string[]]>([
    ['a target joins at that size', [STOP_2], ['place 60 null/110 new']],
    [
      'exits that are larger get smaller',
      [leg('STOP', { ...anew, quantity: '100' }), leg('TARGET', { ...anew, quantity: '100' })],
      ['modify STOP-2 60 @95 quantity', 'modify TARGET-2 60 @110 quantity'],
    ],
    [
      'a target that is too large is not joined',
      [leg('TARGET', { ...anew, quantity: '100' })],
      ['cancel TARGET-2 missing_exit'],
    ],
    [
      'a stop that came back otherwise is replaced at that size',
      [leg('STOP', { ...anew, differences: ['timeInForce: sent GTC, is DAY'] }), TARGET_2],
      ['place 60 95/null new'],
    ],
  ])('%s', (_name, exits, expected) => {
    expect(short([...LOST_BOTH, ...exits], LESS)).toEqual(expected);
  });

  test('a close that works gets no larger than what is there', () => {
    expect(short([...LOST_BOTH, leg('CLOSE')], { ...CLOSE, ...LESS })).toEqual([
      'modify CLOSE-1 60 @null quantity',
    ]);
  });

  test('where the broker shows none of it, exits that stand are left alone', () => {
    expect(short([ENTERED, leg('STOP'), leg('TARGET')], { brokerNet: '0' })).toEqual([]);
  });
});
