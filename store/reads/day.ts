/** The day of each account so far: what it is measured from, and what it has come to (RSK-8). */
import type { DayView } from '../../contract/views.js';
import { dayPnl } from '../../domain/pnl.js';
import type { Database } from '../database.js';
import { dayAt, dayResultOf, newestDay, type DayFacts } from '../day-facts.js';

interface AccountOfDay {
  readonly account: string;
  readonly currency: string;
  readonly netLiquidation: string | null;
  readonly valuesAt: Date | null;
  readonly facts: DayFacts | null;
}

/** Of all accounts of the user, by the broker's ids. */
export async function listDays(db: Database, userId: string, nowMs: number): Promise<DayView[]> {
  const rows = await db.$queryRaw<AccountOfDay[]>`
    SELECT a.broker_account_id AS account, a.base_currency AS currency, a.values_at AS "valuesAt",
           trim_scale(a.net_liquidation)::text AS "netLiquidation", ${newestDay(nowMs)} AS facts
      FROM accounts a WHERE a.user_id = ${userId}::uuid ORDER BY a.broker_account_id`;
  return rows.map((row) => viewOf(row, nowMs));
}

function viewOf(row: AccountOfDay, nowMs: number): DayView {
  const { account, currency, netLiquidation, valuesAt, facts } = row;
  const from = dayResultOf(facts, nowMs);
  const isKnown = from !== null && netLiquidation !== null;
  return {
    ...{ account_id: account, currency, day: dayAt(nowMs) },
    measured_from: from?.previousCloseEquity ?? null,
    measured_at: from?.sinceMs ? new Date(from.sinceMs).toISOString() : null,
    net_flows: from?.netFlows ?? '0',
    net_liquidation: netLiquidation,
    values_at: valuesAt?.toISOString() ?? null,
    result: isKnown ? dayPnl(netLiquidation, from.previousCloseEquity, from.netFlows) : null,
    loss_reached: from?.latched ?? false,
  };
}
