/** What metrics count since the installation began: every row of the history is looked at, so it is asked for rarely. */
import { Prisma, type Database } from '../database.js';
import type { MetricRow } from './metrics-now.js';

/** Counts by the labels that they are told apart by. */
export function metricsEver(db: Database): Promise<MetricRow[]> {
  return db.$queryRaw<MetricRow[]>`
    SELECT m.name, m.labels, m.value::float8 AS value FROM (
      SELECT 'ballast_trades', jsonb_build_object('state', state), count(*) FROM trades GROUP BY state
      UNION ALL
      SELECT 'ballast_orders', jsonb_build_object('role', role, 'status', status), count(*)
        FROM orders GROUP BY role, status
      UNION ALL
      SELECT 'ballast_writes_total', jsonb_build_object('kind', kind), count(*)
        FROM order_incarnations GROUP BY kind
      UNION ALL
      SELECT 'ballast_fills_total', jsonb_build_object('side', side,
               'owner', CASE WHEN trade_id IS NULL THEN 'external' ELSE 'ballast' END), count(*)
        FROM executions GROUP BY side, trade_id IS NULL
      UNION ALL
      SELECT 'ballast_signals_total', '{}'::jsonb, count(*) FROM signals
      UNION ALL
      SELECT 'ballast_risk_denials_total', jsonb_build_object('code', code), count(*)
        FROM decisions CROSS JOIN LATERAL unnest(codes) AS code WHERE verdict = 'denied' GROUP BY code
      UNION ALL
      SELECT 'ballast_outbox_given_up_total', jsonb_build_object('channel', channel), count(*)
        FROM notification_deliveries WHERE state = 'given_up' GROUP BY channel
    ) AS m (name, labels, value)`;
}

/** Of durations in seconds: how many were at most each bound, how many there are, and their sum. */
export interface Durations {
  readonly counts: readonly number[];
  readonly count: number;
  readonly sum: number;
}

/** From the commit of a signal to the write of its first entry. */
export function signalToSent(db: Database, bounds: readonly number[]): Promise<Durations> {
  return durations(
    db,
    bounds,
    Prisma.sql`
    SELECT extract(epoch FROM i.written_at - s.received_at) AS v
      FROM order_incarnations i JOIN orders o ON o.id = i.order_row_id
      JOIN trades t ON t.id = o.trade_id JOIN signals s ON s.id = t.signal_row_id
     WHERE i.n = 1 AND i.written_at IS NOT NULL AND o.role = 'ENTRY' AND o.sequence = 1`,
  );
}

/** From the first write of an order to the broker's first word of it. */
export function sentToAcknowledged(db: Database, bounds: readonly number[]): Promise<Durations> {
  return durations(
    db,
    bounds,
    Prisma.sql`
    SELECT extract(epoch FROM o.acknowledged_at - i.written_at) AS v
      FROM order_incarnations i JOIN orders o ON o.id = i.order_row_id
     WHERE i.n = 1 AND i.written_at IS NOT NULL AND o.acknowledged_at IS NOT NULL`,
  );
}

/** From the first fill of an entry that went alone to the broker's first word of a stop (domain/trade/stop-delay.ts). */
export function filledToStop(db: Database, bounds: readonly number[]): Promise<Durations> {
  return durations(
    db,
    bounds,
    Prisma.sql`
    SELECT extract(epoch FROM min(o.acknowledged_at) - f.filled_at) AS v
      FROM orders o JOIN (
        SELECT x.trade_id, min(CASE WHEN x.executed_at <= to_timestamp(0) THEN x.received_at
                                    ELSE least(x.executed_at, x.received_at) END) AS filled_at
          FROM executions x JOIN orders e ON e.id = x.order_row_id AND e.role = 'ENTRY'
         GROUP BY x.trade_id) AS f ON f.trade_id = o.trade_id
      JOIN trades t ON t.id = o.trade_id JOIN decisions d ON d.id = t.decision_id
     WHERE o.role = 'STOP' AND o.acknowledged_at IS NOT NULL
       AND d.plan->'entry'->'goesAlone' = 'true'::jsonb
     GROUP BY o.trade_id, f.filled_at`,
  );
}

/** Two clocks may differ by moments: what ends before it began has taken no time. */
async function durations(
  db: Database,
  bounds: readonly number[],
  values: Prisma.Sql,
): Promise<Durations> {
  const upTo = bounds.map(
    (bound) => Prisma.sql`count(*) FILTER (WHERE v <= ${bound}::float8)::int`,
  );
  const [row] = await db.$queryRaw<[Durations]>`
    SELECT ARRAY[${Prisma.join(upTo)}] AS counts, count(*)::int AS count,
           coalesce(sum(greatest(v, 0)), 0)::float8 AS sum FROM (${values}) AS taken`;
  return row;
}
