/** A trade that was settled and holds shares again: its result is withdrawn, and the new one is told (TRD-12). */
import { expect, test } from '@jest/globals';
import type { Book } from '../../../domain/trade/book.js';
import { applyFact } from '../../../domain/trade/fact.js';
import { finish } from '../../../domain/trade/finish.js';
import { newsOf, resultNews } from '../../../domain/trade/news.js';
import { lotsOf, settle } from '../../../domain/trade/settle.js';
import { viewOf } from '../../../domain/trade/view.js';
import { ACCOUNT, CLIENT, CONTRACT_ID, T0 } from './books.js';
import { openBook } from './open-book.js';

const LATER = T0 + 60_000;

function sold(book: Book, correction: number, quantity: string, nowMs: number) {
  const report = {
    ...({ clientOrderId: 'ref-STOP', side: 'SELL', quantity, price: '95', symbol: 'AAA' } as const),
    ...{ executionId: `s.0${correction}`, executionKey: 's', correction, account: ACCOUNT },
    ...{ brokerOrderId: 'perm-3', sessionOrderId: 3, sessionClientId: CLIENT },
    ...{ brokerContractId: CONTRACT_ID, executedAtMs: T0 + correction },
  };
  const change = applyFact(book, { kind: 'execution', receivedAtMs: nowMs, report });
  return finish(book, change, nowMs);
}

/** Its target goes with the stop. */
function closed(): Book {
  const { book } = sold(openBook({ targetPrice: null }), 1, '100', T0 + 1);
  const settled = settle(book, T0 + 2);
  return finish(book, settled, T0 + 2).book;
}

test('[TRD-12] a bust of its exit withdraws the result, and says how many shares are held again', () => {
  const before = closed();
  expect(before.result?.realizedPnl).toBe('-500');
  const { book, events, view } = sold(before, 2, '40', LATER);
  expect([book.result, book.settledAtMs, book.closedAtMs]).toEqual([null, null, null]);
  const told = 'result withdrawn, it was -500: 60 shares are held again';
  expect(events.filter(({ kind }) => kind === 'adjusted')).toMatchObject([{ summary: told }]);
  const news = newsOf(before, 'CLOSED', book, view).filter(({ kind }) => kind === 'adjusted');
  expect(news.map(({ summary }) => summary)).toEqual([
    'result withdrawn: BUY AAA: it was -500 USD: 60 shares are held again',
  ]);
});

test('[TRD-12] its next end is told as well', () => {
  const before = closed();
  const first = resultNews(before, viewOf(before), lotsOf(before))!;
  const reopened = sold(before, 2, '40', LATER).book;
  const again = finish(reopened, settleOf(sold(reopened, 3, '100', LATER + 1).book), LATER + 2);
  const second = resultNews(again.book, again.view, lotsOf(again.book))!;
  expect(second.dedupeKey).not.toBe(first.dedupeKey);
  expect(second.summary).toContain('-500');
});

const settleOf = (book: Book) => settle(book, LATER + 1);

test('[TRD-12] a correction that leaves it closed adjusts the result, as before', () => {
  const before = closed();
  const fact = { kind: 'commission', receivedAtMs: LATER } as const;
  const money = { account: ACCOUNT, currency: 'USD', brokerRealizedPnl: null };
  const report = { executionId: 's.01', commission: '1', ...money };
  const { events } = finish(before, applyFact(before, { ...fact, report }), LATER);
  expect(events).toMatchObject([{ summary: 'result adjusted from -500 to -501' }]);
});
