/** A statement's executions beside the books: what is found, and what follows. Pure. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decimal, sum, text } from '../../../domain/money.js';
import {
  commissionTotals,
  compareExecutions,
  type BookedExecution,
  type Books,
  type ExecutionFinding,
  type OwnOrder,
} from '../../../domain/statement/compare.js';
import type { StatementExecution } from '../../../domain/statement/statement.js';
import { AT, bookedRow, booksOf, DAY_UNTIL, executionRow, statementOf } from './rows.js';

const ORDER: OwnOrder = {
  ...{ clientOrderId: 'ref-1', tradeId: 't1', side: 'BUY', brokerContractId: 1 },
};
const ORDERS = new Map([[ORDER.clientOrderId, ORDER]]);

const compare = (rows: readonly StatementExecution[], books: Books) =>
  compareExecutions(statementOf({ executions: rows }), books);
const found = (rows: readonly StatementExecution[], books: Books) =>
  compare(rows, books).findings.map(({ kind, step, tradeId }) => [kind, step.kind, tradeId]);

describe('[REC-6] an execution in both', () => {
  test('agrees, whatever the correction that told it last', () => {
    const numbers = { quantity: '10.00', price: '100.000' };
    expect(compare([executionRow(numbers)], booksOf([bookedRow()]))).toMatchObject({
      ...{ findings: [], rows: 1, agreed: 1 },
    });
    const corrected = bookedRow({ executionId: 'k1.02', correction: 2 });
    expect(found([executionRow()], booksOf([corrected]))).toEqual([]);
  });

  test('with a commission that was not known gets that of the statement', () => {
    const [finding] = compare(
      [executionRow()],
      booksOf([bookedRow({ commission: null })]),
    ).findings;
    expect(finding).toEqual({
      ...{ kind: 'commission_missing', executionId: 'k1.01', symbol: 'AAA', tradeId: 't1' },
      summary: 'the commission of BUY 10 AAA at 100 was not known, 1 USD by the statement',
      step: {
        ...{ kind: 'book_commission', tradeId: 't1', executionId: 'k1.01', was: null },
        ...{ commission: '1', currency: 'USD' },
      },
    });
  });

  test('with another commission gets it too, under the id that the books know', () => {
    const booked = bookedRow({ executionId: 'k1.02', correction: 2, commission: '1.5' });
    const [finding] = compare([executionRow()], booksOf([booked])).findings;
    expect(finding).toMatchObject({
      kind: 'commission_differs',
      step: { kind: 'book_commission', executionId: 'k1.02', was: '1.5', commission: '1' },
    });
    expect(finding?.summary).toContain('is 1.5 USD in the books, 1 USD by the statement');
  });

  test('of others gets its commission as well', () => {
    const external = bookedRow({ tradeId: null, commission: null });
    expect(found([executionRow()], booksOf([external]))).toEqual([
      ['commission_missing', 'book_commission', null],
    ]);
  });

  test('whose commission the statement lacks is left as it is', () => {
    const row = executionRow({ commission: null, commissionCurrency: null });
    expect(found([row], booksOf([bookedRow()]))).toEqual([]);
  });

  test.each<[string, Partial<BookedExecution>]>([
    ['price', { price: '100.01' }],
    ['quantity', { quantity: '9' }],
    ['side', { side: 'SELL' }],
    ['contract', { brokerContractId: 2 }],
    ['quantity, taken back in the books alone', { quantity: '0' }],
  ])('with another %s is told, and nothing of it is changed', (_what, change) => {
    const booked = bookedRow({ ...change, commission: null });
    expect(found([executionRow()], booksOf([booked]))).toEqual([['numbers_differ', 'tell', 't1']]);
  });

  test('with a commission in another currency is told', () => {
    const booked = bookedRow({ commissionCurrency: 'EUR' });
    expect(found([executionRow()], booksOf([booked]))).toEqual([
      ['commission_currency', 'tell', 't1'],
    ]);
  });

  test('that the books count as external, of an own order, is told with the command', () => {
    const books = booksOf([bookedRow({ tradeId: null })], ORDERS);
    const { findings } = compare([executionRow({ clientOrderId: 'ref-1' })], books);
    expect(findings).toMatchObject([{ kind: 'execution_misplaced', step: { kind: 'tell' } }]);
    expect(findings[0]?.summary).toContain('"ballast resolve fill k1.01 ref-1"');
  });
});

describe('[REC-6] an execution in no book', () => {
  test('of an own order is proposed to its trade', () => {
    expect(found([executionRow({ clientOrderId: 'ref-1' })], booksOf([], ORDERS))).toEqual([
      ['execution_missing', 'book_execution', 't1'],
    ]);
  });

  test.each<[string, Partial<StatementExecution>]>([
    ['contract', { brokerContractId: 2 }],
    ['side', { side: 'SELL' }],
  ])('of another %s than its order is told', (_what, change) => {
    const row = executionRow({ clientOrderId: 'ref-1', ...change });
    expect(found([row], booksOf([], ORDERS))).toEqual([['execution_missing', 'tell', 't1']]);
  });

  test('of nobody’s order is told; of before the account was watched it is counted', () => {
    const row = executionRow({ clientOrderId: 'somebody' });
    expect(found([row], booksOf([], ORDERS))).toEqual([['execution_foreign', 'tell', null]]);
    const early = { ...booksOf([], ORDERS), watchedSinceMs: AT + 1 };
    expect(compare([row], early)).toMatchObject({ findings: [], before: 1 });
    expect(found([executionRow({ clientOrderId: 'ref-1' })], early)).toHaveLength(1);
  });
});

describe('[REC-6] what the books have, and the statement has not', () => {
  const lacking = (
    change: Partial<BookedExecution>,
    executions: StatementExecution[] | null = [],
  ) =>
    compareExecutions(statementOf({ executions }), booksOf([bookedRow(change)])).findings.map(
      ({ kind, step }) => [kind, step.kind],
    );

  test('is told, never changed', () => {
    expect(lacking({})).toEqual([['not_in_statement', 'tell']]);
  });

  test('is nothing without the section, outside its time, or once taken back', () => {
    expect(lacking({}, null)).toEqual([]);
    // Traded in the evening: it counts to the next day.
    expect(lacking({ executedAtMs: DAY_UNTIL - 1 })).toEqual([]);
    expect(lacking({ executedAtMs: AT - 86_400_000 })).toEqual([]);
    expect(lacking({ quantity: '0' })).toEqual([]);
  });
});

describe('[REC-6] what a statement takes back', () => {
  const rows = [executionRow(), executionRow({ isCancel: true })];

  test('is told where the books count it, and never booked', () => {
    expect(found(rows, booksOf([bookedRow({ commission: null })]))).toEqual([
      ['taken_back', 'tell', 't1'],
    ]);
    const own = rows.map((row) => ({ ...row, clientOrderId: 'ref-1' }));
    expect(found(own, booksOf([], ORDERS))).toEqual([['taken_back', 'tell', null]]);
  });

  test('is nothing where the books have taken it back too', () => {
    expect(found(rows, booksOf([bookedRow({ quantity: '0' })]))).toEqual([]);
  });
});

describe('[REC-6] of an execution that was corrected', () => {
  const first = executionRow({ commission: '3' });
  const cancel = executionRow({ commission: '-3', isCancel: true });
  const anew = executionRow({
    ...{ executionId: 'k1.02', correction: 2, price: '101', commission: '2' },
  });
  const booked = bookedRow({ executionId: 'k1.02', correction: 2, price: '101' });

  test.each<[string, StatementExecution[]]>([
    ['beside what was cancelled for it', [first, cancel, anew]],
    ['beside what it corrects', [first, anew]],
    ['before what it corrects', [anew, first]],
  ])('the newest word alone counts, %s', (_where, rows) => {
    expect(compare(rows, booksOf([{ ...booked, commission: '2' }]))).toMatchObject({
      ...{ findings: [], agreed: 1 },
    });
    expect(compare(rows, booksOf([booked])).findings).toMatchObject([
      { kind: 'commission_differs', step: { was: '1', commission: '2' } },
    ]);
    expect(found(rows, booksOf([bookedRow()]))).toEqual([['numbers_differ', 'tell', 't1']]);
  });

  test('and is taken back itself, that is told', () => {
    const rows = [first, cancel, anew, { ...anew, isCancel: true }];
    expect(found(rows, booksOf([booked]))).toEqual([['taken_back', 'tell', 't1']]);
  });
});

test('[REC-6] the same row twice counts once; two that differ count as none, and are told', () => {
  const books = booksOf([bookedRow({ commission: null })]);
  expect(found([executionRow(), executionRow()], books)).toHaveLength(1);
  expect(found([executionRow(), executionRow({ commission: '2' })], books)).toEqual([
    ['contradictory', 'tell', null],
  ]);
});

// ── whatever the statement and the books ─────────────────────────────────────────────────────────

const amount = fc
  .integer({ min: -500, max: 5_000 })
  .map((cents) => text(decimal(String(cents)).div(100)));
const keys = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 8 });

const bookedArbitrary = (key: number) =>
  fc
    .record({
      tradeId: fc.constantFrom('t1', null),
      quantity: fc.constantFrom('10', '10', '10', '7'),
      commission: fc.option(amount),
    })
    .map((change) => bookedRow({ ...change, executionKey: `k${key}` }));
const rowArbitrary = (key: number) =>
  fc
    .record({
      clientOrderId: fc.constantFrom('ref-1', 'somebody', null),
      commission: fc.option(amount, { freq: 5 }),
      isCancel: fc.constantFrom(false, false, false, true),
    })
    .map((change) => executionRow({ ...change, executionKey: `k${key}` }));
const allOf = <T>(each: (key: number) => fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  keys.chain((some) => fc.tuple<T[]>(...some.map(each)));

/** The books after every step was taken, as the store takes them. */
function afterSteps(books: Books, findings: readonly ExecutionFinding[]): Books {
  let { executions } = books;
  for (const { step } of findings) {
    if (step.kind === 'book_commission') {
      const { executionId, commission, currency: commissionCurrency } = step;
      executions = executions.map((one) =>
        one.executionId === executionId ? { ...one, commission, commissionCurrency } : one,
      );
    }
    if (step.kind === 'book_execution') {
      executions = [...executions, { ...step.execution, tradeId: step.tradeId }];
    }
  }
  return { ...books, executions };
}

describe('[REC-6] [PRF-4] whatever stands in both', () => {
  test('a second import finds nothing more to do, and tells the same', () => {
    fc.assert(
      fc.property(allOf(rowArbitrary), allOf(bookedArbitrary), (rows, executions) => {
        const books = booksOf(executions, ORDERS);
        const first = compare(rows, books).findings;
        const after = afterSteps(books, first);
        const second = compare(rows, after).findings;
        expect(second.filter(({ step }) => step.kind !== 'tell')).toEqual([]);
        const told = (findings: readonly ExecutionFinding[]) =>
          findings.filter(
            ({ step, kind }) => step.kind === 'tell' && kind !== 'execution_misplaced',
          );
        expect(told(second)).toEqual(told(first));
      }),
    );
  });

  test('afterwards the commissions of what agrees add up to the statement’s', () => {
    fc.assert(
      fc.property(allOf(rowArbitrary), allOf(bookedArbitrary), (rows, executions) => {
        const books = booksOf(executions, ORDERS);
        const after = afterSteps(books, compare(rows, books).findings);
        const taken = rows.filter(
          ({ executionKey, isCancel, commission, quantity }) =>
            !isCancel &&
            commission !== null &&
            after.executions.some(
              (one) => one.executionKey === executionKey && one.quantity === quantity,
            ),
        );
        const named = after.executions.filter(({ executionKey }) =>
          taken.some((row) => row.executionKey === executionKey),
        );
        const expected = text(sum(taken.map(({ commission }) => decimal(commission!))));
        expect(commissionTotals(named).get('USD') ?? '0').toBe(expected);
      }),
    );
  });

  test('of what is booked nothing but a commission changes', () => {
    fc.assert(
      fc.property(allOf(rowArbitrary), allOf(bookedArbitrary), (rows, executions) => {
        const books = booksOf(executions, ORDERS);
        const after = afterSteps(books, compare(rows, books).findings);
        const plain = ({ commission: _c, commissionCurrency: _u, ...rest }: BookedExecution) =>
          rest;
        expect(after.executions.slice(0, executions.length).map(plain)).toEqual(
          executions.map(plain),
        );
      }),
    );
  });
});
