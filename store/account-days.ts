/**
 * The rows of accounts' trading days: how a day begins, what its loss is measured from, and that its limit
 * was reached. Each is written once, whoever comes late, twice, or beside another.
 */
import type { AccountDay, DayBegun } from '../contract/activities.js';
import type { DateText } from '../domain/calendar.js';
import { openOf, previousTradingDay } from '../domain/exchange-days.js';
import type { DecimalText } from '../domain/money.js';
import type { DayResult } from '../domain/risk/context.js';
import { nextReset } from '../domain/risk/protections.js';
import { isPast, startEquity, type StartSource } from '../domain/schedules/day.js';
import { alert } from './alerts.js';
import { dayAt } from './day-facts.js';
import { textFromRow, type Database, type Transaction } from './database.js';
import { liftEnded } from './protections.js';
import { realizedWithin } from './realized.js';
import { transact } from './transact.js';

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
    const close = await closeOf(tx, accountId, previousTradingDay(day));
    const open = new Date(openOf(day));
    const { equity, source } = startEquity({
      day,
      previousClose: close.equity,
      netLiquidation: textFromRow(netLiquidation),
      valuesAtMs: valuesAt.getTime(),
      realizedSinceOpen: await realizedWithin(tx, accountId, { since: open, before: null }),
    });
    const ofMs = source === 'close' ? close.atMs : valuesAt.getTime();
    const begun = await writeStart(tx, { accountId, userId, day, equity, source, ofMs, nowMs });
    return { ...(begun ?? { kind: 'kept', ...(await begunDay(tx, accountId, day))! }), ...and };
  });
}

interface Start {
  readonly accountId: string;
  readonly userId: string;
  readonly day: DateText;
  readonly equity: DecimalText;
  readonly source: StartSource;
  /** When the broker gave the values that the equity is of. */
  readonly ofMs: number | null;
  readonly nowMs: number;
}

/**
 * Begins the day of an account's first values with them (RSK-8): a new installation has neither a close nor a reset
 * to measure from. Call under the account's lock, when it has no day to measure from. What stands is left alone,
 * and the next 9:30 begins its own day, as ever.
 */
export async function beginByFirstValues(
  tx: Transaction,
  of: { readonly accountId: string; readonly userId: string },
  { netLiquidation: equity, atMs }: { netLiquidation: DecimalText; atMs: number },
): Promise<void> {
  const day = dayAt(atMs);
  await writeStart(tx, { ...of, day, equity, source: 'first_values', ofMs: atMs, nowMs: atMs });
}

/** Null when somebody else wrote it first: theirs stands. */
async function writeStart(tx: Transaction, start: Start): Promise<DayBegun | null> {
  const { accountId, userId, day, equity, source, ofMs, nowMs } = start;
  const written = await tx.$executeRaw`
    INSERT INTO account_days (account_id, day, user_id, start_equity, start_source,
                              start_values_at, begun_at)
    VALUES (${accountId}::uuid, ${day}::date, ${userId}::uuid, ${equity}::numeric, ${source},
            ${instant(ofMs)}::timestamptz, ${new Date(nowMs)})
    ON CONFLICT (account_id, day) DO UPDATE
       SET start_equity = EXCLUDED.start_equity, start_source = EXCLUDED.start_source,
           start_values_at = EXCLUDED.start_values_at, begun_at = EXCLUDED.begun_at
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

/** As whoever ended the day wrote it down; where nobody did, by the first values that came after it. */
async function closeOf(
  tx: Transaction,
  accountId: string,
  day: DateText,
): Promise<{ equity: DecimalText | null; atMs: number | null }> {
  const row = await tx.accountDay.findUnique({
    where: { accountId_day: { accountId, day: dateColumn(day) } },
    select: { closeEquity: true, closeValuesAt: true },
  });
  if (row?.closeEquity) {
    return { equity: textFromRow(row.closeEquity), atMs: row.closeValuesAt?.getTime() ?? null };
  }
  const kept = await tx.equitySnapshot.findFirst({
    where: { accountId, sessionDate: dateColumn(day), kind: 'close' },
    orderBy: { at: 'asc' },
  });
  return { equity: textFromRow(kept?.netLiquidation ?? null), atMs: kept?.at.getTime() ?? null };
}

function instant(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

/**
 * The limit was reached: it stays so until the next day begins (RSK-8), in the transaction that found it. The row
 * carries that instant, so nothing has to run for its end, and a late reset takes nothing of it away. A day that
 * nobody has begun begins with what the loss was measured from.
 */
export async function latchLoss(
  tx: Transaction,
  of: { readonly accountId: string; readonly userId: string },
  { previousCloseEquity, sinceMs = null, netFlows }: DayResult,
  nowMs: number,
): Promise<void> {
  const day = dayAt(nowMs);
  const now = new Date(nowMs);
  await tx.$executeRaw`
    INSERT INTO account_days (account_id, day, user_id, start_equity, start_source,
                              start_values_at, begun_at, loss_reached_at, loss_until)
    VALUES (${of.accountId}::uuid, ${day}::date, ${of.userId}::uuid, ${previousCloseEquity}::numeric,
            'late', ${instant(sinceMs)}::timestamptz, ${now}, ${now}, ${new Date(nextReset(nowMs))})
    ON CONFLICT (account_id, day) DO UPDATE
       SET loss_reached_at = COALESCE(account_days.loss_reached_at, EXCLUDED.loss_reached_at),
           loss_until = COALESCE(account_days.loss_until, EXCLUDED.loss_until),
           start_equity = COALESCE(account_days.start_equity, EXCLUDED.start_equity),
           start_values_at = CASE WHEN account_days.start_equity IS NULL
             THEN EXCLUDED.start_values_at ELSE account_days.start_values_at END,
           start_source = COALESCE(account_days.start_source, EXCLUDED.start_source),
           begun_at = COALESCE(account_days.begun_at, EXCLUDED.begun_at)`;
  await alert(tx, {
    ...{ userId: of.userId, tradeId: null, kind: 'paused_loss' },
    dedupeKey: `loss-reached:${of.accountId}:${day}`,
    summary: `entries are paused, and cancelled where they rest: the loss of ${day} has reached its limit, measured from ${previousCloseEquity}; they go again when the next trading day begins`,
    detail: { day, measured_from: previousCloseEquity, net_flows: netFlows },
  });
}
