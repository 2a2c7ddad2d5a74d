/** An entry that the broker keeps back until its market opens is cancelled while nothing of it has filled (SIG-5). */
import { describe, expect, test } from '@jest/globals';
import type { BrokerFact } from '../../../domain/broker/fact.js';
import type { BracketPlan } from '../../../domain/risk/plan.js';
import type { Book } from '../../../domain/trade/book.js';
import { applyFact } from '../../../domain/trade/fact.js';
import { finish } from '../../../domain/trade/finish.js';
import { needsOf, NOTHING_KNOWN } from '../../../domain/trade/needs.js';
import { viewOf } from '../../../domain/trade/view.js';
import { claimedBook, CLIENT, placedIn, plannedBook, report, T0 } from './books.js';

const OPENS_MS = T0 + 3_600_000;
const DAY_MS = 86_400_000;
const ROLES = ['ENTRY', 'TARGET', 'STOP'] as const;

const after = (book: Book, fact: BrokerFact): Book =>
  finish(book, applyFact(book, fact), T0 + 1).book;

const hold = (sessionOrderId = 1, receivedAtMs = T0 + 1): BrokerFact => ({
  kind: 'order_error',
  receivedAtMs,
  error: {
    ...{ clientOrderId: `ref-${ROLES[sessionOrderId - 1]!}`, sessionOrderId, code: 399 },
    ...{ message: 'held', errorClass: 'warning', about: 'order' },
    heldUntilOpen: { opensMs: OPENS_MS },
  },
});

function sent(change: Partial<BracketPlan> = {}): Book {
  const { book, group } = claimedBook(plannedBook(change));
  return placedIn(group).reduce<Book>(
    (now, order) =>
      after(now, { kind: 'order', listed: false, receivedAtMs: T0, report: report(order, {}) }),
    book,
  );
}

const cancels = (book: Book) =>
  needsOf(book, NOTHING_KNOWN, T0 + 2).actions.some(({ kind }) => kind === 'cancel');

const part: BrokerFact = {
  kind: 'execution',
  receivedAtMs: T0 + 1,
  report: {
    ...{ executionId: 'x.01', executionKey: 'x', correction: 1, clientOrderId: 'ref-ENTRY' },
    ...{ brokerOrderId: 'perm-1', sessionOrderId: 1, sessionClientId: CLIENT, account: 'DU1' },
    ...{ symbol: 'AAA', brokerContractId: 7, side: 'BUY', quantity: '40', price: '100' },
    executedAtMs: T0,
  },
};

describe('[SIG-5] an entry that is held until the open', () => {
  test('is cancelled, and says until when it was held', () => {
    const held = after(sent(), hold());
    expect([cancels(sent()), cancels(held)]).toEqual([false, true]);
    expect(held.failure).toContain(new Date(OPENS_MS).toISOString());
    expect(viewOf(held).isOver).toBe(false);
  });

  test.each<[string, Book]>([
    ['of an exit: a stop sleeps while its market does', after(sent(), hold(3))],
    ['long after the placing: it has been at work', after(sent(), hold(1, T0 + 60_001))],
    ['of another order id than its own', after(sent(), hold(2))],
    ['of which something has filled', after(after(sent(), part), hold())],
  ])('stays when that is said %s', (_why, book) => {
    expect(book.wishes.cancelEntry).toBe(false);
  });

  test.each<[string, Partial<BracketPlan['entry']>, boolean]>([
    ['a market order', {}, true],
    ['a limit of the day', { orderType: 'LMT', limitPrice: '100' }, true],
    ['a limit until cancelled', { orderType: 'LMT', limitPrice: '100', timeInForce: 'GTC' }, false],
    [
      'a limit until another day',
      { orderType: 'LMT', timeInForce: 'GTD', goodTillMs: T0 + 2 * DAY_MS },
      false,
    ],
    [
      'a limit until before that open',
      { orderType: 'LMT', timeInForce: 'GTD', goodTillMs: OPENS_MS - 1 },
      true,
    ],
  ])('%s', (_name, entry, isCancelled) => {
    const planned = sent({ entry: { ...plannedBook().plan!.entry, ...entry } });
    expect(after(planned, hold()).wishes.cancelEntry).toBe(isCancelled);
  });
});
