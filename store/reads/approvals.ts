/** What waits for a person's word (SIG-3). */
import type { ApprovalView } from '../../contract/views.js';
import type { Shown } from '../../domain/risk/approval.js';
import type { Database } from '../database.js';

interface Row extends Pick<
  ApprovalView,
  'trade_id' | 'signal_id' | 'strategy_id' | 'account_id' | 'symbol' | 'seconds_left'
> {
  readonly shown: Shown;
  readonly asked_at: Date;
  readonly expires_at: Date;
}

/** Those that can still be decided, the most urgent first. */
export async function listApprovals(
  db: Database,
  userId: string,
  limit: number,
): Promise<ApprovalView[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT ap.trade_id, s.signal_id, st.name AS strategy_id, a.broker_account_id AS account_id, t.symbol,
           ap.shown, ap.asked_at, ap.expires_at,
           ceil(extract(epoch FROM ap.expires_at - clock_timestamp()))::int AS seconds_left
      FROM approvals ap JOIN trades t ON t.id = ap.trade_id JOIN signals s ON s.id = t.signal_row_id
      JOIN strategies st ON st.id = t.strategy_id JOIN accounts a ON a.id = t.account_id
     WHERE ap.user_id = ${userId}::uuid AND ap.verdict IS NULL AND ap.expires_at > clock_timestamp()
       AND t.state = 'AWAITING_APPROVAL' AND NOT t.cancel_requested
     ORDER BY ap.expires_at, ap.trade_id LIMIT ${limit}`;
  return rows.map(({ shown, asked_at, expires_at, ...row }) => ({
    ...row,
    ...{ side: shown.side, quantity: shown.quantity, price: shown.price, risk: shown.risk },
    ...{ stop_price: shown.stopPrice, target_price: shown.targetPrice, summary: shown.summary },
    ...{ asked_at: asked_at.toISOString(), expires_at: expires_at.toISOString() },
  }));
}
