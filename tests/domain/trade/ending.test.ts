/** What ends a trade whatever there is of it (TRD-7). */
import { expect, test } from '@jest/globals';
import { NOTHING_KNOWN, needsOf } from '../../../domain/trade/needs.js';
import {
  abandon,
  requestClose,
  requestEnd,
  requestEndByPerson,
} from '../../../domain/trade/wishes.js';
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

test('[TRD-6] [REC-5] a close that a person asked for stays theirs, whatever falls due after it', () => {
  const byPerson = requestClose(openBook(), 'manual').book;
  expect(requestClose(byPerson, 'session_end').book.wishes.close).toBe('manual');
  expect(requestEnd(byPerson, 'opposite_signal').book.wishes.close).toBe('manual');
  const byTime = requestClose(openBook(), 'max_holding').book;
  expect(requestClose(byTime, 'manual').book.wishes.close).toBe('manual');
});

test('[RSK-5] a flatten ends whatever there is as a person does, whoever has asked before', () => {
  const { book, refusal } = requestEndByPerson(openBook({}, 'planned'));
  expect(refusal).toBeNull();
  expect(book.wishes).toMatchObject({ close: 'manual', cancelEntry: true });
  const byTime = requestClose(openBook(), 'max_holding').book;
  expect(requestEndByPerson(byTime).book.wishes).toMatchObject({
    close: 'manual',
    cancelEntry: false,
  });
  const unfilled = requestEnd(openBook({}, 'planned'), CAUSE).book;
  expect(requestEndByPerson(unfilled).book.wishes.close).toBe('manual');
  const over = abandon(book, 'cancelled before it was sent').book;
  expect(requestEndByPerson(over).refusal).toBe('the trade is over (CANCELLED)');
});
