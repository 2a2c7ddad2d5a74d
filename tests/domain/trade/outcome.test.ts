/** Claims and what becomes of them: each verdict is compared with the write it names. */
import { describe, expect, test } from '@jest/globals';
import type { OrderError } from '../../../domain/broker/fact.js';
import { entryOf, legOf, type Book } from '../../../domain/trade/book.js';
import { claimActions } from '../../../domain/trade/claim-actions.js';
import { claimEntry, entryIds } from '../../../domain/trade/claim.js';
import { applyFact } from '../../../domain/trade/fact.js';
import { finish } from '../../../domain/trade/finish.js';
import { isOver, looseEnds } from '../../../domain/trade/is-over.js';
import { tradeLeg } from '../../../domain/trade/leg.js';
import { absent, notWritten, overdueWrites, unanswered } from '../../../domain/trade/outcome.js';
import { requestCancel } from '../../../domain/trade/wishes.js';
import { wireGroupOf } from '../../../domain/trade/wire.js';
import {
  claimedBook,
  CLIENT,
  granted,
  placedIn,
  plannedBook,
  report,
  sender,
  T0,
} from './books.js';

const intents = (book: Book) => book.legs.map(({ intent }) => intent);
const states = (book: Book) =>
  book.legs.map(({ incarnations }) => incarnations.map((i) => i.state));
const again = (book: Book): Book => ({
  ...book,
  decided: { decisionId: 'd2', verdict: 'approved', decidedAtMs: T0 },
  reservation: { ...book.reservation!, phase: 'CASH' },
});
const shown = (book: Book, orders: ReturnType<typeof placedIn>) =>
  orders.reduce(
    (now, order) =>
      applyFact(now, {
        kind: 'order',
        report: report(order),
        receivedAtMs: T0,
        listed: false,
      }).book,
    book,
  );

describe('[BRK-2] a claim', () => {
  test('takes the bracket under ids that rise in the order of writing, the stop last', () => {
    const { book, group } = claimedBook();
    expect(group.messages.map(({ legId }) => legId)).toEqual(['ENTRY', 'TARGET', 'STOP']);
    expect(placedIn(group).map(({ sessionOrderId }) => sessionOrderId)).toEqual([1, 2, 3]);
    expect(intents(book)).toEqual(['SENDING', 'SENDING', 'SENDING']);
    const { bracket } = wireGroupOf(book, group);
    expect(bracket?.exits.map(({ terms }) => terms.orderType)).toEqual(['LMT', 'STP']);
  });

  test('is given once, and not without plan, money, or against a cancel', () => {
    const planned = plannedBook();
    const refusal = (book: Book) => claimEntry(book, [4, 5, 6], sender()).kind;
    expect(refusal(planned)).toBe('claimed');
    expect(refusal(claimedBook().book)).toBe('refused');
    expect(refusal({ ...planned, decided: null })).toBe('refused');
    expect(refusal({ ...planned, reservation: null })).toBe('refused');
    expect(refusal(requestCancel(planned).book)).toBe('refused');
  });

  test('is written only as it was approved', () => {
    const { book, group } = claimedBook();
    const plan = { ...book.plan!, quantity: '99' };
    expect(() => wireGroupOf({ ...book, plan }, group)).toThrow(/not what was approved/);
    expect(() => wireGroupOf({ ...book, decided: null }, group)).toThrow(/no plan in force/);
  });
});

describe('[BRK-2] a verdict about a write', () => {
  test('not written: the bracket is new again, its plan and its money go', () => {
    const { book, refs } = claimedBook();
    const undone = finish(book, notWritten(book, refs, 'no lease'), T0).book;
    expect(intents(undone)).toEqual(['NEW', 'NEW', 'NEW']);
    expect(undone.decided).toBeNull();
    expect(undone.reservation?.phase).toBe('RELEASED');
  });

  test('not written, told late, leaves the next send alone', () => {
    const first = claimedBook();
    const proven = absent(unanswered(first.book, first.refs).book, first.refs).book;
    const second = claimedBook(again(proven), [1, 2, 3], { epoch: '2', generation: 2 });
    const live = shown(second.book, placedIn(second.group));
    for (const book of [second.book, live]) {
      expect(notWritten(book, first.refs, 'woke up')).toMatchObject({ book, events: [] });
      expect(unanswered(book, first.refs)).toMatchObject({ book, events: [] });
    }
  });

  test('absent, by a second look-up, leaves the next send alone', () => {
    const first = claimedBook();
    const proven = absent(unanswered(first.book, first.refs).book, first.refs).book;
    const second = claimedBook(again(proven));
    expect(absent(second.book, first.refs)).toMatchObject({ book: second.book, events: [] });
  });

  test('absent is refuted by any leg of the group that the broker has shown', () => {
    const { book, refs, group } = claimedBook();
    const waiting = unanswered(book, refs).book;
    const child = shown(waiting, [placedIn(group)[2]!]);
    expect(absent(child, refs)).toMatchObject({ book: child, events: [] });
  });

  test('absent for the third time: given up', () => {
    let book = plannedBook();
    for (const attempt of [1, 2, 3]) {
      const claimed = claimedBook(again(book));
      book = absent(unanswered(claimed.book, claimed.refs).book, claimed.refs).book;
      expect(book.beforeEntry).toBe(attempt < 3 ? 'RECEIVED' : 'ABANDONED');
    }
    expect(claimEntry(again(book), [1, 2, 3], sender()).kind).toBe('refused');
  });

  test('only what is waited for longer than the answer may take is overdue', () => {
    const { book, group } = claimedBook();
    expect(overdueWrites(book, T0 + 4_999, 5_000, new Set())).toEqual([]);
    expect(overdueWrites(book, T0 + 5_000, 5_000, new Set())).toHaveLength(3);
    // Whoever writes it knows in a moment whether it left: nobody else decides meanwhile.
    expect(overdueWrites(book, T0 + 5_000, 5_000, new Set([group.key]))).toEqual([]);
  });
});

describe('[BRK-2] the ids of a resend', () => {
  const first = claimedBook();
  const proven = again(absent(unanswered(first.book, first.refs).book, first.refs).book);

  test('are the old ones while this client was given no higher one', () => {
    const given = { lastGivenId: 3, sessionClientId: CLIENT };
    expect(entryIds(proven, given)).toEqual({ keep: [1, 2, 3], fresh: 0 });
    const { group } = claimedBook(proven, [1, 2, 3]);
    expect(group.messages.map(({ kind }) => kind)).toEqual(['place', 'place', 'place']);
  });

  test('are fresh ones when a higher one was given, and the old parent is cancelled first', () => {
    const given = { lastGivenId: 4, sessionClientId: CLIENT };
    expect(entryIds(proven, given)).toEqual({ keep: null, fresh: 3 });
    const { book, group } = claimedBook(proven, [5, 6, 7]);
    expect(wireGroupOf(book, group).cancelsFirst).toEqual([1]);
  });

  test('are fresh ones after the id was refused (103)', () => {
    const error: OrderError = {
      clientOrderId: 'ref-ENTRY',
      sessionOrderId: 1,
      code: 103,
      message: 'duplicate order id',
      errorClass: 'unknown',
      about: 'write',
    };
    const { book, refs } = claimedBook();
    const told = applyFact(book, { kind: 'order_error', error, receivedAtMs: T0 }).book;
    expect(states(told)[0]).toEqual(['UNKNOWN']);
    const gone = again(absent(unanswered(told, refs).book, refs).book);
    const given = { lastGivenId: 3, sessionClientId: CLIENT };
    expect(entryIds(gone, given)).toEqual({ keep: null, fresh: 3 });
  });

  test('a group given up is cancelled by its ids before the trade is over', () => {
    let book = plannedBook();
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const claimed = claimedBook(again(book));
      book = absent(unanswered(claimed.book, claimed.refs).book, claimed.refs).book;
    }
    expect(isOver(book)).toBe(false);
    const [end] = looseEnds(book);
    expect(end).toMatchObject({ legId: 'ENTRY', sessionOrderId: 1, why: 'half_sent' });
    const action = { kind: 'cancel_id', legId: 'ENTRY', sessionOrderId: 1, cause: 'half_sent' };
    const tidied = granted(claimActions(book, [action as never], [], sender(), NO_NAMES));
    expect(isOver(tidied.book)).toBe(false);
    const error: OrderError = {
      clientOrderId: 'ref-ENTRY',
      sessionOrderId: 1,
      code: 10147,
      message: 'not found',
      errorClass: 'rejection',
      about: 'cancel',
    };
    const answered = applyFact(tidied.book, { kind: 'order_error', error, receivedAtMs: T0 }).book;
    expect(isOver(answered)).toBe(true);
  });

  test('an old order that shows up beside the new one is cancelled, and says nothing of it', () => {
    const second = claimedBook(proven, [5, 6, 7]);
    const stray = shown(second.book, placedIn(first.group).slice(0, 1));
    expect(entryOf(stray)?.intent).toBe('SENDING');
    expect(looseEnds(stray)).toEqual([{ legId: 'ENTRY', sessionOrderId: 1, why: 'stray' }]);
  });
});

const NO_NAMES = { legId: () => 'x', clientOrderId: () => 'x' };

describe('[BRK-2] a refused cancel', () => {
  const error: OrderError = {
    clientOrderId: 'ref-STOP',
    sessionOrderId: 3,
    code: 10147,
    message: 'not found',
    errorClass: 'rejection',
    about: 'cancel',
  };

  test('proves nothing: the stop is not armed, and not cancelled again until a list shows it', () => {
    const { book, group } = claimedBook();
    const live = shown(book, placedIn(group));
    const action = { kind: 'cancel', legId: 'STOP', cause: 'not_wanted' } as const;
    const { book: asked } = granted(claimActions(live, [action], [], sender(), NO_NAMES));
    const refused = applyFact(asked, { kind: 'order_error', error, receivedAtMs: T0 }).book;
    const stop = tradeLeg(legOf(refused, 'STOP'));
    expect([stop.status, stop.cancelInFlight]).toEqual(['CANCEL_PENDING', true]);
    const listed = applyFact(refused, {
      kind: 'order',
      report: report(placedIn(group)[2]!),
      receivedAtMs: T0,
      listed: true,
    }).book;
    const found = tradeLeg(legOf(listed, 'STOP'));
    expect([found.status, found.cancelInFlight]).toEqual(['ACCEPTED', false]);
    expect(found.pauseUntilMs).toBe(T0 + 1_000);
  });
});

describe('[TRD-2] exits that stand alone', () => {
  test('have an OCA group from birth, and a trailing stop is replaced by a trailing one', () => {
    const names = { legId: () => 'STOP-2', clientOrderId: () => 'ref-2' };
    const exits = { quantity: '40', stopPrice: '95', targetPrice: null, ocaGroup: null } as const;
    const action = { kind: 'place_exits', ...exits, cause: 'missing_exit' } as const;
    for (const trailing of [null, { amount: '2' }]) {
      const live = { ...claimedBook().book, plan: { ...plannedBook().plan!, trailing } };
      const { group } = granted(claimActions(live, [action], [9], sender(), names));
      const [stop] = placedIn(group);
      expect(stop?.terms.ocaGroup).not.toBeNull();
      expect(stop?.terms.orderType).toBe(trailing ? 'TRAIL' : 'STP');
    }
  });

  test('not written, however often: placed as the same leg, in a group of its own each time', () => {
    let legs = 0;
    const names = { legId: () => `new-${(legs += 1)}`, clientOrderId: () => `ref-new-${legs}` };
    const exits = { stopPrice: '95', targetPrice: '110', ocaGroup: null } as const;
    const place = (book: Book, quantity: string, id: number) => {
      const action = { kind: 'place_exits', ...exits, quantity, cause: 'missing_exit' } as const;
      return granted(claimActions(book, [action], [id, id + 1], sender(), names));
    };
    const first = place(plannedBook(), '40', 9);
    const undone = notWritten(first.book, first.refs, 'no turn').book;
    const second = place(undone, '50', 11);
    expect(second.book.legs.length).toBe(first.book.legs.length);
    const [stop, target] = placedIn(second.group);
    expect([stop!.clientOrderId, stop!.sessionOrderId, stop!.terms.quantity]).toEqual([
      'ref-new-1',
      11,
      '50',
    ]);
    expect(legOf(second.book, 'new-1')).toMatchObject({ status: 'PENDING', quantity: '50' });
    // It was written: the next one is another order, in a group that no order ever had.
    const lost = absent(second.book, second.refs).book;
    const third = place(lost, '50', 13);
    expect(third.book.legs.length).toBe(first.book.legs.length + 2);
    const groups = [first, second, third].map(({ group }) => placedIn(group)[0]!.terms.ocaGroup);
    expect(new Set(groups).size).toBe(3);
    expect(target!.terms.ocaGroup).toBe(groups[1]);
  });

  test('not written: given up, the planner places others', () => {
    const names = { legId: () => 'STOP-2', clientOrderId: () => 'ref-2' };
    const exits = { quantity: '40', stopPrice: '95', targetPrice: null, ocaGroup: null } as const;
    const action = { kind: 'place_exits', ...exits, cause: 'missing_exit' } as const;
    const { book, refs } = granted(claimActions(plannedBook(), [action], [9], sender(), names));
    const undone = notWritten(book, refs, 'no turn').book;
    expect(legOf(undone, 'STOP-2').status).toBe('FAILED');
    expect(undone.decided).not.toBeNull();
  });
});
