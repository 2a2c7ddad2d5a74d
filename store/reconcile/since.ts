/**
 * How long something that was found has lasted: from one comparison with the broker to the next, with the same
 * numbers. What one of them lacked has ended, and is news when it comes again.
 */
import type { Finding } from '../../domain/reconcile/finding.js';
import { Prisma, type Database, type Transaction } from '../database.js';

/** A finding with its numbers, as evidence: the same text, the same thing. */
export function evidenceOf({
  kind,
  subject,
  books,
  broker,
}: Pick<Finding, 'kind' | 'subject' | 'books' | 'broker'>): string {
  return `${kind} ${subject}: books ${books ?? 'nothing'}, broker ${broker ?? 'nothing'}`;
}

/** The same of a row `f`. */
const EVIDENCE = Prisma.sql`(f.kind || ' ' || (f.body->>'subject') ||
  ': books ' || coalesce(f.body->>'books', 'nothing') ||
  ', broker ' || coalesce(f.body->>'broker', 'nothing'))`;

/**
 * Whether the run `r` has compared all of an account, and has not found `evidence`, an expression of SQL. A run
 * that names only a part of what it found has lacked nothing.
 */
function hasLacked(evidence: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`r.picture_at IS NOT NULL AND r.finished_at IS NOT NULL
    AND coalesce((r.report->>'more')::int, 0) = 0
    AND NOT EXISTS (SELECT 1 FROM findings f
                     WHERE f.reconciliation_id = r.id AND ${EVIDENCE} = ${evidence})`;
}

/** A condition: a comparison with a picture of after that instant has lacked one of these. */
export function hasEndedSince(
  accountId: string,
  evidence: readonly string[],
  since: Prisma.Sql,
): Prisma.Sql {
  return Prisma.sql`EXISTS (
    SELECT 1 FROM reconciliations r CROSS JOIN unnest(${[...evidence]}::text[]) AS one(evidence)
     WHERE r.account_id = ${accountId}::uuid AND r.picture_at > ${since}
       AND ${hasLacked(Prisma.sql`one.evidence`)})`;
}

/** A run that has lacked something, and when its picture was begun. */
export interface LackingRun {
  readonly runId: string;
  readonly pictureAt: Date;
}

/** The newest ended run of the account that has lacked it; null when all have found it. */
export async function lastWithout(
  db: Database | Transaction,
  accountId: string,
  found: Finding,
): Promise<LackingRun | null> {
  const evidence = Prisma.sql`${evidenceOf(found)}::text`;
  const rows = await db.$queryRaw<LackingRun[]>`
    SELECT r.id AS "runId", r.picture_at AS "pictureAt" FROM reconciliations r
     WHERE r.account_id = ${accountId}::uuid AND ${hasLacked(evidence)}
     ORDER BY r.started_at DESC LIMIT 1`;
  return rows[0] ?? null;
}
