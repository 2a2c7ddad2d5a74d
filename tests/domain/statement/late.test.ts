/** An execution that a statement alone tells: taken only by a trade that waits for it. Pure. */
import { describe, expect, test } from '@jest/globals';
import type { ExecutionReport } from '../../../domain/broker/fact.js';
import { takeLate } from '../../../domain/statement/late.js';
import type { Book } from '../../../domain/trade/book.js';
import { applyFact } from '../../../domain/trade/fact.js';
import { finish } from '../../../domain/trade/finish.js';
import { inferFill } from '../../../domain/trade/inferred.js';
import { viewOf } from '../../../domain/trade/view.js';
import type { LegRole } from '../../../domain/vocabulary.js';
import { ACCOUNT, CLIENT, CONTRACT_ID, T0 } from '../trade/books.js';
import { legOf, openBook } from '../trade/open-book.js';

const NOW = T0 + 86_400_000;

/** As a statement tells it: without ids of the session. */
function row(book: Book, role: LegRole, change: Partial<ExecutionReport> = {}): ExecutionReport {
  const { clientOrderId, side } = legOf(book, role);
  return {
    ...{ executionId: 'late.01', executionKey: 'late', correction: 1, clientOrderId, side },
    ...{ brokerOrderId: null, sessionOrderId: 0, sessionClientId: -1, account: ACCOUNT },
    ...{ symbol: 'AAA', brokerContractId: CONTRACT_ID, quantity: '100', price: '94.9' },
    ...{ executedAtMs: T0 + 1, ...change },
  };
}

function filledByStatus(book: Book, role: LegRole): Book {
  const { clientOrderId, incarnations, readBack } = legOf(book, role);
  const { sessionOrderId } = incarnations[0]!;
  const change = applyFact(book, {
    ...{ kind: 'order', listed: false, receivedAtMs: T0 },
    report: {
      ...{ clientOrderId, brokerOrderId: `perm-${sessionOrderId}`, sessionOrderId },
      ...{ sessionClientId: CLIENT, account: ACCOUNT, symbol: 'AAA', terms: readBack },
      ...{ brokerContractId: CONTRACT_ID, brokerStatus: 'Filled', status: 'EXECUTED' },
      ...{ filledQuantity: '100', remainingQuantity: '0', averageFillPrice: '95', whyHeld: '' },
      parentSessionOrderId: null,
    },
  });
  return finish(book, change, T0).book;
}

const OPEN = openBook();

describe('[REC-6] [TRD-11] an execution of a statement', () => {
  test('that a status had told of is booked, once', () => {
    const waiting = filledByStatus(OPEN, 'STOP');
    const taken = takeLate(waiting, row(waiting, 'STOP'), NOW);
    if (taken.kind !== 'taken') throw new Error(JSON.stringify(taken));
    expect(viewOf(taken.change.book).heldQuantity).toBe('0');
    expect(takeLate(taken.change.book, row(waiting, 'STOP'), NOW)).toEqual({ kind: 'known' });
  });

  test('takes the place of a fill that was inferred', () => {
    const { legId } = legOf(OPEN, 'STOP');
    const inferred = finish(OPEN, inferFill(OPEN, legId, '100', NOW), NOW).book;
    const taken = takeLate(inferred, row(inferred, 'STOP'), NOW);
    if (taken.kind !== 'taken') throw new Error(JSON.stringify(taken));
    const counting = taken.change.book.fills.filter(
      ({ superseded, side }) => !superseded && side === 'SELL',
    );
    expect(counting).toMatchObject([{ executionId: 'late.01', price: '94.9', inferred: false }]);
  });

  test('that nothing waits for is refused with what to do', () => {
    const taken = takeLate(OPEN, row(OPEN, 'STOP'), NOW);
    expect(taken).toMatchObject({ kind: 'refused' });
    expect(JSON.stringify(taken)).toContain('ballast reconcile');
  });

  test('of more shares than are waited for is refused: the rest may be counted elsewhere', () => {
    const waiting = filledByStatus(OPEN, 'STOP');
    const more = row(waiting, 'STOP', { quantity: '101' });
    expect(takeLate(waiting, more, NOW)).toMatchObject({ kind: 'refused' });
  });

  test('of the other side, or of no order of it, is refused', () => {
    const waiting = filledByStatus(OPEN, 'STOP');
    for (const change of [{ side: 'BUY' }, { clientOrderId: 'other' }] as const) {
      expect(takeLate(waiting, row(waiting, 'STOP', change), NOW)).toMatchObject({
        kind: 'refused',
      });
    }
  });
});
