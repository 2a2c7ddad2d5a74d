/**
 * A position that does not add up, and exits at prices that may be of before a split: none is sent that would
 * trigger at once (REC-5).
 */
import { describe, expect, test } from '@jest/globals';
import type { OrderReport } from '../../../domain/broker/fact.js';
import type { Book } from '../../../domain/trade/book.js';
import { applyFact } from '../../../domain/trade/fact.js';
import { finish } from '../../../domain/trade/finish.js';
import {
  needsOf,
  NOTHING_KNOWN,
  splitHiddenIn,
  type Needs,
  type World,
} from '../../../domain/trade/needs.js';
import { requestMove } from '../../../domain/trade/request-move.js';
import type { Quote } from '../../../domain/vocabulary.js';
import { ACCOUNT, CLIENT, CONTRACT_ID, T0 } from './books.js';
import { legOf, openBook } from './open-book.js';

const NOW = T0 + 90_000_000;
const ROLES = ['STOP', 'TARGET'] as const;

const live = (price: string, ageMs = 0): Quote => ({
  ...{ bid: price, ask: price, bidSize: '100', askSize: '100', halted: false },
  ...{ atMs: NOW - ageMs, kind: 'live' },
});

/** The broker holds so many, asked for just now, at that price. */
const world = (brokerNet: string | null, price: string, change: Partial<World> = {}): World => ({
  ...{ ...NOTHING_KNOWN, priceIncrement: '0.01' },
  link: { readySinceMs: T0, pictureAtMs: NOW + 1 },
  ...{ brokerNet, brokerNetAtMs: NOW, quote: live(price) },
  ...change,
});

/** The broker has ended the exits of 100 shares at 100: stop 95, target 110. */
function ended(book = openBook(), roles: readonly ('STOP' | 'TARGET')[] = ROLES): Book {
  return roles.reduce((now, role) => {
    const { clientOrderId, incarnations } = legOf(now, role);
    const report: OrderReport = {
      ...{ clientOrderId, brokerOrderId: null, account: ACCOUNT, symbol: 'AAA' },
      ...{ sessionOrderId: incarnations[0]!.sessionOrderId, sessionClientId: CLIENT },
      ...{ brokerContractId: CONTRACT_ID, status: 'CANCELLED', brokerStatus: 'Cancelled' },
      ...{ whyHeld: '', filledQuantity: '0', remainingQuantity: '100', averageFillPrice: null },
      ...{ terms: null, parentSessionOrderId: null },
    };
    const fact = { kind: 'order', listed: true, receivedAtMs: NOW, report } as const;
    return finish(now, applyFact(now, fact), NOW).book;
  }, book);
}

const short = () => ended(openBook({ side: 'SELL', stopPrice: '105', targetPrice: '90' }));

const after = (book: Book, seen: World): Needs => needsOf(book, seen, NOW + 500);
const sent = (book: Book, seen: World) => after(book, seen).actions.map(({ kind }) => kind);

describe('a split whose ratio a hand hides', () => {
  test.each<[string, Book, World]>([
    ['10:1, and a hand sold 433', ended(), world('567', '10')],
    ['10:1, and a hand bought 3', ended(), world('1003', '10')],
    ['3:2, and a hand sold 11', ended(), world('139', '66.67')],
    ['1:10, and a hand sold 3: its target would fill at once', ended(), world('7', '1000')],
    ['1:10 of a short', short(), world('-7', '1000')],
    ['10:1 of a short: its target would fill at once', short(), world('-567', '10')],
  ])('[REC-5] %s: nothing is sent, and a person is waited for', (_, book, seen) => {
    const { actions, wait } = after(book, seen);
    expect(actions).toEqual([]);
    expect(wait).toMatchObject({ then: 'person' });
    expect(wait?.what).toContain(
      `the broker holds ${seen.brokerNet!.replace('-', '')} where the trade holds 100`,
    );
    expect(wait?.what).toContain(`"ballast resolve split ${book.id} --ratio NEW:OLD"`);
    expect(wait?.what).toContain(`"ballast close ${book.id}"`);
    expect(splitHiddenIn(book, seen, NOW + 500)).toContain('where the trade holds 100');
  });

  test("[REC-5] 1:10 without a target: no price of the trade's is anywhere near", () => {
    const book = ended(openBook({ targetPrice: null }), ['STOP']);
    expect(sent(book, world('7', '1000'))).toEqual([]);
  });

  test('[REC-5] nor is it sold for the time without a stop, or by its own clock', () => {
    const unarmed = { ...ended(), unarmedSinceMs: NOW - 60_000 };
    const tried = {
      ...unarmed,
      legs: unarmed.legs.map((leg) => ({
        ...leg,
        incarnations: leg.incarnations.map((one) => ({ ...one, claimedAtMs: NOW - 59_000 })),
      })),
    };
    expect(sent(tried, world('100', '10'))).toEqual(['market_close']);
    expect(sent(tried, world('567', '10'))).toEqual([]);
    const due = { ...tried, wishes: { ...tried.wishes, close: 'max_holding' } };
    expect(sent(due, world('567', '10'))).toEqual([]);
  });

  test("[REC-5] a person's close goes on", () => {
    const book = ended();
    const asked = { ...book, wishes: { ...book.wishes, close: 'manual' } };
    expect(sent(asked, world('567', '10'))).toEqual(['market_close']);
  });

  test.each<[string, World]>([
    ['the position adds up', world('100', '10')],
    ['nobody knows the position', world(null, '10', { brokerNetAtMs: null })],
    ['the quote is old', world('567', '10', { quote: live('10', 60_000) })],
    ['there is no quote', world('567', '10', { quote: null })],
    ['trading is halted', world('567', '10', { quote: { ...live('10'), halted: true } })],
  ])('[REC-5] %s: as ever', (_, seen) => {
    expect(sent(ended(), seen)).toEqual(['place_exits']);
    expect(splitHiddenIn(ended(), seen, NOW + 500)).toBeNull();
  });

  test('[REC-5] a fill that came after the position was asked for may be what it lacks', () => {
    const book = ended();
    const fills = book.fills.map((fill) => ({ ...fill, receivedAtMs: NOW + 100 }));
    expect(sent({ ...book, fills }, world('567', '10'))).toEqual(['place_exits']);
  });

  test('[REC-5] a stop that lives is left to the broker, whatever the price', () => {
    const book = ended(openBook(), ['TARGET']);
    expect(splitHiddenIn(book, world('567', '10'), NOW + 500)).toBeNull();
  });
});

describe('a stop on the wrong side of the market, beside a position that does not add up', () => {
  test('[REC-5] it is not sent: a person is told what happened, where, and what to do', () => {
    const book = ended();
    const { actions, wait } = after(book, world('60', '94'));
    expect(actions).toEqual([]);
    expect(wait).toMatchObject({
      then: 'person',
      what:
        `a person: the broker holds 60 where the trade holds 100, and a stop at 95 would trigger at once, for the market is at 94 ` +
        `("ballast move-stop ${book.id}" to another price, "ballast resolve difference ${book.id}" for what a hand did, or "ballast close ${book.id}")`,
    });
    expect(splitHiddenIn(book, world('60', '94'), NOW + 500)).toBeNull();
  });

  test('[REC-5] [TRD-3] on its right side, or beside a position that adds up, it is', () => {
    expect(sent(ended(), world('60', '96'))).toEqual(['place_exits']);
    expect(sent(ended(), world('100', '94'))).toEqual(['place_exits']);
  });

  test('[REC-5] [TRD-5] moved to the right side it is placed', () => {
    const asked = { exit: 'stop', price: '96', widen: false } as const;
    const market = { room: null, increment: '0.01', nowMs: NOW, quote: live('97') };
    const { book, refusal } = requestMove(ended(), asked, market);
    expect(refusal).toBeNull();
    const { actions } = after(book, world('60', '97'));
    expect(actions).toMatchObject([{ kind: 'place_exits', stopPrice: '96', quantity: '60' }]);
  });

  test('[REC-5] [TRD-4] one that stands is made no larger, nor moved; made smaller it can only sell less', () => {
    const book = openBook();
    const resized = (quantity: string, stopPrice: string): Book => ({
      ...book,
      legs: book.legs.map((leg) =>
        leg.role === 'STOP'
          ? { ...leg, quantity, readBack: { ...leg.wanted, quantity, stopPrice } }
          : leg,
      ),
    });
    const stopOf = (of: Book, net: string, price: string) =>
      after(of, world(net, price)).actions.filter(
        (action) => action.kind === 'modify' && action.legId === legOf(of, 'STOP').legId,
      );
    expect(stopOf(resized('80', '95'), '120', '96')).toHaveLength(1);
    expect(stopOf(resized('80', '95'), '120', '94')).toEqual([]);
    expect(stopOf(resized('100', '93'), '120', '94')).toEqual([]);
    expect(stopOf(book, '60', '94')).toMatchObject([{ quantity: '60', stopPrice: '95' }]);
  });
});
