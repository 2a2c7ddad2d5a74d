/** A hand sells a part of a share of a trade: what its book says from then on, and whom it tells (SIZ-2, TRD-16). */
import { describe, expect, test } from '@jest/globals';
import { decimal } from '../../../domain/money.js';
import type { Book } from '../../../domain/trade/book.js';
import { bookOutside, goneFill, withOutsideClose } from '../../../domain/trade/closed-outside.js';
import { finish, type Finished } from '../../../domain/trade/finish.js';
import { needsOf, NOTHING_KNOWN } from '../../../domain/trade/needs.js';
import { T0 } from './books.js';
import { legOf, openBook } from './open-book.js';

const AT = T0 + 60_000;
const NEXT = AT + 10_000;

/** So much of a trade is booked as sold by somebody else. */
function soldBy(book: Book, quantity: string): Finished {
  const leg = { legId: `gone-${quantity}`, clientOrderId: `ref-gone-${quantity}` };
  const closing = finish(book, withOutsideClose(book, leg, quantity), AT).book;
  const fill = goneFill(closing, decimal(quantity), AT)!;
  return finish(closing, bookOutside(closing, leg.legId, [fill], AT), AT);
}

/** The book with its exits working for so many, as the broker took them. */
function resized(book: Book, quantity: string): Book {
  const legs = book.legs.map((leg) => {
    if (leg.role !== 'STOP' && leg.role !== 'TARGET') return leg;
    const readBack = leg.readBack && { ...leg.readBack, quantity };
    return { ...leg, quantity, wanted: { ...leg.wanted, quantity }, readBack };
  });
  return finish(book, { book: { ...book, legs }, events: [] }, AT).book;
}

const worldOf = (brokerNet: string) => ({
  ...NOTHING_KNOWN,
  ...{ brokerNet, brokerNetAtMs: NEXT },
});

describe('[TRD-3] 99.5 of 100 shares are left', () => {
  const { book, events } = soldBy(openBook(), '0.5');

  test('the exits go down to whole shares, and none is cancelled', () => {
    const { actions } = needsOf(book, worldOf('99.5'), NEXT);
    expect(actions).toMatchObject([
      { kind: 'modify', legId: legOf(book, 'STOP').legId, quantity: '99' },
      { kind: 'modify', legId: legOf(book, 'TARGET').legId, quantity: '99' },
    ]);
  });

  test('the part is told once, with what a person can do', () => {
    const told = events.filter(({ kind }) => kind === 'part_left');
    expect(told).toMatchObject([{ detail: { held: '99.5', part: '0.5' } }]);
    expect(told[0]!.summary).toContain('trade it away in TWS');
    const again = finish(book, { book: { ...book, failure: 'x' }, events: [] }, NEXT);
    expect(again.events).toEqual([]);
  });

  test('[TRD-16] under whole exits it is protected, and waits for a person alone', () => {
    const covered = resized(book, '99');
    expect(covered.unarmedSinceMs).toBeNull();
    const { actions, wait } = needsOf(covered, worldOf('99.5'), NEXT);
    expect(actions).toEqual([]);
    expect(wait).toMatchObject({ then: 'person' });
    expect(wait?.what).toContain('0.5 is less than one share');
  });

  test('whole shares again: nobody has to do anything', () => {
    const whole = soldBy(resized(book, '99'), '0.25').book;
    const done = resized(soldBy(whole, '1.25').book, '98');
    expect(needsOf(done, worldOf('98'), NEXT)).toMatchObject({ actions: [], wait: null });
  });
});

test('[TRD-3] less than a share has no clock that would have it sold', () => {
  const { book } = soldBy(openBook(), '99.5');
  expect(book.unarmedSinceMs).toBeNull();
  const { actions } = needsOf(book, worldOf('0.5'), NEXT);
  expect(actions.map(({ kind }) => kind)).toEqual(['cancel', 'cancel']);
});
