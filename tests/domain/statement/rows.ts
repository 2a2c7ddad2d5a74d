/** Statements and books for tests: one execution of 10 AAA at 100 for a commission of 1, in both. */
import type { BookedExecution, Books } from '../../../domain/statement/compare.js';
import type { KnownCash } from '../../../domain/statement/cash.js';
import type {
  Statement,
  StatementExecution,
  StatementMovement,
} from '../../../domain/statement/statement.js';

export const DAY_FROM = Date.parse('2026-11-20T05:00:00Z');
export const DAY_UNTIL = Date.parse('2026-11-21T04:59:59Z');
export const AT = Date.parse('2026-11-20T15:00:00Z');

export function executionRow(change: Partial<StatementExecution> = {}): StatementExecution {
  const executionKey = change.executionKey ?? 'k1';
  return {
    ...{ executionKey, executionId: `${executionKey}.01`, correction: 1, clientOrderId: null },
    ...{ brokerOrderId: '9', symbol: 'AAA', brokerContractId: 1, side: 'BUY', quantity: '10' },
    ...{ price: '100', commission: '1', commissionCurrency: 'USD', executedAtMs: AT },
    isCancel: false,
    ...change,
  };
}

export function statementOf(change: Partial<Statement> = {}): Statement {
  return {
    ...{ account: 'DU1', fromDay: '2026-11-20', toDay: '2026-11-20', generatedAtMs: DAY_UNTIL },
    ...{ coversFromMs: DAY_FROM, coversUntilMs: DAY_UNTIL - 4 * 3_600_000 },
    ...{ executions: [], movements: [], leftOut: [] },
    ...change,
  };
}

export function bookedRow(change: Partial<BookedExecution> = {}): BookedExecution {
  const executionKey = change.executionKey ?? 'k1';
  return {
    ...{ executionKey, executionId: `${executionKey}.01`, correction: 1, tradeId: 't1' },
    ...{ symbol: 'AAA', brokerContractId: 1, side: 'BUY', quantity: '10', price: '100' },
    ...{ commission: '1', commissionCurrency: 'USD', executedAtMs: AT },
    ...change,
  };
}

export function booksOf(
  executions: readonly BookedExecution[],
  orders: Books['orders'] = new Map(),
): Books {
  return { executions, orders, watchedSinceMs: 0 };
}

export function movementRow(change: Partial<StatementMovement> = {}): StatementMovement {
  return {
    ...{ transactionId: '1', kind: 'deposit', currency: 'USD', amount: '5000', rateToBase: '1' },
    ...{ atMs: AT, days: ['2026-11-20'], dayFromMs: DAY_FROM, dayUntilMs: DAY_UNTIL },
    description: 'Deposits/Withdrawals: CASH RECEIPTS',
    ...change,
  };
}

export function knownCash(change: Partial<KnownCash> = {}): KnownCash {
  return {
    ...{ id: 'p1', reference: 'wire-1', source: 'person', kind: 'deposit', amount: '5000' },
    ...{ toldAmount: null, toldCurrency: null, isExact: true, atMs: AT, isPaired: false },
    ...change,
  };
}
