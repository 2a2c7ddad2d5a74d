/** Snapshots of what accounts are worth, and of how their day stands (SCH-1): by values of the broker's alone. */
import type { EquityView } from '../contract/views.js';
import type { DateText } from '../domain/calendar.js';
import { openOf } from '../domain/exchange-days.js';
import { decimal, text, ZERO, type DecimalText } from '../domain/money.js';
import { dayPnl } from '../domain/pnl.js';
import { areOfClose, isInSession } from '../domain/schedules/day.js';
import type { EpochMs } from '../domain/vocabulary.js';
import { dateColumn } from './account-days.js';
import { textFromRow, type Database, type Transaction } from './database.js';
import { dayAt, dayResultOf, newestDay, type DayFacts } from './day-facts.js';

/** In the session one row is kept for this long, of values that come every few minutes. */
const EVERY_MS = 3_600_000;

export interface EquityValues {
  readonly netLiquidation: DecimalText;
  readonly totalCash: DecimalText;
  readonly atMs: EpochMs;
}

/**
 * Keeps values of the session, unless some of within an hour are kept, and the first after its close. In the transaction
 * that stores them.
 */
export async function keepValues(
  tx: Transaction,
  accountId: string,
  values: EquityValues,
): Promise<void> {
  if (isInSession(values.atMs)) await keepHourly(tx, accountId, values);
  await keepFirstOfClose(tx, accountId, values);
}

async function keepHourly(tx: Transaction, accountId: string, values: EquityValues) {
  const { atMs } = values;
  const near = { gt: new Date(atMs - EVERY_MS), lt: new Date(atMs + EVERY_MS) };
  const kept = await tx.equitySnapshot.findFirst({
    where: { accountId, at: near, kind: 'intraday' },
  });
  if (kept === null) await keep(tx, accountId, values, 'intraday');
}

/** Whoever ends the day, and however late, takes these for its close: those of the next morning have the night's gap. */
async function keepFirstOfClose(tx: Transaction, accountId: string, values: EquityValues) {
  const day = dayAt(values.atMs);
  if (!areOfClose(day, values.atMs)) return;
  if ((await closeValues(tx, accountId, day)) === null) await keepClose(tx, accountId, values);
}

/** What was kept of a day's close; null: no values have come between it and the next open. */
export async function closeValues(
  tx: Transaction,
  accountId: string,
  day: DateText,
): Promise<EquityValues | null> {
  const row = await tx.equitySnapshot.findFirst({
    where: { accountId, sessionDate: dateColumn(day), kind: 'close' },
    orderBy: { at: 'asc' },
  });
  if (row === null) return null;
  const { netLiquidation, totalCash, at } = row;
  return {
    netLiquidation: textFromRow(netLiquidation),
    totalCash: textFromRow(totalCash),
    atMs: at.getTime(),
  };
}

/** Keeps the values of the close; those that are kept already get the day's result as it stands now. */
export function keepClose(tx: Transaction, accountId: string, values: EquityValues): Promise<void> {
  return keep(tx, accountId, values, 'close');
}

async function keep(
  tx: Transaction,
  accountId: string,
  { netLiquidation, totalCash, atMs }: EquityValues,
  kind: 'intraday' | 'close',
): Promise<void> {
  const day = dayAt(atMs);
  const [row] = await tx.$queryRaw<{ facts: DayFacts | null }[]>`
    SELECT ${newestDay(atMs)} AS facts FROM accounts a WHERE a.id = ${accountId}::uuid`;
  const from = dayResultOf(row?.facts ?? null, atMs);
  const realized = await realizedSince(tx, accountId, from?.sinceMs ?? openOf(day), atMs);
  const result = from && dayPnl(netLiquidation, from.previousCloseEquity, from.netFlows);
  const unrealized = result && text(decimal(result).sub(decimal(realized)));
  await tx.$executeRaw`
    INSERT INTO equity_snapshots (user_id, account_id, at, session_date, kind, net_liquidation,
                                  total_cash, net_flows, realized_pnl, unrealized_pnl)
    SELECT a.user_id, a.id, ${new Date(atMs)}, ${day}::date, ${kind}, ${netLiquidation}::numeric,
           ${totalCash}::numeric, ${from?.netFlows ?? '0'}::numeric, ${realized}::numeric,
           ${unrealized}::numeric
      FROM accounts a WHERE a.id = ${accountId}::uuid
    ON CONFLICT (account_id, at) DO UPDATE
       SET kind = 'close', net_flows = EXCLUDED.net_flows, realized_pnl = EXCLUDED.realized_pnl,
           unrealized_pnl = EXCLUDED.unrealized_pnl
     WHERE EXCLUDED.kind = 'close'`;
}

/** Of trades in the account's own currency: others are a part of the rest. */
async function realizedSince(
  tx: Transaction,
  accountId: string,
  sinceMs: EpochMs,
  untilMs: EpochMs,
): Promise<DecimalText> {
  const [row] = await tx.$queryRaw<{ realized: string }[]>`
    SELECT trim_scale(coalesce(sum(t.realized_pnl), 0))::text AS realized
      FROM trades t JOIN accounts a ON a.id = t.account_id
     WHERE t.account_id = ${accountId}::uuid AND t.instrument->>'currency' = a.base_currency
       AND t.closed_at > ${new Date(sinceMs)} AND t.closed_at <= ${new Date(untilMs)}`;
  return row?.realized ?? text(ZERO);
}

/** The newest first, of the user; `account`: the broker's id of one account alone. */
export async function listEquity(
  db: Database | Transaction,
  userId: string,
  { account, limit }: { readonly account: string | null; readonly limit: number },
): Promise<EquityView[]> {
  const rows = await db.equitySnapshot.findMany({
    where: { userId, ...(account !== null && { account: { brokerAccountId: account } }) },
    include: { account: true },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: limit,
  });
  return rows.map((row) => ({
    ...{ account_id: row.account.brokerAccountId, currency: row.account.baseCurrency },
    ...{ at: row.at.toISOString(), day: row.sessionDate.toISOString().slice(0, 10) },
    kind: row.kind as EquityView['kind'],
    net_liquidation: textFromRow(row.netLiquidation),
    total_cash: textFromRow(row.totalCash),
    net_flows: textFromRow(row.netFlows),
    realized_pnl: textFromRow(row.realizedPnl),
    unrealized_pnl: textFromRow(row.unrealizedPnl),
  }));
}
