/**
 * Symbols in which something is unexplained: no entry until a person has cleared it (TRD-13). What is found in
 * a symbol that is quarantined already is told as well, and kept with it: a person releases what they have seen.
 */
import { randomUUID } from 'node:crypto';
import { CORPORATE_ACTION, isSplitReason } from '../domain/trade/corporate-action.js';
import { alertFrom } from './alerts.js';
import { EVIDENCE_MAX, hasCause, withCause } from './causes.js';
import { Prisma, type Database, type Transaction } from './database.js';

interface Found {
  readonly reason: string;
  /** The same key is the same cause, and no news while the quarantine is in force; absent: the reason. */
  readonly causeKey?: string;
}

export interface Quarantine extends Found {
  /** The trade in whose account and symbol it is. */
  readonly tradeId: string;
  /** The trade as it was looked at: one that has changed since is quarantined for nothing of before. */
  readonly seq?: number;
}

export interface AccountQuarantine extends Found {
  readonly userId: string;
  readonly accountId: string;
  readonly symbol: string;
}

const IN_FORCE = Prisma.sql`p.kind = 'quarantine' AND p.lifted_at IS NULL`;

/** It is for a split, and holds back what its trades would send (withheld.ts). */
const FOR_SPLIT = Prisma.sql`${IN_FORCE} AND p.reason LIKE ${`${CORPORATE_ACTION}%`}`;

/** Why the symbol waits for a person as after a split; null: no such quarantine is in force. */
export async function splitQuarantine(
  db: Pick<Database, '$queryRaw'>,
  accountId: string,
  symbol: string,
): Promise<string | null> {
  const [row] = await db.$queryRaw<{ reason: string }[]>`
    SELECT reason FROM pauses p WHERE p.account_id = ${accountId}::uuid AND p.symbol = ${symbol} AND ${FOR_SPLIT}
     ORDER BY p.starts_at LIMIT 1`;
  return row?.reason ?? null;
}

/** The same of every symbol of the account that waits so. */
export async function splitQuarantines(
  db: Pick<Database, '$queryRaw'>,
  accountId: string,
): Promise<ReadonlyMap<string, string>> {
  const rows = await db.$queryRaw<{ symbol: string; reason: string }[]>`
    SELECT DISTINCT ON (symbol) symbol, reason FROM pauses p
     WHERE p.account_id = ${accountId}::uuid AND p.symbol IS NOT NULL AND ${FOR_SPLIT}
     ORDER BY symbol, p.starts_at`;
  return new Map(rows.map(({ symbol, reason }) => [symbol, reason]));
}

/** Quarantines a symbol of an account, of which there may be no trade, and alerts: once for each cause. */
export async function quarantineAccountSymbol(
  tx: Transaction,
  { userId, accountId, symbol, reason, causeKey }: AccountQuarantine,
): Promise<void> {
  const about = Prisma.sql`SELECT ${userId}::uuid AS user_id, ${accountId}::uuid AS account_id,
    ${symbol}::text AS symbol, NULL::uuid AS trade_id`;
  await tx.$executeRaw(causeSql(about, reason, causeKey ?? reason));
}

/**
 * Quarantines the trade's symbol in its account and alerts; false when that was done for the same cause already. For a
 * split (`splitReason`) that means: in a quarantine for a split, since another one holds no exit back.
 */
export async function quarantineSymbol(
  db: Database,
  { tradeId, reason, causeKey, seq }: Quarantine,
): Promise<boolean> {
  const about = Prisma.sql`SELECT t.user_id, t.account_id, t.symbol, t.id AS trade_id FROM trades t
     WHERE t.id = ${tradeId}::uuid AND t.seq = coalesce(${seq ?? null}::bigint, t.seq)`;
  return (await db.$executeRaw(causeSql(about, reason, causeKey ?? reason))) === 1;
}

export interface ReconciledCause {
  readonly accountId: string;
  readonly symbol: string;
  readonly reason: string;
  /** What was found with its numbers: once a person has released it, the same is no reason again. */
  readonly evidence: string;
}

/** Keeps and tells what a reconciliation found in a symbol that is quarantined already; false: it is known. */
export async function addCause(
  db: Database,
  { accountId, symbol, reason, evidence }: ReconciledCause,
): Promise<boolean> {
  const about = Prisma.sql`SELECT a.user_id, a.id AS account_id, ${symbol}::text AS symbol, NULL::uuid AS trade_id
      FROM accounts a WHERE a.id = ${accountId}::uuid`;
  return (await db.$executeRaw(causeSql(about, reason, evidence, [evidence]))) === 1;
}

/**
 * Adds the cause to the oldest quarantine that is in force, or makes one. That one is locked first: a person who
 * is just releasing it has not seen this, so it makes another.
 */
function causeSql(
  about: Prisma.Sql,
  reason: string,
  key: string,
  evidence: readonly string[] = [],
): Prisma.Sql {
  const isKnown = hasCause(key, reason);
  const alike = isSplitReason(reason) ? FOR_SPLIT : IN_FORCE;
  return Prisma.sql`
    WITH about AS (${about}),
    standing AS (
      SELECT p.id FROM pauses p JOIN about a ON p.account_id = a.account_id AND p.symbol = a.symbol
       WHERE ${alike} ORDER BY p.starts_at, p.id LIMIT 1 FOR NO KEY UPDATE OF p),
    added AS (
      UPDATE pauses p SET causes = ${withCause(key, reason)},
             evidence = p.evidence[greatest(1, cardinality(p.evidence) + 2 - ${EVIDENCE_MAX}::int):] || ${[...evidence]}::text[]
        FROM standing s
       WHERE p.id = s.id AND NOT ${isKnown}
         AND NOT EXISTS (SELECT 1 FROM pauses p JOIN about a ON p.account_id = a.account_id
               AND p.symbol = a.symbol WHERE ${alike} AND ${isKnown})
      RETURNING p.id, (p.causes->-1->>'n')::int AS n),
    made AS (
      INSERT INTO pauses (id, user_id, account_id, symbol, kind, reason, evidence, causes)
      SELECT ${randomUUID()}::uuid, a.user_id, a.account_id, a.symbol, 'quarantine', ${reason}, ${[...evidence]}::text[],
             jsonb_build_array(jsonb_build_object('n', 1, 'key', ${key}::text, 'reason', ${reason}::text,
               'at', clock_timestamp()))
        FROM about a WHERE NOT EXISTS (SELECT 1 FROM standing)
      RETURNING id, 1 AS n),
    news AS (SELECT * FROM added UNION ALL SELECT * FROM made)
    ${alertFrom({
      ...{ userId: Prisma.sql`a.user_id`, tradeId: Prisma.sql`a.trade_id`, kind: 'quarantine' },
      dedupeKey: Prisma.sql`'quarantine:' || news.id || ':' || ${key}::text`,
      summary: Prisma.sql`a.symbol || ' is quarantined: ' || ${reason}::text
        || CASE WHEN news.n > 1 THEN ' (and ' || news.n - 1 || ' earlier)' ELSE '' END`,
      detail: Prisma.sql`jsonb_build_object('symbol', a.symbol)`,
      from: Prisma.sql`FROM news, about a`,
    })}`;
}
