/** A statement of the broker's for one account, as far as it is compared with the books (REC-6). Decimals are text. */
import type { DateText } from '../calendar.js';
import type { DecimalText } from '../money.js';
import type { EpochMs, Side } from '../vocabulary.js';

/** What books and statements both say of an execution. */
export interface ExecutionNumbers {
  readonly executionId: string;
  /** The part that corrections share, and the correction's number. */
  readonly executionKey: string;
  readonly correction: number;
  readonly symbol: string;
  readonly brokerContractId: number;
  readonly side: Side;
  readonly quantity: DecimalText;
  readonly price: DecimalText;
  /** Above zero for a cost, as the broker's socket tells it; null: not told. */
  readonly commission: DecimalText | null;
  readonly commissionCurrency: string | null;
  readonly executedAtMs: EpochMs;
}

/** A row of the statement's executions. */
export interface StatementExecution extends ExecutionNumbers {
  /** The reference that its order carried; null without one. Others set references too. */
  readonly clientOrderId: string | null;
  readonly brokerOrderId: string | null;
  /** The row takes an execution back. */
  readonly isCancel: boolean;
}

/** What moved cash. Deposits and withdrawals alone are no result of a day. */
export const CASH_KINDS = [
  'deposit',
  'withdrawal',
  'dividend',
  'tax',
  'interest',
  'fee',
  'other',
] as const;
export type CashKind = (typeof CASH_KINDS)[number];

/** A row of the statement's cash. */
export interface StatementMovement {
  /** The broker's own; the same in every statement that names the movement. */
  readonly transactionId: string;
  readonly kind: CashKind;
  readonly currency: string;
  /** Signed, never zero. */
  readonly amount: DecimalText;
  /** Base currency per unit of `currency`; null: the statement does not say. */
  readonly rateToBase: DecimalText | null;
  /** Null where the statement has the day alone. */
  readonly atMs: EpochMs | null;
  /** The day it happened on, then others that the statement gives it (settled, reported). */
  readonly days: readonly [DateText, ...DateText[]];
  /** The first and last instant of its day, in the statement's zone. */
  readonly dayFromMs: EpochMs;
  readonly dayUntilMs: EpochMs;
  /** The broker's words. */
  readonly description: string;
}

export interface Statement {
  readonly account: string;
  readonly fromDay: DateText;
  readonly toDay: DateText;
  /** Null where it does not say. */
  readonly generatedAtMs: EpochMs | null;
  /** Executions of these instants are in it, where it has executions at all. */
  readonly coversFromMs: EpochMs;
  readonly coversUntilMs: EpochMs;
  /** Null: it has no such section. */
  readonly executions: readonly StatementExecution[] | null;
  readonly movements: readonly StatementMovement[] | null;
  /** Rows that nothing is compared with, for people: `3 rows without an execution id`. */
  readonly leftOut: readonly string[];
}
