/** How a trading day of an account ended: the equity at its close, and its summary (SCH-1). */
import type { AccountDay, DayEnded, DaySummary, OpenAtEnd } from '../contract/activities.js';
import { instantOf, NEW_YORK } from '../domain/zone.js';
import type { DateText } from '../domain/calendar.js';
import { areOfClose, isPast } from '../domain/schedules/day.js';
import { FINAL_STATES } from '../domain/trade/states.js';
import { around } from '../failpoints/failpoint.js';
import { dateColumn } from './account-days.js';
import type { AccountRow } from './accounts.js';
import { textFromRow, toJson, toRow, type Database, type Transaction } from './database.js';
import { closeValues, keepClose, type EquityValues } from './equity.js';
import { commissionsOf, realizedWithin } from './realized.js';
import { transact } from './transact.js';

/** As many open trades stand in a summary one by one; the rest are only counted. */
const LISTED_MAX = 200;
/** Callbacks that one run deletes at the most: some seconds of the database's time. */
const ARCHIVED_MAX = 20_000;
const DAY_MS = 86_400_000;

/**
 * Writes the close and the summary of a day. A run of the same day writes it anew; one that comes after
 * the next day has begun fills in what is missing, and changes nothing that stands.
 */
export async function endDay(
  db: Database,
  input: AccountDay,
  nowMs: number,
): Promise<Omit<DayEnded, 'archived'>> {
  const { accountId, brokerAccountId: account, day } = input;
  return transact(db, 'day.end.commit', { account }, async (tx) => {
    const { userId, ...newest } = await tx.account.findUniqueOrThrow({ where: { id: accountId } });
    const key = { accountId_day: { accountId, day: dateColumn(day) } };
    await tx.$executeRaw`
      INSERT INTO account_days (account_id, day, user_id)
      VALUES (${accountId}::uuid, ${day}::date, ${userId}::uuid) ON CONFLICT DO NOTHING`;
    const close = (await closeValues(tx, accountId, day)) ?? ofClose(day, newest);
    if (close !== null) {
      const { netLiquidation, atMs } = close;
      const { count } = await tx.accountDay.updateMany({
        where: { accountId, day: dateColumn(day), closeEquity: null },
        data: { closeEquity: toRow(netLiquidation), closeValuesAt: new Date(atMs) },
      });
      if (count === 1) await keepClose(tx, accountId, close);
    }
    const row = await tx.accountDay.findUniqueOrThrow({ where: key });
    const closeEquity = textFromRow(row.closeEquity);
    if (row.summary !== null && isPast(day, nowMs)) {
      return { summary: row.summary as unknown as DaySummary, closeEquity, written: false };
    }
    const summary = await summarize(tx, accountId, day, nowMs);
    const data = { summary: toJson(summary), summarizedAt: new Date(nowMs) };
    await tx.accountDay.update({ where: key, data });
    return { summary, closeEquity, written: true };
  });
}

type NewestValues = Pick<AccountRow, 'netLiquidation' | 'totalCash' | 'valuesAt'>;

/** The newest values of the account, where they are those of the day's close: before the first were kept as they came. */
function ofClose(
  day: DateText,
  { netLiquidation, totalCash, valuesAt }: NewestValues,
): EquityValues | null {
  if (netLiquidation === null || totalCash === null || valuesAt === null) return null;
  const atMs = valuesAt.getTime();
  if (!areOfClose(day, atMs)) return null;
  return { netLiquidation: textFromRow(netLiquidation), totalCash: textFromRow(totalCash), atMs };
}

async function summarize(
  tx: Transaction,
  accountId: string,
  day: DateText,
  nowMs: number,
): Promise<DaySummary> {
  const [since, before] = [midnight(day, 0), midnight(day, 1)];
  const within = { gte: since, lt: before };
  const [opened, denied, closed, fills] = [
    await tx.trade.count({ where: { accountId, openedAt: within } }),
    await tx.trade.count({ where: { accountId, state: 'DENIED', closedAt: within } }),
    await tx.trade.count({ where: { accountId, closedAt: within, filledQuantity: { not: 0 } } }),
    await tx.execution.count({
      where: { accountId, brokerDay: dateColumn(day), superseded: false },
    }),
  ];
  return {
    ...{ opened, denied, closed, fills, atMs: nowMs },
    realizedPnl: await realizedWithin(tx, accountId, { since, before }),
    commissions: await commissionsOf(tx, accountId, dateColumn(day)),
    ...(await equityOf(tx, accountId, day)),
    ...(await openTrades(tx, accountId)),
  };
}

/** As the day closed; nothing where its close was never written down. */
async function equityOf(
  tx: Transaction,
  accountId: string,
  day: DateText,
): Promise<Pick<DaySummary, 'equity'>> {
  const row = await tx.equitySnapshot.findFirst({
    where: { accountId, sessionDate: dateColumn(day), kind: 'close' },
    orderBy: { at: 'asc' },
  });
  if (row === null) return {};
  return {
    equity: {
      netLiquidation: textFromRow(row.netLiquidation),
      cash: textFromRow(row.totalCash),
      netFlows: textFromRow(row.netFlows),
      realizedPnl: textFromRow(row.realizedPnl),
      unrealizedPnl: textFromRow(row.unrealizedPnl),
      atMs: row.at.getTime(),
    },
  };
}

async function openTrades(
  tx: Transaction,
  accountId: string,
): Promise<Pick<DaySummary, 'openCount' | 'unprotectedCount' | 'open'>> {
  const where = { accountId, state: { notIn: [...FINAL_STATES] }, heldQuantity: { not: 0 } };
  const rows = await tx.trade.findMany({
    where,
    // What is not protected stands first.
    orderBy: [{ isProtected: 'asc' }, { createdAt: 'asc' }],
    take: LISTED_MAX,
  });
  const open: OpenAtEnd[] = rows.map((row) => ({
    tradeId: row.id,
    symbol: row.symbol,
    side: row.side,
    heldQuantity: textFromRow(row.heldQuantity),
    stopPrice: textFromRow(row.stopPrice),
    isProtected: row.isProtected,
  }));
  const openCount = await tx.trade.count({ where });
  const unprotectedCount = await tx.trade.count({ where: { ...where, isProtected: false } });
  return { openCount, unprotectedCount, open };
}

/**
 * Deletes callbacks of trades that were settled longer ago than that, a bounded number; what they made
 * true (orders, executions, timeline, decisions) stays for ever. @returns how many
 */
export async function archiveCallbacks(
  db: Database,
  { accountId, brokerAccountId: account }: AccountDay,
  keepDays: number,
  nowMs: number,
): Promise<number> {
  const before = new Date(nowMs - keepDays * DAY_MS);
  return around(
    'archive.delete',
    { account },
    async () =>
      db.$executeRaw`
      DELETE FROM broker_events WHERE id IN (
        SELECT e.id FROM broker_events e JOIN trades t ON t.id = e.trade_id
         WHERE t.account_id = ${accountId}::uuid AND t.settled_at < ${before}
         ORDER BY e.id LIMIT ${ARCHIVED_MAX})`,
  );
}

/** Midnight in New York, so many days after the beginning of a date. */
function midnight(date: DateText, daysOn: number): Date {
  const at = new Date(Date.parse(`${date}T00:00:00Z`) + daysOn * DAY_MS);
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
  return new Date(instantOf({ year, month, day, hour: 0, minute: 0 }, NEW_YORK));
}
