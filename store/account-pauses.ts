/**
 * Pauses of an account, or of a symbol in it, that a person lifts. What the person has seen is no reason for
 * another one: a pause keeps its evidence, and only evidence that no lifted pause had makes a new one.
 */
import { around } from '../failpoints/failpoint.js';
import type { PairName } from '../failpoints/table.js';
import { Prisma, type Database, type Transaction } from './database.js';

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
 * lifted one that was made for all of this.
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
         AND (lifted_at IS NULL OR ${[...evidence]}::text[] <@ evidence)`;
}

/** Pauses entries unless they are, or a person has looked at the same before; alerts once. */
export async function pauseOnce(
  db: Database,
  step: PairName,
  { accountId, kind, symbol, reason, evidence }: WantedPause,
): Promise<Paused> {
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
    ), told AS (
      INSERT INTO notifications (id, user_id, dedupe_key, kind, body)
      SELECT gen_random_uuid(), user_id, ${kind}::text || ':' || id, ${kind},
             jsonb_build_object('summary', ${summaryOf(symbol, reason)}::text,
               'symbol', ${symbol}::text, 'evidence', to_jsonb(${[...evidence]}::text[]))
        FROM made)
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
