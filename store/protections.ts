/**
 * The protections of a strategy (RSK-4) as rows: locks are derived from its settled trades, in the transaction that
 * settles one of them, and stand as pauses with the instant that ends them. A pause keeps the trades that it follows
 * from: only a trade that none has named yet makes another, so nothing counts twice.
 */
import { randomUUID } from 'node:crypto';
import { usableLimits } from '../contract/stored-limits.js';
import type { DateText } from '../domain/calendar.js';
import { openOf } from '../domain/exchange-days.js';
import type { DecimalText } from '../domain/money.js';
import { resolveLimits, type RiskLimits } from '../domain/risk/limits.js';
import {
  isProtection,
  locksAfter,
  outcomesSince,
  PROTECTION_KINDS,
  type Lock,
  type Outcome,
  type ProtectionLimits,
} from '../domain/risk/protections.js';
import { alert } from './alerts.js';
import { appendAudit } from './audit.js';
import { Prisma, type Database, type Transaction } from './database.js';
import { lockTrade } from './book/load.js';
import { isOfDatabase, isRefusedData } from './failure.js';
import { transact } from './transact.js';

/** The installation's limits; an account's and a strategy's are laid over them. */
export type Limits = Partial<RiskLimits>;

/** The strategy of a trade that was settled, locked. */
interface Judged {
  readonly tradeId: string;
  readonly userId: string;
  readonly accountId: string;
  readonly strategyId: string;
  readonly symbol: string;
  readonly strategy: string;
  readonly limits: ProtectionLimits;
  readonly equity: DecimalText | null;
}

/**
 * Makes the locks that follow from a settled trade's result, and tells people of them. Call in the transaction that
 * settles it, under its lock: the results of one strategy are judged one after the other, each seeing those before.
 */
export async function judgeResult(
  tx: Transaction,
  tradeId: string,
  limits: Limits,
  nowMs: number,
): Promise<void> {
  const judged = await lockStrategy(tx, tradeId, limits);
  if (judged === null) return;
  await lockPauses(tx, judged);
  const outcomes = await readOutcomes(tx, judged, nowMs);
  const { equity } = judged;
  for (const lock of locksAfter(tradeId, { outcomes, equity, limits: judged.limits, nowMs })) {
    await makeLock(tx, judged, lock, nowMs);
  }
  await tx.$executeRaw`UPDATE trades SET judged_pnl = realized_pnl WHERE id = ${tradeId}::uuid`;
}

interface StrategyRow extends Omit<Judged, 'limits'> {
  /** The account's, then the strategy's: as a hand may have written them. */
  readonly settings: readonly unknown[];
}

/** Null when the trade has no result. Two that are settled at once wait for one another here. */
async function lockStrategy(
  tx: Transaction,
  tradeId: string,
  limits: Limits,
): Promise<Judged | null> {
  const [row] = await tx.$queryRaw<StrategyRow[]>`
    SELECT t.id AS "tradeId", t.user_id AS "userId", t.account_id AS "accountId", t.symbol,
           s.id AS "strategyId", s.name AS strategy,
           jsonb_build_array(a.settings, s.settings) AS settings,
           trim_scale(a.net_liquidation)::text AS equity
      FROM trades t JOIN strategies s ON s.id = t.strategy_id JOIN accounts a ON a.id = t.account_id
     WHERE t.id = ${tradeId}::uuid AND t.settled_at IS NOT NULL AND t.realized_pnl IS NOT NULL
       FOR NO KEY UPDATE OF s`;
  if (row === undefined) return null;
  const { settings, ...judged } = row;
  // What can't be used is left out: no settlement may fail for it.
  return { ...judged, limits: resolveLimits(limits, ...settings.map(usableLimits)) };
}

/**
 * Held before the results are read: a trade that is being taken up again takes its name out of a pause (taken-up.ts),
 * and what was read before that is committed would write it back.
 */
async function lockPauses(tx: Transaction, { strategyId }: Judged): Promise<void> {
  await tx.$executeRaw`
    SELECT 1 FROM pauses WHERE strategy_id = ${strategyId}::uuid AND lifted_at IS NULL
       FOR NO KEY UPDATE`;
}

/** More trades than a strategy closes within any look-back; the newest count. */
const OUTCOMES_MAX = 10_000;

async function readOutcomes(
  tx: Transaction,
  { tradeId, strategyId, symbol, limits }: Judged,
  nowMs: number,
): Promise<Outcome[]> {
  const since = new Date(outcomesSince({ limits, nowMs }));
  const newest = (among: Prisma.Sql, most: number) => Prisma.sql`
    (SELECT t.id FROM trades t WHERE t.strategy_id = ${strategyId}::uuid AND t.settled_at IS NOT NULL
        AND t.realized_pnl IS NOT NULL AND t.closed_at IS NOT NULL AND ${among}
      ORDER BY t.closed_at DESC, t.id DESC LIMIT ${most})`;
  return tx.$queryRaw<Outcome[]>`
    SELECT t.id AS "tradeId", t.symbol, t.side, t.instrument->>'currency' AS currency,
           (extract(epoch FROM t.closed_at) * 1000)::float8 AS "closedAtMs",
           trim_scale(t.realized_pnl)::text AS "realizedPnl"
      FROM trades t
     WHERE t.id IN (${newest(Prisma.sql`t.closed_at >= ${since}`, OUTCOMES_MAX)}
              UNION ${newest(Prisma.sql`t.symbol = ${symbol}`, limits.lowProfitTrades)}
              UNION ${newest(Prisma.sql`t.id = ${tradeId}::uuid`, 1)})
     ORDER BY t.closed_at, t.id`;
}

/** Writes it down as a pause and tells people, unless what it follows from has made one before. */
async function makeLock(tx: Transaction, judged: Judged, lock: Lock, nowMs: number): Promise<void> {
  const { kind, symbol, side, untilMs, reason } = lock;
  const evidence = [...lock.evidence];
  const { strategyId, accountId, userId } = judged;
  const earlier = await tx.pause.findMany({
    where: { strategyId, kind, symbol, side, evidence: { hasSome: evidence } },
  });
  const named = new Set(earlier.flatMap((pause) => pause.evidence));
  if (evidence.every((id) => named.has(id))) return;
  const inForce = earlier.find(
    ({ liftedAt, endsAt }) => liftedAt === null && endsAt !== null && endsAt.getTime() >= untilMs,
  );
  if (inForce !== undefined) {
    const all = [...new Set([...inForce.evidence, ...evidence])];
    await tx.pause.update({ where: { id: inForce.id }, data: { evidence: all } });
    return;
  }
  const id = randomUUID();
  // In force at once by this process's clock and by the database's: entries are judged by either.
  await tx.$executeRaw`
    INSERT INTO pauses (id, user_id, account_id, strategy_id, symbol, side, kind, reason, evidence,
                        starts_at, ends_at)
    VALUES (${id}::uuid, ${userId}::uuid, ${accountId}::uuid, ${strategyId}::uuid, ${symbol}, ${side},
            ${kind}, ${reason}, ${evidence}::text[], least(now(), ${new Date(nowMs)}),
            ${new Date(untilMs)})`;
  await tellLock(tx, judged, lock, id);
}

async function tellLock(tx: Transaction, judged: Judged, lock: Lock, id: string): Promise<void> {
  const { userId, tradeId, strategy } = judged;
  const { kind, symbol, side, untilMs, reason, evidence } = lock;
  const part = [strategy, symbol, side].filter((each) => each !== null).join(' ');
  const until = new Date(untilMs).toISOString();
  await alert(tx, {
    ...{ userId, tradeId, dedupeKey: `${kind}:${id}` },
    kind: kind === 'loss_streak' ? 'paused_streak' : 'locked',
    summary: `${part} opens nothing until ${until}: ${reason}`,
    detail: { strategy, symbol, side, protection: kind, until, trades: evidence },
  });
}

/** Judged at once; the next look takes the rest. */
const UNJUDGED_BATCH = 100;

/**
 * Judges settled trades whose result has changed since they were judged: a late commission, a correction, a fill that
 * a person declared. One that can't be judged keeps none of the others from it.
 * @returns how many there were; @throws Error, when all were tried, that names those that could not be judged
 */
export async function judgeChanged(db: Database, limits: Limits, nowMs: number): Promise<number> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM trades WHERE settled_at IS NOT NULL AND realized_pnl IS DISTINCT FROM judged_pnl
       AND realized_pnl IS NOT NULL
     ORDER BY settled_at LIMIT ${UNJUDGED_BATCH}`;
  const failed: string[] = [];
  for (const { id: tradeId } of rows) {
    await transact(db, 'judge.commit', { tradeId }, async (tx) => {
      await lockTrade(tx, tradeId);
      await judgeResult(tx, tradeId, limits, nowMs);
    }).catch((error: unknown) => {
      // A database that is away fails all of them.
      if (isOfDatabase(error) && !isRefusedData(error)) throw error;
      failed.push(`trade ${tradeId}: ${String(error)}`);
    });
  }
  if (failed.length > 0)
    throw new Error(`${failed.length} of ${rows.length}: ${failed.join('; ')}`);
  return rows.length;
}

/**
 * The reset of a trading day (SCH-1): what was to end with its 9:30, or before, is lifted; what was made since ends
 * later, and stays, however late this runs. @returns how many there were
 */
export async function liftEnded(
  tx: Transaction,
  { accountId, day }: { readonly accountId: string; readonly day: DateText },
  nowMs: number,
): Promise<number> {
  const ended = await tx.pause.findMany({
    where: {
      ...{ accountId, kind: { in: [...PROTECTION_KINDS] }, liftedAt: null },
      endsAt: { lte: new Date(openOf(day)) },
    },
    include: { strategy: true },
    orderBy: { id: 'asc' },
  });
  const data = { liftedAt: new Date(nowMs), liftedBy: `the reset of ${day}` };
  // One that a person has ended meanwhile stays on record as theirs.
  const where = { id: { in: ended.map(({ id }) => id) }, liftedAt: null };
  await tx.pause.updateMany({ where, data });
  for (const { id, userId, kind, strategy, reason } of ended) {
    if (kind !== 'loss_streak') continue;
    await alert(tx, {
      ...{ userId, tradeId: null, kind: 'resumed', dedupeKey: `resumed:${id}` },
      summary: `${strategy!.name} may enter again since the reset of ${day}; it was paused: ${reason}`,
      detail: { strategy: strategy!.name, day },
    });
  }
  return ended.length;
}

/**
 * Ends every pause of a user's strategy before its time, audited. @returns what was lifted, for people; null when
 * there is no such strategy
 */
export async function liftStrategyPauses(
  tx: Transaction,
  { userId, actor, strategy }: Readonly<Record<'userId' | 'actor' | 'strategy', string>>,
): Promise<string[] | null> {
  const found = await tx.strategy.findUnique({
    where: { userId_name: { userId, name: strategy } },
  });
  if (found === null) return null;
  const now = new Date();
  const where = { strategyId: found.id, liftedAt: null };
  const pauses = await tx.pause.findMany({
    where: { ...where, OR: [{ endsAt: null }, { endsAt: { gt: now } }] },
    orderBy: { startsAt: 'asc' },
  });
  if (pauses.length === 0) return [];
  const ids = pauses.map(({ id }) => id);
  const data = { liftedAt: now, liftedBy: actor };
  await tx.pause.updateMany({ where: { ...where, id: { in: ids } }, data });
  const reasons = pauses.map(
    ({ kind, reason }) => `${isProtection(kind) ? kind : 'pause'}: ${reason}`,
  );
  const subject = `strategy ${strategy}`;
  await alert(tx, {
    ...{ userId, tradeId: null, kind: 'resumed', dedupeKey: `resumed:${ids[0]}` },
    summary: `${strategy} may enter again: its pauses were lifted by ${actor} (${reasons.join('; ')})`,
    detail: { strategy, lifted: reasons, actor },
  });
  await appendAudit(tx, { userId, actor, action: 'resume', subject, body: { lifted: reasons } });
  return reasons;
}
