/** What a split, seen or not yet ruled out, holds back of a trade: nothing at prices of before is sent (REC-5). */
import { describe, expect, test } from '@jest/globals';
import type { OrderReport } from '../../../domain/broker/fact.js';
import { judgePicture } from '../../../domain/sending/picture.js';
import { adoptExit } from '../../../domain/trade/adopt.js';
import { afterSplit, exitsAfter, splitRefusal } from '../../../domain/trade/after-split.js';
import type { Book } from '../../../domain/trade/book.js';
import { stopExit } from '../../../domain/trade/bracket.js';
import { mayBeSplit } from '../../../domain/trade/corporate-action.js';
import { applyFact } from '../../../domain/trade/fact.js';
import { finish } from '../../../domain/trade/finish.js';
import { breachesOf } from '../../../domain/trade/guard.js';
import { needsOf, NOTHING_KNOWN, type World } from '../../../domain/trade/needs.js';
import { declareAbsent } from '../../../domain/trade/resolve.js';
import { viewOf } from '../../../domain/trade/view.js';
import type { Quote } from '../../../domain/vocabulary.js';
import { guardedOf } from '../../../worker/broker/guard.js';
import { ACCOUNT, CLIENT, CONTRACT_ID, picture, standpoint, T0 } from './books.js';
import { legOf, openBook } from './open-book.js';

const NOW = T0 + 90_000_000;
/** The guard's. */
const PICTURES_APART_MS = 30_000;

const live = (price: string): Quote => ({
  ...{ bid: price, ask: price, bidSize: '100', askSize: '100', halted: false },
  ...{ atMs: NOW, kind: 'live' },
});

/** As the broker worker asks it, with a link that is READY all along. */
const world = (change: Partial<World>): World => ({
  ...{ ...NOTHING_KNOWN, priceIncrement: '0.01' },
  link: { readySinceMs: T0, pictureAtMs: NOW + 1 },
  ...change,
});

const sent = (book: Book, change: Partial<World>) =>
  needsOf(book, world({ brokerNetAtMs: NOW, ...change }), NOW + 500).actions.map(
    ({ kind }) => kind,
  );

/** The broker has ended both exits of 100 shares. */
function ended(book = openBook()): Book {
  return (['STOP', 'TARGET'] as const).reduce((now, role) => {
    const { clientOrderId, incarnations } = legOf(now, role);
    const report = shown({
      ...{ clientOrderId, sessionOrderId: incarnations[0]!.sessionOrderId, status: 'CANCELLED' },
      ...{ terms: null, remainingQuantity: '100', brokerOrderId: null },
    });
    return told(now, report);
  }, book);
}

function told(book: Book, report: OrderReport): Book {
  const fact = { kind: 'order', listed: true, receivedAtMs: NOW, report } as const;
  return finish(book, applyFact(book, fact), NOW).book;
}

function shown(change: Partial<OrderReport> = {}): OrderReport {
  return {
    ...{ clientOrderId: 'ref-2', brokerOrderId: 'perm-9', account: ACCOUNT, symbol: 'AAA' },
    ...{ sessionOrderId: 71, sessionClientId: CLIENT, brokerContractId: CONTRACT_ID },
    ...{ status: 'ACCEPTED', brokerStatus: 'PreSubmitted', whyHeld: 'trigger' },
    ...{ filledQuantity: '0', remainingQuantity: '1000', averageFillPrice: null },
    ...{ terms: stopExit('SELL', '1000', '9.5', 'group-2'), parentSessionOrderId: null },
    ...change,
  };
}

/** After pictures that lack both exits for an hour, while the broker holds that many. */
function lacking(held: string): Book {
  const position = { account: ACCOUNT, symbol: 'AAA', securityType: 'STK', quantity: held };
  const expected = { account: ACCOUNT, brokerContractId: CONTRACT_ID, quantity: '100' };
  return Array.from({ length: 120 }, (_, n) => T0 + 86_400_000 + n * PICTURES_APART_MS).reduce(
    (book, at) => {
      const snapshot = picture({
        ...{ startedAtMs: at, endedAtMs: at + 100, generationSinceMs: T0 + 86_300_000 },
        positions: [{ ...position, brokerContractId: CONTRACT_ID, averageCost: '100' }],
      });
      const from = standpoint({ nowMs: at + 100, expected });
      return finish(book, judgePicture(book, snapshot, from), at + 100).book;
    },
    openBook(),
  );
}

describe('a split that was seen', () => {
  const asking = (close: string): Book => {
    const book = ended();
    return { ...book, wishes: { ...book.wishes, close } };
  };

  test.each(['max_holding', 'session_end', 'opposite_signal'])(
    "[REC-5] the trade's own close waits for a person: %s",
    (cause) => {
      const seen = { brokerNet: '1000', quote: live('100') };
      expect(sent(asking(cause), { ...seen, split: '10' })).toEqual([]);
      expect(sent(asking(cause), { ...seen, splitSeen: 'corporate action' })).toEqual([]);
      expect(sent(asking(cause), seen)).toEqual(['market_close']);
    },
  );

  test("[REC-5] a person's close goes on", () => {
    const seen = { brokerNet: '1000', quote: live('10'), split: '10' };
    expect(sent(asking('manual'), seen)).toEqual(['market_close']);
  });

  test('[REC-5] it holds back whatever a later look says, until a person has looked', () => {
    const splitSeen = 'corporate action: the broker holds 10 times what the books say';
    for (const brokerNet of [null, '100', '970'])
      expect(sent(ended(), { brokerNet, splitSeen, quote: live('100') })).toEqual([]);
  });

  test('[REC-5] a stop that lives is left alone, and an unwanted entry ends', () => {
    const book = openBook({}, 'part');
    const wishes = { ...book.wishes, cancelEntry: true };
    const { actions } = needsOf({ ...book, wishes }, world({ split: '10' }), NOW);
    expect(actions).toMatchObject([{ kind: 'cancel', legId: 'ENTRY' }]);
  });
});

describe('a position that nobody knows', () => {
  test.each<[string, Partial<World>, readonly string[]]>([
    ['asked for once', { positionUnknown: 1, quote: live('100') }, []],
    [
      'twice, and a live price says that there was no split',
      { positionUnknown: 2, quote: live('100') },
      ['place_exits'],
    ],
    ['twice, and the old stop would sell at once', { positionUnknown: 2, quote: live('10') }, []],
    [
      'twice, and the price may be of after a reverse split',
      { positionUnknown: 2, quote: live('1000') },
      [],
    ],
    ['twice, and there is no live price', { positionUnknown: 2 }, []],
    ['ever again', { positionUnknown: 500, quote: { ...live('100'), atMs: NOW - 60_000 } }, []],
  ])('[REC-5] [TRD-3] %s', (_, unknown, kinds) => {
    expect(sent(ended(), { ...unknown, brokerNet: null, brokerNetAtMs: null })).toEqual(kinds);
  });

  test('[TRD-3] where nothing hints at a split exits go in after the second list, price or not', () => {
    const refused = { ...openBook(), unarmedSinceMs: NOW };
    const stop = legOf(refused, 'STOP');
    const legs = refused.legs.map((leg) =>
      leg === stop
        ? {
            ...leg,
            ...{ status: 'REJECTED' as const, intent: 'SENT' as const },
            incarnations: leg.incarnations.map((one) => ({ ...one, state: 'REFUSED' as const })),
          }
        : leg,
    );
    const book = { ...refused, legs };
    const unknown = { brokerNet: null, brokerNetAtMs: null };
    const at = (positionUnknown: number) =>
      needsOf(book, world({ ...unknown, positionUnknown }), NOW + 60_000).actions;
    expect([at(1), at(2)]).toEqual([[], [expect.objectContaining({ kind: 'place_exits' })]]);
  });

  test('[TRD-3] what can be sold is known by nobody: a stop goes in instead of a flatten', () => {
    const book = { ...ended(), unarmedSinceMs: NOW - 60_000 };
    const unknown = { brokerNet: null, brokerNetAtMs: null, positionUnknown: 2 };
    expect(sent(book, { ...unknown, quote: live('100') })).toEqual(['place_exits']);
  });
});

test('[TRD-3] nobody came to repair for a minute: a stop goes in first, and a sale only after it', () => {
  const book = { ...ended(), unarmedSinceMs: NOW - 60_000 };
  const known = { brokerNet: '100', quote: live('100') };
  expect(sent(book, known)).toEqual(['place_exits']);
  const legs = book.legs.map((leg) => ({
    ...leg,
    incarnations: leg.incarnations.map((one) => ({ ...one, claimedAtMs: NOW - 59_000 })),
  }));
  expect(sent({ ...book, legs }, known)).toEqual(['market_close']);
});

describe('exits that are in no list', () => {
  test.each([
    ['a hand sold 40', '60'],
    ['a 10:1 split', '1000'],
  ])(
    '[TRD-3] %s: shares without a stop are not shown as protected, and nothing is sent',
    (_, held) => {
      const book = lacking(held);
      expect(viewOf(book)).toMatchObject({
        isProtected: false,
        heldQuantity: '100',
        state: 'OPEN',
      });
      expect(breachesOf(guardedOf(book))).toMatchObject([{ kind: 'unprotected', shares: '100' }]);
      expect(sent(book, { brokerNet: held, quote: live('100') })).toEqual([]);
    },
  );

  test('[REC-5] a split takes them along: exits of now are all that is placed', () => {
    const before = lacking('1000');
    const ratio = { from: '100', to: '1000' };
    expect(splitRefusal(before)).toBeNull();
    const exits = exitsAfter(before, ratio, '0.01');
    const after = finish(before, afterSplit(before, ratio, exits, 'anna', NOW), NOW).book;
    const { actions } = needsOf(after, world({ brokerNet: '1000', brokerNetAtMs: NOW }), NOW + 1);
    expect(actions).toMatchObject([{ kind: 'place_exits', quantity: '1000', stopPrice: '9.5' }]);
  });

  test('[REC-5] [TRD-11] declared absent after a split: none is placed at the price of before', () => {
    const book = (['STOP', 'TARGET'] as const).reduce(
      (now, role) => finish(now, declareAbsent(now, legOf(now, role).legId, 'anna'), NOW).book,
      openBook(),
    );
    expect(mayBeSplit(book)).toBe(true);
    expect(sent(book, { brokerNet: '1000', split: '10' })).toEqual([]);
  });

  test('[TRD-3] [TRD-11] declared absent after a hand sold 40: the rest is protected, not sold', () => {
    const book = (['STOP', 'TARGET'] as const).reduce(
      (now, role) => finish(now, declareAbsent(now, legOf(now, role).legId, 'anna'), NOW).book,
      lacking('60'),
    );
    const { actions } = needsOf(
      book,
      world({ brokerNet: '60', brokerNetAtMs: NOW, quote: live('100') }),
      NOW + 500,
    );
    expect(actions).toMatchObject([{ kind: 'place_exits', quantity: '60', stopPrice: '95' }]);
  });
});

describe('a backup from before the split', () => {
  /** The stop of now lives at the broker; the books say 100 at 100. */
  function restored(): Book {
    const before = ended();
    const exit = { role: 'STOP', sequence: 2, legId: 'adopted', clientOrderId: 'ref-2' } as const;
    const at = { nowMs: NOW, generation: 4, brokerDay: '2026-11-20' };
    const { book } = adoptExit(before, exit, { orders: [shown()], executions: [] }, at);
    return told(book, shown());
  }

  test('[REC-3] [REC-5] a stop over 1000 shares of now is not cut to the 100 of before', () => {
    const book = restored();
    expect(sent(book, { brokerNet: '1000' })).toContain('modify');
    const isAsked = mayBeSplit(book);
    expect(isAsked).toBe(true);
    expect(sent(book, { brokerNet: '1000', split: isAsked ? '10' : null })).toEqual([]);
    expect(sent(book, { brokerNet: null, brokerNetAtMs: null, positionUnknown: 1 })).toEqual([]);
  });

  test('[REC-3] [REC-5] carried across, it stands as it is', () => {
    const book = restored();
    const ratio = { from: '100', to: '1000' };
    expect([splitRefusal(book, '1000'), splitRefusal(book, '999')]).toEqual([
      null,
      expect.stringContaining('the stop 2'),
    ]);
    const exits = exitsAfter(book, ratio, '0.01');
    expect(exits).toEqual({ stopPrice: '9.5', targetPrice: '11' });
    const after = finish(book, afterSplit(book, ratio, exits, 'anna', NOW), NOW).book;
    expect(viewOf(after)).toMatchObject({ heldQuantity: '1000', isProtected: true });
  });
});
