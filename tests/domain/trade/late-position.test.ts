/** A position that was asked for before the newest fill: it can't show that fill, so nothing is made smaller by it. */
import { describe, expect, test } from '@jest/globals';
import type { Book } from '../../../domain/trade/book.js';
import { needsOf, NOTHING_KNOWN } from '../../../domain/trade/needs.js';
import { LIVE_QUOTE } from './ask.js';
import { T0 } from './books.js';
import { openBook } from './open-book.js';

const NOW_MS = T0 + 700;
const OPEN = openBook();

const SEEN = {
  ...NOTHING_KNOWN,
  ...{ brokerNet: '40', brokerNetAtMs: T0 + 500 },
  ...{ quote: { ...LIVE_QUOTE, atMs: NOW_MS }, priceIncrement: '0.01' },
};

/** 100 are held, all since `receivedAtMs`; the position that was asked for at T0 + 500 shows 40. */
const needs = (receivedAtMs: number, change: Partial<Book> = {}) => {
  const fills = OPEN.fills.map((fill) => ({ ...fill, receivedAtMs }));
  return needsOf({ ...OPEN, fills, ...change }, SEEN, NOW_MS).actions;
};

describe("[TRD-3] a position from before the entry's newest fill", () => {
  test('makes no exit smaller: the shares it lacks came after it', () => {
    expect(needs(T0 + 501)).toEqual([]);
  });

  test('sends no close past its exits: nobody else sold what it lacks', () => {
    const wishes = { ...OPEN.wishes, close: 'manual' };
    const cancels = (actions: ReturnType<typeof needs>) =>
      actions.filter(({ kind }) => kind === 'cancel');
    expect(cancels(needs(T0 + 501, { wishes }))).toEqual([]);
    expect(cancels(needs(T0, { wishes }))).not.toEqual([]);
  });

  test.each([
    ['before it was asked for', T0 + 500],
    ['by a clock that has gone back since', NOW_MS + 1],
  ])('one whose newest fill came %s counts', (_when, receivedAtMs) => {
    expect(needs(receivedAtMs)).toMatchObject([
      { kind: 'modify', quantity: '40' },
      { kind: 'modify', quantity: '40' },
    ]);
  });
});
