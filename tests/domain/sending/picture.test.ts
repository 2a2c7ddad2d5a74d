/** What a picture of the broker proves: each condition of the proof, one by one. */
import { describe, expect, test } from '@jest/globals';
import { judgePicture } from '../../../domain/sending/picture.js';
import { entryOf, legOf, type Book } from '../../../domain/trade/book.js';
import { claimActions } from '../../../domain/trade/claim-actions.js';
import { applyFact } from '../../../domain/trade/fact.js';
import { claimEntry, entryIds } from '../../../domain/trade/claim.js';
import { finish } from '../../../domain/trade/finish.js';
import { viewOf } from '../../../domain/trade/view.js';
import { refused, unanswered } from '../../../domain/trade/outcome.js';
import {
  claimedBook,
  granted,
  picture,
  placedIn,
  report,
  sender,
  standpoint,
  T0,
} from '../trade/books.js';

const { book: claimed, refs, group } = claimedBook();
const unknown = unanswered(claimed, refs).book;
const LATER = { startedAtMs: T0 + 23_000, endedAtMs: T0 + 23_100 };
const LATER_FROM = { nowMs: T0 + 23_100 };

const SAME = { generation: 1, generationSinceMs: T0 - 60_000 };
const SAME_LATER = { ...SAME, startedAtMs: T0 + 23_000 };
const WRITING = { epoch: '1', writing: new Set([group.key]) };

function execution() {
  return {
    executionId: 'x.01',
    executionKey: 'x',
    correction: 1,
    clientOrderId: 'ref-ENTRY',
    brokerOrderId: null,
    sessionOrderId: 1,
    sessionClientId: 17,
    account: 'DU1',
    symbol: 'AAA',
    brokerContractId: 7,
    side: 'BUY',
    quantity: '1',
    price: '100',
    executedAtMs: T0,
  } as const;
}

/** Two pictures, one after the other; gives the entry's intent after both. */
function afterBoth(
  first: Parameters<typeof picture>[0],
  second: Parameters<typeof picture>[0],
  from: Parameters<typeof standpoint>[0] = {},
): string | undefined {
  const once = judgePicture(unknown, picture(first), standpoint(from));
  const twice = judgePicture(
    once.book,
    picture({ ...LATER, ...second }),
    standpoint({ ...LATER_FROM, ...from }),
  );
  return entryOf(twice.book)?.intent;
}

describe('[BRK-2] absence is proven', () => {
  test('by two complete pictures of one generation, begun late enough and apart', () => {
    expect(afterBoth({}, {})).toBe('NEW');
  });

  test.each<[string, Parameters<typeof picture>[0], Parameters<typeof picture>[0], object?]>([
    ['one of them incomplete', {}, { isComplete: false }],
    ['the first too early after the handshake', { startedAtMs: T0 + 15_999 }, {}],
    ['less than two seconds apart', {}, { startedAtMs: T0 + 21_999 }],
    ['the second of another generation', {}, { generation: 3 }],
    ['a position that the books don’t explain', {}, {}, { expected: null }],
    ['another day', {}, {}, { isBlindTo: () => true }],
    ['the nightly reset', {}, {}, { isInReset: () => true }],
    ['a child listed', {}, { orders: [report(placedIn(group)[1]!)] }],
    ['an execution of it', {}, { executions: [execution()] }],
    ['the claim’s own session, while it is written', SAME, SAME_LATER, WRITING],
  ])('not with %s', (_name, first, second, from = {}) => {
    expect(afterBoth(first, second, from)).toBe('SENDING');
  });

  test('in the claim’s own session too, once the write is over', () => {
    expect(afterBoth(SAME, SAME_LATER, { epoch: '1' })).toBe('NEW');
  });

  test('of a parent whose children were refused for want of it, and all of them may be sent again', () => {
    const [parent, ...children] = refs;
    const orphans = children.reduce(
      (book, ref) => refused(book, ref, 10006, 'Missing parent order.').book,
      claimed,
    );
    const alone = unanswered(orphans, [parent!]).book;
    const once = judgePicture(alone, picture(), standpoint());
    const { book } = judgePicture(once.book, picture(LATER), standpoint(LATER_FROM));
    expect(book.legs.map(({ intent, status }) => [intent, status])).toEqual(
      Array(3).fill(['NEW', 'PENDING']),
    );
    const planned = { ...book, decided: claimed.decided };
    const given = { lastGivenId: 3, sessionClientId: 17 };
    expect(entryIds(planned, given)).toEqual({ keep: null, fresh: 3 });
    const again = granted(claimEntry(planned, [4, 5, 6], sender({ epoch: '2' })));
    expect(placedIn(again.group).map(({ sessionOrderId }) => sessionOrderId)).toEqual([4, 5, 6]);
  });

  test('a position shown that nobody expects explains nothing', () => {
    const held = {
      account: 'DU1',
      symbol: 'AAA',
      securityType: 'STK',
      brokerContractId: 7,
      averageCost: '1',
    };
    const positions = [{ ...held, quantity: '100' }];
    expect(afterBoth({ positions }, { positions })).toBe('SENDING');
  });

  test('it says when to look again', () => {
    const early = picture({ startedAtMs: T0 + 2_000, endedAtMs: T0 + 2_100 });
    const from = standpoint({ nowMs: T0 + 2_100 });
    expect(judgePicture(unknown, early, from).lookAgainAtMs).toBe(T0 + 16_000);
    const first = judgePicture(unknown, picture(), standpoint());
    expect(first.lookAgainAtMs).toBe(T0 + 22_100);
  });
});

describe('[BRK-12] an order that the broker had shown', () => {
  const live = placedIn(group).reduce(show, claimed);

  function show(book: Book, order: Parameters<typeof report>[0]): Book {
    const fact = { kind: 'order', report: report(order), receivedAtMs: T0, listed: false } as const;
    return applyFact(book, fact).book;
  }

  test('has vanished when two pictures lack it without a word', () => {
    const orders = placedIn(group)
      .slice(0, 2)
      .map((order) => report(order));
    const once = judgePicture(live, picture({ orders }), standpoint());
    expect(legOf(once.book, 'STOP').status).toBe('ACCEPTED');
    const twice = judgePicture(once.book, picture({ orders, ...LATER }), standpoint(LATER_FROM));
    const stop = legOf(twice.book, 'STOP');
    expect([stop.status, stop.incarnations[0]?.state]).toEqual(['FAILED', 'VANISHED']);
    expect(twice.events.map(({ kind }) => kind)).toEqual(['vanished']);
    expect(legOf(twice.book, 'ENTRY').status).toBe('ACCEPTED');
  });

  test('has vanished on whatever day it was sent, but never while the broker restarts', () => {
    const orders = placedIn(group)
      .slice(0, 2)
      .map((order) => report(order));
    const statusAfter = (from: Parameters<typeof standpoint>[0]) => {
      const once = judgePicture(live, picture({ orders }), standpoint(from));
      const later = standpoint({ ...LATER_FROM, ...from });
      return legOf(judgePicture(once.book, picture({ orders, ...LATER }), later).book, 'STOP')
        .status;
    };
    expect(statusAfter({ isBlindTo: () => true })).toBe('FAILED');
    expect(statusAfter({ isInReset: () => true })).toBe('ACCEPTED');
  });

  test('a modification that it does not show never arrived, one that it shows did', () => {
    const terms = { quantity: '100', limitPrice: null, stopPrice: '97' };
    const action = { kind: 'modify', legId: 'STOP', ...terms, cause: 'price' } as const;
    const names = { legId: () => 'x', clientOrderId: () => 'x' };
    const asked = granted(claimActions(live, [action], [], sender(), names));
    const waiting = unanswered(asked.book, asked.refs).book;
    const orders = placedIn(group).map((order) => report(order));
    const judged = judgePicture(waiting, picture({ orders }), standpoint()).book;
    expect(legOf(judged, 'STOP').incarnations[1]?.state).toBe('ABSENT');
    const moved = orders.map((shown) =>
      shown.sessionOrderId === 3
        ? { ...shown, terms: { ...shown.terms!, stopPrice: '97' } }
        : shown,
    );
    const taken = judgePicture(waiting, picture({ orders: moved }), standpoint()).book;
    expect(legOf(taken, 'STOP').incarnations[1]?.state).toBe('SHOWN');
  });
});

describe('[BRK-5] a fill that only the position shows', () => {
  const live = placedIn(group).reduce((now, order) => {
    const fact = { kind: 'order', report: report(order), receivedAtMs: T0, listed: false } as const;
    return applyFact(now, fact).book;
  }, claimed);
  const entered = applyFact(live, {
    kind: 'execution',
    report: { ...execution(), quantity: '100' },
    receivedAtMs: T0,
  }).book;
  const from = (at: object) =>
    standpoint({
      ...at,
      expected: { account: 'DU1', brokerContractId: 7, quantity: '100' },
    });

  test('is booked on the missing exit, marked, and taken back when the broker tells of it', () => {
    const once = judgePicture(entered, picture(), from({}));
    expect(legOf(once.book, 'STOP').filledQuantity).toBe('0');
    const twice = judgePicture(once.book, picture(LATER), from(LATER_FROM)).book;
    const [first] = twice.fills.filter(({ inferred }) => inferred);
    expect(first).toMatchObject({ quantity: '100', side: 'SELL', superseded: false });
    const told = { ...execution(), executionId: 'y.01', executionKey: 'y', side: 'SELL' } as const;
    const real = { ...told, clientOrderId: `ref-${first!.legId}`, quantity: '100', price: '94' };
    const trued = applyFact(twice, { kind: 'execution', report: real, receivedAtMs: T0 }).book;
    const leg = legOf(trued, first!.legId);
    expect([leg.filledQuantity, leg.averagePrice]).toEqual(['100', '94']);
    expect(trued.fills.filter(({ superseded }) => !superseded)).toHaveLength(2);
  });

  test('is taken back share by share as reports of it come, and nothing jumps meanwhile', () => {
    const once = judgePicture(entered, picture(), from({}));
    const inferred = judgePicture(once.book, picture(LATER), from(LATER_FROM)).book;
    const { legId } = inferred.fills.find((fill) => fill.inferred)!;
    const tell = (book: Book, key: string, quantity: string, correction = 1) => {
      const ids = { executionId: `${key}.0${correction}`, executionKey: key, correction };
      const whose = { clientOrderId: `ref-${legId}`, side: 'SELL', price: '94' } as const;
      const report = { ...execution(), ...ids, ...whose, quantity };
      const change = applyFact(book, { kind: 'execution', report, receivedAtMs: T0 });
      return finish(book, change, T0).book;
    };
    const first = tell(inferred, 'y', '40');
    const second = tell(first, 'z', '35');
    const third = tell(second, 'w', '25');
    for (const book of [first, second, third]) {
      const { status, filledQuantity } = legOf(book, legId);
      expect([status, filledQuantity, viewOf(book).heldQuantity]).toEqual(['EXECUTED', '100', '0']);
      expect(book.unarmedSinceMs).toBeNull();
      expect(new Set(book.fills.map(({ executionId }) => executionId)).size).toBe(
        book.fills.length,
      );
    }
    const counting = (book: Book) =>
      book.fills
        .filter((fill) => fill.legId === legId && !fill.superseded)
        .map((fill) => `${fill.quantity} at ${fill.price}`);
    expect(counting(first)).toEqual(['60 at 95', '40 at 94']);
    expect(counting(third)).toEqual(['40 at 94', '35 at 94', '25 at 94']);
    // More than was inferred is more than was filled; a correction takes back what it adds alone.
    expect(legOf(tell(first, 'y', '45', 2), legId).filledQuantity).toBe('100');
    expect(legOf(tell(second, 'v', '30'), legId).filledQuantity).toBe('105');
  });

  test('is taken back from the stop when the report tells that it was the target', () => {
    const once = judgePicture(entered, picture(), from({}));
    const judged = judgePicture(once.book, picture(LATER), from(LATER_FROM));
    // Both are missing and both fit: nobody can tell which of them it was, and so it says.
    const inferred = judged.book.fills.find((fill) => fill.inferred)!;
    const other = inferred.legId === 'STOP' ? 'TARGET' : 'STOP';
    expect(judged.events[0]).toMatchObject({ detail: { alsoFits: [other] } });
    const tell = (book: Book, key: string, quantity: string) => {
      const ids = { executionId: `${key}.01`, executionKey: key };
      const whose = { clientOrderId: `ref-${other}`, side: 'SELL', price: '110' } as const;
      const report = { ...execution(), ...ids, ...whose, quantity };
      return finish(book, applyFact(book, { kind: 'execution', report, receivedAtMs: T0 }), T0)
        .book;
    };
    const first = tell(judged.book, 'y', '40');
    const whole = tell(first, 'z', '60');
    for (const book of [first, whole]) expect(viewOf(book).heldQuantity).toBe('0');
    expect(legOf(first, inferred.legId).filledQuantity).toBe('60');
    expect(legOf(whole, inferred.legId).filledQuantity).toBe('0');
    expect(legOf(whole, other)).toMatchObject({ filledQuantity: '100', averagePrice: '110' });
    expect(viewOf(whole)).toMatchObject({ state: 'CLOSED', exitReason: 'target' });
    // What comes beyond it was sold beyond it.
    expect(viewOf(tell(whole, 'w', '10')).heldQuantity).toBe('-10');
  });

  test('not while the position lacks anything else', () => {
    const held = {
      account: 'DU1',
      symbol: 'AAA',
      securityType: 'STK',
      brokerContractId: 7,
      averageCost: '1',
    };
    const positions = [{ ...held, quantity: '40' }];
    const once = judgePicture(entered, picture({ positions }), from({}));
    const later = picture({ positions, ...LATER });
    const twice = judgePicture(once.book, later, from(LATER_FROM));
    expect(twice.book.fills.some(({ inferred }) => inferred)).toBe(false);
  });
});
