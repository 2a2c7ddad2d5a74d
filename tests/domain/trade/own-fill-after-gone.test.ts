/** Shares were booked as closed outside, and the trade's own exit tells after all that it sold them: no share counts twice (REC-2). */
import { describe, expect, test } from '@jest/globals';
import type { ExecutionReport } from '../../../domain/broker/fact.js';
import { decimal } from '../../../domain/money.js';
import { isLive } from '../../../domain/orders/machine.js';
import type { Book } from '../../../domain/trade/book.js';
import { bookOutside, goneFill, withOutsideClose } from '../../../domain/trade/closed-outside.js';
import { applyFact } from '../../../domain/trade/fact.js';
import { finish } from '../../../domain/trade/finish.js';
import { needsOf, NOTHING_KNOWN } from '../../../domain/trade/needs.js';
import { viewOf } from '../../../domain/trade/view.js';
import { ACCOUNT, CLIENT, CONTRACT_ID, T0 } from './books.js';
import { legOf, openBook } from './open-book.js';

const GONE_AT = T0 + 90_000_000;

/** A trade of 100 of which so many were booked as gone. */
function goneBook(quantity: string): Book {
  const book = openBook();
  const leg = { legId: 'gone', clientOrderId: 'ref-gone' };
  const closing = finish(book, withOutsideClose(book, leg, quantity), GONE_AT).book;
  const fill = goneFill(closing, decimal(quantity), GONE_AT)!;
  return finish(closing, bookOutside(closing, 'gone', [fill], GONE_AT), GONE_AT).book;
}

/** The stop's execution, told a minute after that. */
function told(book: Book, n: number, quantity: string, executedAtMs = GONE_AT - 3_600_000): Book {
  const stop = legOf(book, 'STOP');
  const { sessionOrderId } = stop.incarnations[0]!;
  const report: ExecutionReport = {
    ...{ executionId: `s${n}.01`, executionKey: `s${n}`, correction: 1, side: 'SELL', quantity },
    ...{ clientOrderId: stop.clientOrderId, brokerOrderId: `perm-${sessionOrderId}` },
    ...{ price: '94.9', sessionOrderId, sessionClientId: CLIENT, account: ACCOUNT },
    ...{ symbol: 'AAA', brokerContractId: CONTRACT_ID, executedAtMs },
  };
  const receivedAtMs = GONE_AT + 60_000;
  const change = applyFact(book, { kind: 'execution', report, receivedAtMs });
  return finish(book, change, receivedAtMs).book;
}

const heldBy = (book: Book) => viewOf(book).heldQuantity;

describe('[REC-2] [TRD-12] the own execution of a time before takes the place of what was concluded', () => {
  test('of all of it: at the price of the stop, and nothing is bought back', () => {
    const book = told(goneBook('100'), 1, '100');
    expect(viewOf(book)).toMatchObject({ heldQuantity: '0', averageExit: '94.9' });
    expect(isLive(legOf(book, 'CLOSE'))).toBe(false);
    // Somebody's short is not bought back: the target goes, and nothing is sent.
    const known = { ...NOTHING_KNOWN, brokerNet: '-500', brokerNetAtMs: GONE_AT + 120_000 };
    const { actions } = needsOf(book, known, GONE_AT + 120_000);
    expect(actions).toMatchObject([{ kind: 'cancel', legId: legOf(book, 'TARGET').legId }]);
  });

  test('share by share, whatever was concluded', () => {
    const part = told(goneBook('100'), 1, '60');
    expect(heldBy(part)).toBe('0');
    expect(heldBy(told(part, 2, '40'))).toBe('0');
    expect(heldBy(told(goneBook('40'), 1, '100'))).toBe('0');
  });

  test('and again changes nothing; what was sold later was sold once more', () => {
    const book = told(goneBook('100'), 1, '100');
    expect(told(book, 1, '100')).toEqual(book);
    expect(heldBy(told(goneBook('100'), 1, '100', GONE_AT + 1_000))).toBe('-100');
  });
});
