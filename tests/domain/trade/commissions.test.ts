/** Commissions in another currency than the contract's, in the result of a trade. */
import { describe, expect, test } from '@jest/globals';
import { applyFact } from '../../../domain/trade/fact.js';
import { lotsOf, settle } from '../../../domain/trade/settle.js';
import type { Book, BookFill } from '../../../domain/trade/book.js';
import { plannedBook, T0 } from './books.js';

const LATER = T0 + 60_000;

/** In at 100 for ten, out at 103, each for a commission of two dollars that the broker has told. */
function traded(rates?: Book['rates']): Book {
  const book = plannedBook();
  const fills: BookFill[] = [
    { ...fillOf('ENTRY', 'BUY', '100'), commission: '2', commissionCurrency: 'USD' },
    { ...fillOf('TARGET', 'SELL', '103') },
  ];
  return { ...book, fills, ...(rates && { rates }) };
}

function fillOf(legId: string, side: 'BUY' | 'SELL', price: string): BookFill {
  return {
    ...{ legId, executionId: `${legId}.01`, executionKey: legId, correction: 1, side, price },
    ...{ superseded: false, inferred: false, symbol: 'AAA', brokerContractId: 1, quantity: '10' },
    ...{ brokerOrderId: '1', executedAtMs: T0, receivedAtMs: T0, commission: null },
    ...{ commissionCurrency: null, brokerRealizedPnl: null },
  };
}

const told = (book: Book, commission: string, currency: string): Book =>
  applyFact(book, {
    kind: 'commission',
    report: {
      ...{ executionId: 'TARGET.01', account: book.account, commission, currency },
      brokerRealizedPnl: null,
    },
    receivedAtMs: LATER,
  }).book;

const EUR_ACCOUNT = { baseCurrency: 'EUR', perUnit: { EUR: '1', USD: '0.8' } };

describe('[TRD-8] a commission in another currency than its contract’s', () => {
  test('counts at the rate of the account’s ledger', () => {
    const lots = lotsOf(told(traded(EUR_ACCOUNT), '1.60', 'EUR'))!;
    expect([lots.commission, lots.realizedPnl]).toEqual(['4', '26']);
    expect(lots.commissionsComplete).toBe(true);
  });

  test('at that of when it was booked: a later one changes no result', () => {
    const book = told(traded(EUR_ACCOUNT), '1.60', 'EUR');
    const later = { ...book, rates: { baseCurrency: 'EUR', perUnit: { USD: '0.5' } } };
    expect(lotsOf(told(later, '1.60', 'EUR'))!.realizedPnl).toBe('26');
  });

  test.each<[string, Book['rates']]>([
    ['no rates', undefined],
    ['no rate of the commission', { baseCurrency: 'USD', perUnit: { USD: '1' } }],
    ['no rate of the contract', { baseCurrency: 'EUR', perUnit: { EUR: '1' } }],
  ])('with %s is no part of the result, and the result says so', (_, rates) => {
    const book = told(traded(rates), '1.60', 'EUR');
    expect(lotsOf(book)!.realizedPnl).toBe('28');
    const over = { ...book, legs: [], beforeEntry: 'DENIED' as const, closedAtMs: LATER };
    const settled = settle(over, LATER);
    expect(settled).toMatchObject({
      summary: expect.stringMatching(
        /: 28\.00 after commissions, without 1\.60 EUR of commissions that no rate is known for$/,
      ),
    });
  });

  test('counts once a rate is known, when the broker tells it again', () => {
    const without = told(traded(), '1.60', 'EUR');
    const again = told({ ...without, rates: EUR_ACCOUNT }, '1.60', 'EUR');
    expect(lotsOf(again)!.realizedPnl).toBe('26');
  });

  test('is none where the currencies are the same, whatever the ledger names', () => {
    expect(lotsOf(told(traded({ baseCurrency: 'EUR', perUnit: {} }), '2', 'USD'))!.commission).toBe(
      '4',
    );
  });
});
