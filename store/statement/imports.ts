/** Imports of statements as rows: each with its report and an entry of the audit log (REC-4, OPS-6). */
import type { StatementReportView } from '../../contract/views.js';
import type { NewerStatement } from '../../domain/statement/newer.js';
import type { Statement } from '../../domain/statement/statement.js';
import { appendAudit } from '../audit.js';
import { toJson, type Database, type Transaction } from '../database.js';
import type { StatementAccount } from './books.js';

export interface ImportWrite {
  readonly account: StatementAccount;
  readonly statement: Statement;
  readonly digest: string;
  readonly report: StatementReportView;
}

/** Writes an import down, whatever it changed; its audit entry is the transaction's last statement. */
export async function recordImport(
  tx: Transaction,
  { account, statement, digest, report }: ImportWrite,
): Promise<void> {
  const { userId, id: accountId, brokerAccountId } = account;
  const { actor, origin } = report;
  await tx.statementImport.create({
    data: {
      ...{ userId, accountId, digest, origin, actor, report: toJson(report) },
      ...{ fromDay: new Date(statement.fromDay), toDay: new Date(statement.toDay) },
      generatedAt: statement.generatedAtMs === null ? null : new Date(statement.generatedAtMs),
      importedAt: new Date(report.imported_at),
    },
  });
  const { from, to, executions, cash, open } = report;
  const subject = `account ${brokerAccountId}`;
  const body = { digest, origin, from, to, executions, cash, open };
  await appendAudit(tx, { userId, actor, action: 'flex.import', subject, body });
}

/**
 * The statements of the account that were made later than this one and told of executions. One that does not say when
 * it was made is neither older nor newer than another.
 */
export async function newerImports(
  db: Database,
  { id: accountId }: StatementAccount,
  { generatedAtMs }: Statement,
): Promise<NewerStatement[]> {
  if (generatedAtMs === null) return [];
  return db.$queryRaw<NewerStatement[]>`
    SELECT from_day::text AS "fromDay", to_day::text AS "toDay",
           max(extract(epoch FROM generated_at) * 1000)::float8 AS "generatedAtMs"
      FROM statement_imports
     WHERE account_id = ${accountId}::uuid AND generated_at > ${new Date(generatedAtMs)}
       AND (report->'executions'->>'rows')::int > 0
     GROUP BY from_day, to_day`;
}

/** The newest reports of the user, newest first. */
export async function listImports(
  db: Database,
  userId: string,
  limit: number,
): Promise<StatementReportView[]> {
  const rows = await db.statementImport.findMany({
    where: { userId },
    orderBy: { importedAt: 'desc' },
    take: limit,
  });
  return rows.map(({ report }) => report as unknown as StatementReportView);
}
