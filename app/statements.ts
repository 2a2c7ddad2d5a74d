/**
 * The broker's Flex statements laid beside the books, for every surface (REC-6). A file is read whole before anything of it
 * is used; each of its steps is a transaction of its own that can be repeated, so an import that broke off is given again.
 */
import { createHash } from 'node:crypto';
import type {
  StatementFindingView,
  StatementImportView,
  StatementReportView,
} from '../contract/views.js';
import { decimal, sum, text, ZERO } from '../domain/money.js';
import {
  commissionTotals,
  compareExecutions,
  type Books,
  type ExecutionFinding,
} from '../domain/statement/compare.js';
import { overtaking, type NewerStatement } from '../domain/statement/newer.js';
import { CASH_KINDS, type Statement } from '../domain/statement/statement.js';
import { FlexError } from '../flex/error.js';
import { applyCommission, applyExecution, type Applied } from '../store/statement/apply.js';
import { booksFor, statementAccount, type StatementAccount } from '../store/statement/books.js';
import { recordStatementCash, type CashWritten } from '../store/statement/cash.js';
import { listImports, newerImports, recordImport } from '../store/statement/imports.js';
import { plainTransact } from '../store/transact.js';
import type { App } from './app.js';
import { tell } from './commands.js';
import { plainMessage } from './plain-message.js';

export { FlexError } from '../flex/error.js';
export { XML_BYTES_MAX } from '../flex/limits.js';

/** A person reads no more of one statement; all of them count. */
const FINDINGS_MAX = 200;
/** Movements of one transaction: a second's work, of the fifteen that one may take. */
const CASH_AT_ONCE = 500;

/**
 * Imports a file. Accounts that are none of the user's are named and left alone.
 * @throws FlexError when it can't be read, or no account of it is known; nothing was changed then
 */
export async function importStatements(
  app: App,
  xml: string,
  origin: 'file' | 'service',
): Promise<StatementImportView> {
  // Every command loads this file, and only this one reads XML.
  const { readStatements } = await import('../flex/statements.js');
  const statements = readStatements(xml, app.config.flexTimeZone);
  const digest = createHash('sha256').update(xml).digest('hex');
  const accounts = new Map<string, StatementAccount | null>();
  for (const { account } of statements) {
    if (!accounts.has(account)) {
      accounts.set(account, await statementAccount(app.db, app.userId, account));
    }
  }
  const unknown = [...accounts].filter(([, row]) => row === null).map(([name]) => name);
  if (unknown.length === accounts.size) {
    throw new FlexError(
      `it is of ${unknown.join(', ')}, which is none of this installation's accounts: "ballast account" lists them`,
    );
  }
  const reports: StatementReportView[] = [];
  for (const statement of statements) {
    const account = accounts.get(statement.account) ?? null;
    if (account !== null)
      reports.push(await importOne(app, { account, statement, digest, origin }));
  }
  return { reports, unknown_accounts: unknown };
}

/**
 * Fetches the configured query's statement.
 * @throws FlexError when it is not configured, refused, or does not come
 */
export async function fetchConfigured(
  { config }: Pick<App, 'config'>,
  said: (progress: string) => void,
  wait: (ms: number) => Promise<void>,
): Promise<string> {
  const { flexToken: token, flexQueryId: queryId, flexUrl: url } = config;
  if (token === undefined || queryId === undefined) {
    throw new FlexError(
      'FLEX_TOKEN and FLEX_QUERY_ID are not both set: the Client Portal shows them (docs/flex.md)',
    );
  }
  const { fetchStatement } = await import('../flex/service.js');
  return fetchStatement({ url, token, queryId }, { said, wait });
}

/** The newest reports, newest first. */
export function listStatements({ db, userId }: App, limit: number): Promise<StatementReportView[]> {
  return listImports(db, userId, limit);
}

interface One {
  readonly account: StatementAccount;
  readonly statement: Statement;
  readonly digest: string;
  readonly origin: 'file' | 'service';
}

async function importOne(app: App, one: One): Promise<StatementReportView> {
  const { account, statement, digest, origin } = one;
  const { db, actor } = app;
  const before = await booksFor(db, account, statement);
  const compared = compareExecutions(statement, before);
  const newer = await newerImports(db, account, statement);
  const executedAt = new Map(before.executions.map((one) => [one.executionId, one.executedAtMs]));
  const period = `${statement.fromDay} to ${statement.toDay}`;
  const settled: StatementFindingView[] = [];
  let corrected = 0;
  for (const found of compared.findings) {
    const overtaken = overtaking(found.step, executedAtOf(found, executedAt), newer);
    const applied = overtaken
      ? olderThan(overtaken)
      : await apply(app, account, found, period).catch(failed);
    if (applied.isDone) corrected += 1;
    settled.push(findingView(found, applied));
  }
  const cash = await recordCash(app, account, statement);
  const findings = [...settled, ...cash.flatMap(cashFinding)].sort(openFirst);
  const after = await booksFor(db, account, statement);
  const { rows, agreed } = compared;
  const report: StatementReportView = {
    ...{ account_id: account.brokerAccountId, from: statement.fromDay, to: statement.toDay },
    generated_at: instantText(statement.generatedAtMs),
    ...{ imported_at: new Date().toISOString(), origin, actor },
    executions: {
      ...{ rows, agreed, before: compared.before, corrected },
      commissions: totalsOf(statement, before, after),
    },
    cash: cashSums(cash),
    open: findings.filter(({ open }) => open).length,
    findings: findings.slice(0, FINDINGS_MAX),
    more_findings: Math.max(0, findings.length - FINDINGS_MAX),
    left_out: statement.leftOut,
  };
  await plainTransact(db, (tx) => recordImport(tx, { account, statement, digest, report }));
  return report;
}

function instantText(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}

/** What asks for a person stands first, and in the order it was found otherwise. */
function openFirst(a: StatementFindingView, b: StatementFindingView): number {
  return Number(b.open) - Number(a.open);
}

const TOLD: Applied = { isDone: false, done: 'nothing', isOpen: true, tell: null };

/** A later word of the broker's stands: nobody has to look at what it said before. */
function olderThan({ generatedAtMs, fromDay, toDay }: NewerStatement): Applied {
  const done = `nothing: this statement is older than one of ${fromDay} to ${toDay} that was made at ${instantText(generatedAtMs)} and is imported already; what that one says counts`;
  return { ...TOLD, done, isOpen: false };
}

/** When the execution was that a finding would change something of. */
function executedAtOf(
  { step, executionId }: ExecutionFinding,
  booked: ReadonlyMap<string, number>,
): number | null {
  if (step.kind === 'book_execution') return step.execution.executedAtMs;
  return booked.get(executionId) ?? null;
}

/** One that fails holds up no other: a later import finds it again. */
function failed(error: unknown): Applied {
  return { ...TOLD, done: `nothing, it failed: ${plainMessage(error)}` };
}

async function apply(
  app: App,
  account: StatementAccount,
  { step, kind }: ExecutionFinding,
  period: string,
): Promise<Applied> {
  const nowMs = Date.now();
  switch (step.kind) {
    case 'book_commission':
      return applyCommission(app.db, account, step, period, nowMs);
    case 'book_execution': {
      const applied = await applyExecution(app.db, account, step.tradeId, step.execution, nowMs);
      if (applied.tell) await tell(app, applied.tell.tradeId, applied.tell.snapshot);
      return applied;
    }
    case 'tell':
      // Whoever trades by hand beside this system has many of them.
      return kind === 'execution_foreign' ? { ...TOLD, isOpen: false } : TOLD;
  }
}

function findingView(
  { kind, tradeId, symbol, summary }: ExecutionFinding,
  { done, isOpen }: Applied,
): StatementFindingView {
  return { kind, trade_id: tradeId, symbol, summary, done, open: isOpen };
}

async function recordCash(
  { db, actor }: App,
  { id: accountId, userId, baseCurrency }: StatementAccount,
  { movements }: Statement,
): Promise<CashWritten[]> {
  const written: CashWritten[] = [];
  const all = movements ?? [];
  const owner = { userId, accountId, baseCurrency, actor };
  for (let from = 0; from < all.length; from += CASH_AT_ONCE) {
    const some = all.slice(from, from + CASH_AT_ONCE);
    const nowMs = Date.now();
    written.push(...(await plainTransact(db, (tx) => recordStatementCash(tx, owner, some, nowMs))));
  }
  return written;
}

function cashFinding({ movement, outcome }: CashWritten): StatementFindingView[] {
  const { kind, amount, currency, days, transactionId, description } = movement;
  const what = `${kind} of ${amount} ${currency} on ${days[0]} (${transactionId}: ${description})`;
  const of = { trade_id: null, symbol: null };
  switch (outcome.kind) {
    case 'exists':
      return [];
    case 'recorded': {
      if (outcome.sameAs === null) return [];
      const summary = `${what} is the one that was told as ${outcome.sameAs}`;
      return [
        { ...of, kind: 'cash_matched', summary, done: 'recorded, and counted once', open: false },
      ];
    }
    case 'differs': {
      const { amount: known, kind: knownKind, reference } = outcome.known;
      const summary = `${what} stands as a ${knownKind} of ${known} under ${reference}`;
      const done = 'nothing: tell the difference with "ballast account deposit" or "withdraw"';
      return [{ ...of, kind: 'cash_differs', summary, done, open: true }];
    }
    case 'unusable':
      return [
        {
          ...of,
          kind: 'cash_unusable',
          summary: what,
          done: `nothing: ${outcome.why}`,
          open: true,
        },
      ];
  }
}

function cashSums(written: readonly CashWritten[]): StatementReportView['cash'] {
  const recorded = written.flatMap(({ outcome }) => (outcome.kind === 'recorded' ? [outcome] : []));
  const sums = CASH_KINDS.map((kind) => ({
    kind,
    amount: sum(
      recorded.filter(({ row }) => row.kind === kind).map(({ row }) => decimal(row.amount)),
    ),
  }));
  return {
    ...{ rows: written.length, recorded: recorded.length },
    matched: recorded.filter(({ sameAs }) => sameAs !== null).length,
    sums: sums
      .filter(({ amount }) => !amount.eq(ZERO))
      .map(({ kind, amount }) => ({ kind, amount: text(amount) })),
  };
}

/** Of the executions that the statement names. */
function totalsOf({ executions }: Statement, before: Books, after: Books) {
  const named = new Set((executions ?? []).map(({ executionKey }) => executionKey));
  const of = (books: Books) =>
    commissionTotals(books.executions.filter(({ executionKey }) => named.has(executionKey)));
  const [was, is] = [of(before), of(after)];
  return [...new Set([...was.keys(), ...is.keys()])].sort().map((currency) => ({
    ...{ currency, before: was.get(currency) ?? '0', after: is.get(currency) ?? '0' },
  }));
}
