/**
 * A statement's executions beside the booked ones (REC-6). What follows:
 *
 * 1. Of a booked execution only the commission is ever changed by a statement, and only to the statement's.
 * 2. An execution of an own order that is in no book is proposed to its trade, as a late one.
 * 3. Everything else is told: what the books count and the statement lacks, other numbers, executions of others.
 * 4. Books that agree give no finding; so a statement that was taken over gives none the second time but what is told.
 */
import { decimal, text, ZERO, type DecimalText } from '../money.js';
import type { EpochMs, Side } from '../vocabulary.js';
import type { ExecutionNumbers, Statement, StatementExecution } from './statement.js';

/** An execution that counts in the books, as the broker told it: nothing inferred. */
export interface BookedExecution extends ExecutionNumbers {
  /** Null: an execution of others. A quantity of 0: the broker took it back. */
  readonly tradeId: string | null;
}

/** An order of a trade of this account. */
export interface OwnOrder {
  readonly clientOrderId: string;
  readonly tradeId: string;
  readonly side: Side;
  /** Null while the contract is not known. */
  readonly brokerContractId: number | null;
}

export interface Books {
  /** Those of the statement's time, and those whose keys it names. */
  readonly executions: readonly BookedExecution[];
  /** By reference: the orders that the statement names. */
  readonly orders: ReadonlyMap<string, OwnOrder>;
  /** Since when the account is watched: what was executed before is in no book. */
  readonly watchedSinceMs: EpochMs;
}

export type FindingKind =
  | 'commission_missing'
  | 'commission_differs'
  | 'commission_currency'
  | 'numbers_differ'
  | 'execution_missing'
  | 'execution_foreign'
  | 'execution_misplaced'
  | 'not_in_statement'
  | 'taken_back'
  | 'contradictory';

/** What is to be done about a finding. */
export type Step =
  | {
      readonly kind: 'book_commission';
      readonly tradeId: string | null;
      readonly executionId: string;
      /** What it rests on: another commission by then, and nothing is done. */
      readonly was: DecimalText | null;
      readonly commission: DecimalText;
      readonly currency: string;
    }
  | {
      readonly kind: 'book_execution';
      readonly tradeId: string;
      readonly execution: StatementExecution;
    }
  | { readonly kind: 'tell' };

export interface ExecutionFinding {
  readonly kind: FindingKind;
  readonly executionId: string;
  readonly symbol: string;
  readonly tradeId: string | null;
  /** With both numbers, for people. */
  readonly summary: string;
  readonly step: Step;
}

export interface Compared {
  /** In the statement's order of time. */
  readonly findings: readonly ExecutionFinding[];
  /** Rows of executions, and how many of them the books agree with whole. */
  readonly rows: number;
  readonly agreed: number;
  /** Rows of before the account was watched. */
  readonly before: number;
}

/** Lays them side by side. Without the section nothing is compared. */
export function compareExecutions(statement: Statement, books: Books): Compared {
  const rows = statement.executions ?? [];
  const { single, contradictory } = withoutRepeats(rows);
  const booked = byKey(books.executions);
  const judged = newestWords(single).map((row) => ({
    row,
    known: booked.get(row.executionKey) ?? [],
  }));
  const isBefore = ({ row, known }: Beside) =>
    known.length === 0 &&
    row.executedAtMs < books.watchedSinceMs &&
    !books.orders.has(row.clientOrderId ?? '');
  const seen = judged.filter((beside) => !isBefore(beside));
  const found = seen.map((beside) => findingsOf(beside, books));
  const findings = [
    ...contradictory.map(contradiction),
    ...found.flat(),
    ...absent(statement, rows, books.executions),
  ];
  return {
    findings,
    rows: rows.length,
    agreed: found.filter((of) => of.length === 0).length,
    before: judged.length - seen.length,
  };
}

interface Beside {
  readonly row: StatementExecution;
  /** Of one key; more than one only where something is wrong with the books. */
  readonly known: readonly BookedExecution[];
}

function byKey(executions: readonly BookedExecution[]): Map<string, BookedExecution[]> {
  const found = new Map<string, BookedExecution[]>();
  for (const execution of executions) {
    const { executionKey } = execution;
    found.set(executionKey, [...(found.get(executionKey) ?? []), execution]);
  }
  return found;
}

/** Each execution once, oldest first; those of which two rows say different things are told alone. */
function withoutRepeats(rows: readonly StatementExecution[]) {
  const first = new Map<string, StatementExecution>();
  const contradictory = new Map<string, StatementExecution>();
  for (const row of rows) {
    const name = `${row.executionId}/${row.isCancel}`;
    const other = first.get(name);
    if (other === undefined) first.set(name, row);
    else if (!sameRow(other, row)) contradictory.set(name, row);
  }
  for (const name of contradictory.keys()) first.delete(name);
  const single = [...first.values()].sort((a, b) => a.executedAtMs - b.executedAtMs);
  return { single, contradictory: [...contradictory.values()] };
}

/** Of each execution the newest word alone: a correction stands for what it corrects, and for what was cancelled for it. */
function newestWords(rows: readonly StatementExecution[]): StatementExecution[] {
  const newest = new Map<string, StatementExecution>();
  for (const row of rows) {
    const other = newest.get(row.executionKey);
    if (other === undefined || isNewer(row, other)) newest.set(row.executionKey, row);
  }
  return rows.filter((row) => newest.get(row.executionKey) === row);
}

function isNewer(row: StatementExecution, other: StatementExecution): boolean {
  if (row.correction !== other.correction) return row.correction > other.correction;
  return row.isCancel && !other.isCancel;
}

function sameRow(a: StatementExecution, b: StatementExecution): boolean {
  const same = (one: DecimalText | null, other: DecimalText | null) =>
    one === null || other === null ? one === other : decimal(one).eq(decimal(other));
  return sameNumbers(a, b) && same(a.commission, b.commission);
}

type Numbers = Pick<
  StatementExecution,
  'side' | 'quantity' | 'price' | 'brokerContractId' | 'symbol'
>;

function sameNumbers(a: Numbers, b: Numbers): boolean {
  return (
    a.side === b.side &&
    a.brokerContractId === b.brokerContractId &&
    decimal(a.quantity).eq(decimal(b.quantity)) &&
    decimal(a.price).eq(decimal(b.price))
  );
}

function whatOf({ side, quantity, symbol, price }: Numbers): string {
  return `${side} ${quantity} ${symbol} at ${price}`;
}

const TELL: Step = { kind: 'tell' };

function contradiction(row: StatementExecution): ExecutionFinding {
  const { executionId, symbol } = row;
  const summary = `the statement has execution ${executionId} more than once, with different numbers`;
  return { kind: 'contradictory', executionId, symbol, tradeId: null, summary, step: TELL };
}

function findingsOf({ row, known }: Beside, books: Books): ExecutionFinding[] {
  if (row.isCancel) return takenBackOf(row, known);
  const [booked] = known;
  if (booked === undefined) return [missing(row, books.orders.get(row.clientOrderId ?? ''))];
  const { executionId } = booked;
  const of = { executionId, symbol: booked.symbol, tradeId: booked.tradeId };
  if (known.length > 1 || !sameNumbers(row, booked)) {
    const summary = `the statement has ${whatOf(row)}, the books have ${known.map(whatOf).join(' and ')}`;
    return [{ ...of, kind: 'numbers_differ', summary, step: TELL }];
  }
  const misplaced = misplacedOf(row, booked, books.orders.get(row.clientOrderId ?? ''));
  return [...commissionOf(row, booked), ...(misplaced ? [misplaced] : [])];
}

function takenBackOf(
  row: StatementExecution,
  known: readonly BookedExecution[],
): ExecutionFinding[] {
  const counting = known.filter(({ quantity }) => decimal(quantity).gt(ZERO));
  const [booked] = counting;
  if (known.length > 0 && booked === undefined) return [];
  const { executionId, symbol } = row;
  const where = booked
    ? `the books count ${whatOf(booked)}`
    : 'no book has an execution of that id';
  const summary = `the statement takes ${whatOf(row)} back (${executionId}); ${where}`;
  const tradeId = booked?.tradeId ?? null;
  return [{ kind: 'taken_back', executionId, symbol, tradeId, summary, step: TELL }];
}

/** Only what fits an order of its account in contract and side is its. */
function missing(row: StatementExecution, order: OwnOrder | undefined): ExecutionFinding {
  const { executionId, symbol } = row;
  const what = `${whatOf(row)} (${executionId}) is in no book`;
  if (order === undefined) {
    const summary = `${what}; its order is none of this account's trades`;
    const kind = 'execution_foreign';
    return { kind, executionId, symbol, tradeId: null, summary, step: TELL };
  }
  const { tradeId, clientOrderId } = order;
  const isOfContract =
    order.brokerContractId === null || order.brokerContractId === row.brokerContractId;
  const of = { kind: 'execution_missing' as const, executionId, symbol, tradeId };
  if (!isOfContract || order.side !== row.side) {
    const summary = `${what}; it names order ${clientOrderId}, a ${order.side} of contract ${order.brokerContractId}`;
    return { ...of, summary, step: TELL };
  }
  const step = { kind: 'book_execution', tradeId, execution: row } as const;
  return { ...of, summary: `${what}; it is of order ${clientOrderId}`, step };
}

function commissionOf(row: StatementExecution, booked: BookedExecution): ExecutionFinding[] {
  const { commission, commissionCurrency: currency } = row;
  if (commission === null || currency === null) return [];
  const { executionId, symbol, tradeId, commission: was } = booked;
  const of = { executionId, symbol, tradeId };
  const step = {
    kind: 'book_commission',
    ...{ tradeId, executionId, was, commission, currency },
  } as const;
  const now = `${commission} ${currency} by the statement`;
  if (was === null) {
    const summary = `the commission of ${whatOf(booked)} was not known, ${now}`;
    return [{ ...of, kind: 'commission_missing', summary, step }];
  }
  const inBooks = `${was} ${booked.commissionCurrency ?? '?'} in the books`;
  const summary = `the commission of ${whatOf(booked)} is ${inBooks}, ${now}`;
  const isSameCurrency = booked.commissionCurrency === currency;
  if (!isSameCurrency) return [{ ...of, kind: 'commission_currency', summary, step: TELL }];
  if (decimal(was).eq(decimal(commission))) return [];
  return [{ ...of, kind: 'commission_differs', summary, step }];
}

/** It is booked as somebody else's, and the statement says which order it was. */
function misplacedOf(
  { executionId, clientOrderId }: StatementExecution,
  booked: BookedExecution,
  order: OwnOrder | undefined,
): ExecutionFinding | null {
  if (order === undefined || booked.tradeId === order.tradeId) return null;
  const { symbol, tradeId } = booked;
  const where = tradeId === null ? 'the books count it as external' : `it is booked to ${tradeId}`;
  const remedy =
    tradeId === null
      ? `: "ballast resolve fill ${executionId} ${clientOrderId}" attributes it`
      : '';
  const summary = `${whatOf(booked)} is of order ${clientOrderId} of trade ${order.tradeId}, ${where}${remedy}`;
  return { kind: 'execution_misplaced', executionId, symbol, tradeId, summary, step: TELL };
}

/** What the books count within its time, and it does not name. Told, never changed: a statement may be in part. */
function absent(
  { executions, coversFromMs, coversUntilMs }: Statement,
  rows: readonly StatementExecution[],
  booked: readonly BookedExecution[],
): ExecutionFinding[] {
  if (executions === null) return [];
  const named = new Set(rows.map(({ executionKey }) => executionKey));
  return booked
    .filter(({ executionKey, quantity }) => !named.has(executionKey) && decimal(quantity).gt(ZERO))
    .filter(({ executedAtMs: at }) => at >= coversFromMs && at < coversUntilMs)
    .map(({ executionId, symbol, tradeId, ...numbers }) => {
      const summary = `the books have ${whatOf({ symbol, ...numbers })} (${executionId}), the statement does not`;
      return { kind: 'not_in_statement', executionId, symbol, tradeId, summary, step: TELL };
    });
}

/** Commissions of executions that count, by currency; those that are not known are left out. */
export function commissionTotals(
  executions: readonly Pick<BookedExecution, 'commission' | 'commissionCurrency'>[],
): ReadonlyMap<string, DecimalText> {
  const totals = new Map<string, DecimalText>();
  for (const { commission, commissionCurrency: currency } of executions) {
    if (commission === null || currency === null) continue;
    const total = decimal(totals.get(currency) ?? '0').add(decimal(commission));
    totals.set(currency, text(total));
  }
  return totals;
}
