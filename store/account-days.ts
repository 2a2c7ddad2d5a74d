/**
 * The rows of accounts' trading days: how a day begins, what its loss is measured from, and that its limit
 * was reached. Each is written once, whoever comes late, twice, or beside another.
 */
import type { AccountDay, DayBegun } from '../contract/activities.js';
import { tradingDay, type DateText } from '../domain/calendar.js';
import { holidaysAround, openOf, previousTradingDay } from '../domain/exchange-days.js';
import { text, ZERO, type DecimalText } from '../domain/money.js';
import type { DayResult } from '../domain/risk/context.js';
import { isPast, startEquity, type StartSource } from '../domain/schedules/day.js';
import { alert } from './alerts.js';
import { fromRow, textFromRow, type Database, type Transaction } from './database.js';
import { liftEnded } from './protections.js';
import { transact } from './transact.js';

/** The trading day that an instant counts to: it goes on until the next one's open. */
export function dayAt(nowMs: number): DateText {
  return tradingDay(nowMs, holidaysAround(nowMs));
}

/** A date as its column takes it. */
export function dateColumn(day: DateText): Date {
  return new Date(`${day}T00:00:00Z`);
}

/**
 * Begins a trading day: writes down what its loss is measured from, unless that stands already, and lifts the
 * pauses that end with its 9:30.
 * @throws Error when the broker has never given values of the account: tried again until it has
 */
export async function beginDay(db: Database, input: AccountDay, nowMs: number): Promise<DayBegun> {
  const { accountId, brokerAccountId: account, day } = input;
  return transact(db, 'day.begin.commit', { account }, async (tx) => {
    const lifted = await liftEnded(tx, { accountId, day }, nowMs);
    const and = lifted === 0 ? {} : { lifted };
    const kept = await begunDay(tx, accountId, day);
    if (kept) return { kind: 'kept', ...kept, ...and };
    if (isPast(day, nowMs)) return { kind: 'past', ...and };
    const { userId, netLiquidation, valuesAt } = await tx.account.findUniqueOrThrow({
      where: { id: accountId },
    });
    if (netLiquidation === null || valuesAt === null) {
      throw new Error(`the broker has given no values of ${account} yet`);
    }
    const { equity, source } = startEquity({
      day,
      previousClose: await closeEquity(tx, accountId, previousTradingDay(day)),
      netLiquidation: textFromRow(netLiquidation),
      valuesAtMs: valuesAt.getTime(),
      realizedSinceOpen: await realizedSince(tx, accountId, openOf(day)),
    });
    const begun = await writeStart(tx, { accountId, userId, day, equity, source, nowMs });
    return { ...(begun ?? { kind: 'kept', ...(await begunDay(tx, accountId, day))! }), ...and };
  });
}

interface Start {
  readonly accountId: string;
  readonly userId: string;
  readonly day: DateText;
  readonly equity: DecimalText;
  readonly source: StartSource;
  readonly nowMs: number;
}

/** Null when somebody else wrote it first: theirs stands. */
async function writeStart(tx: Transaction, start: Start): Promise<DayBegun | null> {
  const { accountId, userId, day, equity, source, nowMs } = start;
  const written = await tx.$executeRaw`
    INSERT INTO account_days (account_id, day, user_id, start_equity, start_source, begun_at)
    VALUES (${accountId}::uuid, ${day}::date, ${userId}::uuid, ${equity}::numeric, ${source},
            ${new Date(nowMs)})
    ON CONFLICT (account_id, day) DO UPDATE
       SET start_equity = EXCLUDED.start_equity, start_source = EXCLUDED.start_source,
           begun_at = EXCLUDED.begun_at
     WHERE account_days.start_equity IS NULL`;
  return written === 1 ? { kind: 'begun', startEquity: equity, source } : null;
}

async function begunDay(tx: Transaction, accountId: string, day: DateText) {
  const row = await tx.accountDay.findUnique({
    where: { accountId_day: { accountId, day: dateColumn(day) } },
  });
  if (row === null || row.startEquity === null) return null;
  return { startEquity: textFromRow(row.startEquity), source: row.startSource as StartSource };
}

async function closeEquity(
  tx: Transaction,
  accountId: string,
  day: DateText,
): Promise<DecimalText | null> {
  const row = await tx.accountDay.findUnique({
    where: { accountId_day: { accountId, day: dateColumn(day) } },
    select: { closeEquity: true },
  });
  return textFromRow(row?.closeEquity ?? null);
}

async function realizedSince(tx: Transaction, accountId: string, sinceMs: number) {
  const { _sum } = await tx.trade.aggregate({
    where: { accountId, closedAt: { gte: new Date(sinceMs) } },
    _sum: { realizedPnl: true },
  });
  return text(fromRow(_sum.realizedPnl) ?? ZERO);
}

/**
 * The newest row of an account that a loss can be measured from, as a plan reads it: today's once it has
 * begun, else one before it. Amounts are decimal text.
 */
export interface DayFacts {
  /** `2026-11-24` */
  readonly day: DateText;
  readonly startEquity: DecimalText | null;
  readonly closeEquity: DecimalText | null;
  readonly lossReached: boolean;
}

/**
 * What the day's loss is measured from at an instant; null when no day was ever written down. When the
 * day's own row is missing (nobody was there to begin it), the newest close before it counts on: a reset
 * that is late must wipe no loss.
 */
export function dayResultOf(newest: DayFacts | null, nowMs: number): DayResult | null {
  if (newest === null) return null;
  const isToday = newest.day >= dayAt(nowMs);
  const from = isToday ? newest.startEquity : (newest.closeEquity ?? newest.startEquity);
  if (from === null) return null;
  // Deposits and withdrawals are not in the broker's account summary: they count as results.
  return { previousCloseEquity: from, netFlows: '0', latched: isToday && newest.lossReached };
}

/**
 * The limit was reached: it stays so until the next day begins (RSK-8), in the plan's transaction. A day that
 * nobody has begun begins with what the plan measured from.
 */
export async function latchLoss(
  tx: Transaction,
  of: { readonly accountId: string; readonly userId: string },
  { previousCloseEquity }: DayResult,
  nowMs: number,
): Promise<void> {
  const day = dayAt(nowMs);
  const now = new Date(nowMs);
  await tx.$executeRaw`
    INSERT INTO account_days (account_id, day, user_id, start_equity, start_source, begun_at,
                              loss_reached_at)
    VALUES (${of.accountId}::uuid, ${day}::date, ${of.userId}::uuid,
            ${previousCloseEquity}::numeric, 'late', ${now}, ${now})
    ON CONFLICT (account_id, day) DO UPDATE
       SET loss_reached_at = COALESCE(account_days.loss_reached_at, EXCLUDED.loss_reached_at),
           start_equity = COALESCE(account_days.start_equity, EXCLUDED.start_equity),
           start_source = COALESCE(account_days.start_source, EXCLUDED.start_source),
           begun_at = COALESCE(account_days.begun_at, EXCLUDED.begun_at)`;
  await alert(tx, {
    ...{ userId: of.userId, tradeId: null, kind: 'paused_loss' },
    dedupeKey: `loss-reached:${of.accountId}:${day}`,
    summary: `entries are paused: the loss of ${day} has reached its limit, measured from ${previousCloseEquity}; they go again when the next trading day begins`,
    detail: { day, measured_from: previousCloseEquity },
  });
}
