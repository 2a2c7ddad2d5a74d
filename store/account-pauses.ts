/**
 * Pauses of an account, or of a symbol in it, that a person lifts. What the person has seen is no reason for
 * another one while it lasts: a pause keeps its evidence, and what no lifted pause had makes a new one, as does
 * what has ended since, and come again.
 */
import { around } from '../failpoints/failpoint.js';
import type { PairName } from '../failpoints/table.js';
import { alertFrom } from './alerts.js';
import { Prisma, type Database, type Transaction } from './database.js';
import { hasEndedSince } from './reconcile/since.js';

/** Kinds that `ballast resume` lifts. A quarantine is released by its symbol. */
const RESUMABLE = ['mass_breach', 'recovery'];

export interface WantedPause {
  readonly accountId: string;
  readonly kind: 'recovery' | 'quarantine';
  /** Null: the whole account. */
  readonly symbol: string | null;
  readonly reason: string;
  /** One text for each thing that was found, with its numbers. */
  readonly evidence: readonly string[];
}

/**
 * `made`: it is in force from now on, and an alert is out. `in_force`: it was already. `seen`: a person has
 * lifted one that was made for all of this, and all of it has lasted since.
 */
export type Paused = 'made' | 'in_force' | 'seen';

/** What stands in the way of such a pause: one in force, or one that a person has lifted; null: nothing. */
export async function pausedBefore(
  db: Database,
  { accountId, kind, symbol, evidence }: Omit<WantedPause, 'reason'>,
): Promise<Exclude<Paused, 'made'> | null> {
  const rows = await db.$queryRaw<{ in_force: boolean }[]>`
    SELECT lifted_at IS NULL AS in_force FROM pauses WHERE ${sameAs(accountId, kind, symbol, evidence)}`;
  if (rows.length === 0) return null;
  return rows.some((row) => row.in_force) ? 'in_force' : 'seen';
}

function sameAs(
  accountId: string,
  kind: string,
  symbol: string | null,
  evidence: readonly string[],
): Prisma.Sql {
  return Prisma.sql`account_id = ${accountId}::uuid AND kind = ${kind} AND strategy_id IS NULL
         AND symbol IS NOT DISTINCT FROM ${symbol}
         AND (lifted_at IS NULL OR (${[...evidence]}::text[] <@ evidence
              AND NOT ${hasEndedSince(accountId, evidence, Prisma.sql`pauses.starts_at`)}))`;
}

/** Pauses entries unless they are, or a person has looked at the same since it lasts; alerts once. */
export async function pauseOnce(
  db: Database,
  step: PairName,
  { accountId, kind, symbol, reason, evidence }: WantedPause,
): Promise<Paused> {
  const told = alertFrom({
    ...{ userId: Prisma.sql`user_id`, kind },
    dedupeKey: Prisma.sql`${kind}::text || ':' || id`,
    summary: Prisma.sql`${summaryOf(symbol, reason)}::text`,
    detail: Prisma.sql`jsonb_build_object('symbol', ${symbol}::text,
      'evidence', to_jsonb(${[...evidence]}::text[]))`,
    from: Prisma.sql`FROM made`,
  });
  const rows = await around(
    step,
    { account: accountId },
    () => db.$queryRaw<{ paused: Paused }[]>`
    WITH same AS (
      SELECT lifted_at IS NULL AS in_force FROM pauses
       WHERE ${sameAs(accountId, kind, symbol, evidence)}
    ), made AS (
      INSERT INTO pauses (id, user_id, account_id, symbol, kind, reason, evidence)
      SELECT gen_random_uuid(), a.user_id, a.id, ${symbol}, ${kind}, ${reason}, ${[...evidence]}::text[]
        FROM accounts a WHERE a.id = ${accountId}::uuid AND NOT EXISTS (SELECT 1 FROM same)
      RETURNING id, user_id
    ), told AS (${told})
    SELECT CASE WHEN EXISTS (SELECT 1 FROM made) THEN 'made'
                WHEN (SELECT bool_or(in_force) FROM same) THEN 'in_force' ELSE 'seen' END AS paused`,
  );
  return rows[0]!.paused;
}

function summaryOf(symbol: string | null, reason: string): string {
  return symbol === null
    ? `entries of an account are paused: ${reason}`
    : `${symbol} is quarantined: ${reason}`;
}

/** Lifts the pauses of a user's accounts that nothing else lifts; gives how many were in force. */
export async function liftAccountPauses(
  tx: Transaction,
  userId: string,
  actor: string,
): Promise<number> {
  const { count } = await tx.pause.updateMany({
    where: { userId, kind: { in: RESUMABLE }, liftedAt: null },
    data: { liftedAt: new Date(), liftedBy: actor },
  });
  return count;
}
