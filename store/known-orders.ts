/**
 * Orders of this connection and executions of its accounts, so that a new process recognises what the
 * broker tells of them, and what of it is known.
 */
import type { OrderTerms } from '../domain/orders/terms.js';
import type { Database } from './database.js';
import { LIVE_STATUSES } from './live.js';

/** Of those that have ended: late callbacks come within minutes. Live ones are all given. */
const ENDED_MAX = 5_000;
/** The broker tells the executions of its day again with each session; a day, and time zones. */
const EXECUTIONS_OF_MS = 36 * 3_600_000;
const EXECUTIONS_MAX = 100_000;

export interface KnownOrder {
  readonly sessionOrderId: number;
  readonly clientOrderId: string;
  readonly isLive: boolean;
  /** The broker's ids of it, oldest first. */
  readonly brokerOrderIds: readonly string[];
  /** Its last write of whose fate nobody told; left out: there is none. */
  readonly sent?: SentOrder;
}

interface SentOrder {
  readonly account: string;
  readonly symbol: string;
  readonly terms: OrderTerms;
  readonly writtenAtMs: number;
  /** Of a change: what had been dealt before it. */
  readonly filledBefore?: string;
}

export interface BookedExecution {
  readonly executionId: string;
  /** Null while the broker has not told it. */
  readonly commission: string | null;
}

/** What this connection sent: the newest that ended, then all that live, each oldest first. */
export async function knownOrders(db: Database, connectionId: string): Promise<KnownOrder[]> {
  const rows = await db.$queryRaw<(Omit<KnownOrder, 'sent'> & { sent: SentOrder | null })[]>`
    WITH live AS (
      SELECT i.session_order_id, o.client_order_id, i.broker_order_ids, w.sent
        FROM orders o JOIN accounts a ON a.id = o.account_id JOIN trades t ON t.id = o.trade_id
        JOIN order_incarnations i ON i.order_row_id = o.id AND i.kind = 'place'
        LEFT JOIN LATERAL (
          SELECT jsonb_strip_nulls(jsonb_build_object('account', a.broker_account_id,
                   'symbol', t.instrument->>'symbol', 'writtenAtMs',
                   floor(extract(epoch FROM coalesce(u.written_at, u.claimed_at)) * 1000)::bigint,
                   'filledBefore', CASE WHEN u.kind = 'modify'
                                        THEN trim_scale(o.filled_quantity)::text END))
                 || jsonb_build_object('terms', u.terms) AS sent
            FROM order_incarnations u
           WHERE u.order_row_id = o.id AND u.session_order_id = i.session_order_id
             AND u.kind <> 'cancel' AND u.state IN ('CLAIMED', 'UNKNOWN')
           ORDER BY u.n DESC LIMIT 1) w ON true
       WHERE i.connection_id = ${connectionId}::uuid AND o.intent <> 'NEW'
         AND o.status = ANY(${LIVE_STATUSES})
    ), ended AS (
      SELECT i.session_order_id, o.client_order_id, i.broker_order_ids, NULL::jsonb AS sent
        FROM order_incarnations i JOIN orders o ON o.id = i.order_row_id
       WHERE i.connection_id = ${connectionId}::uuid AND i.kind = 'place'
         AND NOT o.status = ANY(${LIVE_STATUSES})
       ORDER BY i.session_order_id DESC LIMIT ${ENDED_MAX}
    )
    SELECT session_order_id AS "sessionOrderId", client_order_id AS "clientOrderId",
           broker_order_ids AS "brokerOrderIds", sent,
           "isLive" FROM (SELECT *, true AS "isLive" FROM live
                          UNION ALL SELECT *, false FROM ended) AS known
     ORDER BY "isLive", session_order_id`;
  return rows.map(({ sent, ...order }) => (sent === null ? order : { ...order, sent }));
}

/** The executions that the broker may tell again, newest last. */
export async function bookedExecutions(
  db: Database,
  connectionId: string,
  nowMs: number,
): Promise<BookedExecution[]> {
  const since = new Date(nowMs - EXECUTIONS_OF_MS);
  const rows = await db.$queryRaw<BookedExecution[]>`
    SELECT e.execution_id AS "executionId", trim_scale(e.commission)::text AS commission
      FROM executions e JOIN accounts a ON a.id = e.account_id
     WHERE a.connection_id = ${connectionId}::uuid AND e.executed_at > ${since}
       AND NOT e.inferred
     ORDER BY e.id DESC LIMIT ${EXECUTIONS_MAX}`;
  return rows.reverse();
}
