/**
 * What a statement changes in the books (REC-6): commissions, and executions that a trade waits for. Both go through the one
 * change of a trade, under its lock, and are judged there once more: whoever was faster leaves nothing to do.
 */
import type { TradeSnapshot } from '../../contract/workflows.js';
import type { CommissionReport, ExecutionReport } from '../../domain/broker/fact.js';
import { decimal } from '../../domain/money.js';
import type { Step } from '../../domain/statement/compare.js';
import { takeLate } from '../../domain/statement/late.js';
import type { StatementExecution } from '../../domain/statement/statement.js';
import { unchanged, type Book, type Change } from '../../domain/trade/book.js';
import { applyFact } from '../../domain/trade/fact.js';
import { changeBook } from '../book/change.js';
import { toJson, type Database, type Transaction } from '../database.js';
import { doubtAfterExit } from '../doubt.js';
import { bookExternalCommission } from '../external-fills.js';
import { plainTransact } from '../transact.js';
import type { StatementAccount } from './books.js';

export interface Applied {
  readonly isDone: boolean;
  /** What was done, or why it was not, for people. */
  readonly done: string;
  /** A person has to look. */
  readonly isOpen: boolean;
  /** The trade whose workflow must hear of it; null: none. */
  readonly tell: { readonly tradeId: string; readonly snapshot: TradeSnapshot } | null;
}

const of = (done: string, isDone: boolean, isOpen = false): Applied => ({
  ...{ isDone, done, isOpen, tell: null },
});

type CommissionStep = Extract<Step, { kind: 'book_commission' }>;

/** Books a commission as the broker's socket would have told it, late or anew. `period` names the statement. */
export function applyCommission(
  db: Database,
  account: StatementAccount,
  step: CommissionStep,
  period: string,
  nowMs: number,
): Promise<Applied> {
  const { tradeId, executionId, was } = step;
  return plainTransact(db, async (tx) => {
    if (tradeId === null) return externalCommission(tx, account, step);
    let booked: CommissionReport | null = null;
    await changeBook(tx, tradeId, nowMs, (book) => {
      const report = commissionReport(book, step, account);
      if (report === null) return unchanged(book, MOVED_ON);
      booked = report;
      const fact = { kind: 'commission', report, receivedAtMs: nowMs } as const;
      return { book: applyFact(book, fact).book, events: [commissionEvent(report, was, period)] };
    });
    if (booked === null) return of(MOVED_ON, false, true);
    await keepFact(tx, account, tradeId, 'commission', booked, nowMs);
    await forgetWaiting(tx, account.id, executionId);
    return of(bookedText(was), true);
  });
}

/** Null: the fill is not as it was compared. */
function commissionReport(
  { fills }: Book,
  { executionId, commission, currency, was }: CommissionStep,
  { brokerAccountId: account }: StatementAccount,
): CommissionReport | null {
  const fill = fills.find((one) => one.executionId === executionId && !one.superseded);
  if (fill === undefined || !isAsIt(fill.commission, was)) return null;
  const { brokerRealizedPnl } = fill;
  return { executionId, account, commission, currency, brokerRealizedPnl };
}

function commissionEvent(report: CommissionReport, was: string | null, period: string) {
  const { executionId, commission, currency } = report;
  const change = `${was ?? 'not known'} → ${commission} ${currency}`;
  const summary = `commission of ${executionId}: ${change}, by the broker's statement of ${period}`;
  return { kind: 'statement_commission', summary, detail: { ...report, was } };
}

const MOVED_ON = 'nothing: the books have moved on since they were compared; import it again';

function bookedText(was: string | null): string {
  return was === null ? 'the commission was filled in' : 'the commission was corrected';
}

function isAsIt(now: string | null, was: string | null): boolean {
  if (now === null || was === null) return now === was;
  return decimal(now).eq(decimal(was));
}

/** An older report that waits for this execution would undo it. */
async function forgetWaiting(tx: Transaction, accountId: string, executionId: string) {
  await tx.orphanCommission.deleteMany({ where: { accountId, executionId } });
}

async function externalCommission(
  tx: Transaction,
  { id: accountId, brokerAccountId: account }: StatementAccount,
  { executionId, commission, currency, was }: CommissionStep,
): Promise<Applied> {
  const row = await tx.execution.findFirst({
    where: { accountId, executionId, superseded: false, tradeId: null },
  });
  const now = row?.commission?.toFixed() ?? null;
  if (row === null || !isAsIt(now, was)) return of(MOVED_ON, false, true);
  const brokerRealizedPnl = row.brokerRealizedPnl?.toFixed() ?? null;
  const report = { executionId, account, commission, currency, brokerRealizedPnl };
  // Meanwhile a trade may have taken it.
  if ((await bookExternalCommission(tx, [accountId], report)) !== null) {
    return of(MOVED_ON, false, true);
  }
  return of(`${bookedText(was)}; it is of an execution of others`, true);
}

/** Books an execution that a trade waits for, and its commission. */
export function applyExecution(
  db: Database,
  account: StatementAccount,
  tradeId: string,
  row: StatementExecution,
  nowMs: number,
): Promise<Applied> {
  const report = reportOf(row, account.brokerAccountId);
  return plainTransact(db, async (tx) => {
    let applied = of('nothing: the trade has it by now', false);
    const changed = await changeBook(tx, tradeId, nowMs, (book) => {
      const taken = takeLate(book, report, nowMs);
      if (taken.kind === 'refused') applied = of(`nothing: ${taken.why}`, false, true);
      if (taken.kind !== 'taken') return unchanged(book, 'nothing of it is taken');
      applied = of('booked to its trade, as a late execution', true);
      return withCommission(taken.change, row, account.brokerAccountId, nowMs);
    });
    if (!applied.isDone) return applied;
    await keepFact(tx, account, tradeId, 'execution', report, nowMs);
    await forgetWaiting(tx, account.id, row.executionId);
    if (row.side !== changed.book.side) await doubtAfterExit(tx, changed.book, account.id);
    const { snapshot, wakes } = changed;
    return { ...applied, tell: wakes ? { tradeId, snapshot } : null };
  });
}

function withCommission(
  change: Change,
  { executionId, commission, commissionCurrency: currency }: StatementExecution,
  account: string,
  nowMs: number,
): Change {
  if (commission === null || currency === null) return change;
  const report = { executionId, account, commission, currency, brokerRealizedPnl: null };
  const fact = { kind: 'commission', report, receivedAtMs: nowMs } as const;
  return { ...change, book: applyFact(change.book, fact).book };
}

/** A statement knows no ids of the session; its order is found by the reference. */
function reportOf(row: StatementExecution, account: string): ExecutionReport {
  const { executionId, executionKey, correction, clientOrderId, brokerOrderId, symbol } = row;
  const { brokerContractId, side, quantity, price, executedAtMs } = row;
  return {
    ...{ executionId, executionKey, correction, clientOrderId, brokerOrderId, symbol },
    ...{ brokerContractId, side, quantity, price, executedAtMs, account },
    ...{ sessionOrderId: 0, sessionClientId: -1 },
  };
}

/** Beside what the socket told of the trade: its source says that it came another way. */
async function keepFact(
  tx: Transaction,
  { id: accountId, userId }: StatementAccount,
  tradeId: string,
  kind: string,
  report: object,
  nowMs: number,
): Promise<void> {
  const body = toJson({ ...report, source: 'statement' });
  const receivedAt = new Date(nowMs);
  await tx.brokerEvent.create({ data: { userId, accountId, tradeId, kind, body, receivedAt } });
}
