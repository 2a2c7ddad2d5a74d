/** What ends a trade whatever there is of it (TRD-7). */
import { expect, test } from '@jest/globals';
import { NOTHING_KNOWN, needsOf } from '../../../domain/trade/needs.js';
import { abandon, requestClose, requestEnd } from '../../../domain/trade/wishes.js';
import { T0 } from './books.js';
import { openBook } from './open-book.js';

const CAUSE = 'opposite_signal';

test('[TRD-7] shares are closed as by a close', () => {
  const open = openBook();
  expect(requestEnd(open, CAUSE)).toEqual(requestClose(open, CAUSE));
});

test('[TRD-7] a part that is filled is closed, and the rest cancelled with it', () => {
  const { book, refusal } = requestEnd(openBook({}, 'part'), CAUSE);
  expect(refusal).toBeNull();
  expect(needsOf(book, NOTHING_KNOWN, T0).actions).toMatchObject([
    { kind: 'cancel', cause: 'close_requested' },
  ]);
});

test('[TRD-7] an entry without fills is cancelled, and what it buys all the same is sold', () => {
  const { book, refusal } = requestEnd(openBook({}, 'planned'), CAUSE);
  expect(refusal).toBeNull();
  expect(book.wishes).toMatchObject({ close: CAUSE, cancelEntry: true });
  const ended = abandon(book, 'cancelled before it was sent').book;
  expect(ended.beforeEntry).toBe('CANCELLED');
  expect(requestEnd(ended, CAUSE).refusal).toBe('the trade is over (CANCELLED)');
});

test('[TRD-7] an earlier close keeps its cause', () => {
  const closing = requestClose(openBook(), 'manual').book;
  expect(requestEnd(closing, CAUSE).book.wishes.close).toBe('manual');
});
