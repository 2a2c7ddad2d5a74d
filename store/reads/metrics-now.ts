/** What metrics say of the installation as it stands: all users together, no name of anybody or anything in it. */
import { Prisma, type Database } from '../database.js';

/** One value of a metric, under the name that it is exposed by. */
export interface MetricRow {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** All of it in one statement, by the database's clock; only rows of what lives are read. */
export function metricsNow(db: Database): Promise<MetricRow[]> {
  const parts = [LINKS, PROTECTION, UNTOLD, SWITCHES, RECONCILIATION, OUTBOX];
  return db.$queryRaw<MetricRow[]>`
    SELECT m.name, m.labels, m.value::float8 AS value
      FROM (${Prisma.join(parts, ' UNION ALL ')}) AS m (name, labels, value)`;
}

const NO_LABELS = Prisma.sql`'{}'::jsonb`;
const SECONDS_SINCE = (since: Prisma.Sql) =>
  Prisma.sql`greatest(coalesce(extract(epoch FROM now() - ${since}), 0), 0)`;

/** As `linkStates` judges them: a link that nobody holds is down since its lease ran out. */
const LINKS = Prisma.sql`(
  WITH link AS (
    SELECT c.ready AND coalesce(c.lease_until > now(), false) AS up, c.last_message_at AS heard,
           CASE WHEN c.ready THEN c.lease_until ELSE c.down_since END AS down, c.clock_skew_ms AS skew
      FROM connections c
     WHERE EXISTS (SELECT FROM accounts a WHERE a.connection_id = c.id)
        OR NOT EXISTS (SELECT FROM accounts))
  SELECT 'ballast_links', jsonb_build_object('state', s.state),
         (SELECT count(*) FROM link WHERE up = (s.state = 'ready'))
    FROM (VALUES ('ready'), ('down')) AS s (state)
  UNION ALL
  SELECT 'ballast_link_down_seconds', ${NO_LABELS}, ${SECONDS_SINCE(Prisma.sql`min(down) FILTER (WHERE NOT up)`)} FROM link
  UNION ALL
  SELECT 'ballast_link_silent_seconds', ${NO_LABELS}, ${SECONDS_SINCE(Prisma.sql`min(heard) FILTER (WHERE up)`)} FROM link
  UNION ALL
  (SELECT 'ballast_clock_skew_seconds', ${NO_LABELS}, skew / 1000.0 FROM link
    WHERE skew IS NOT NULL ORDER BY abs(skew) DESC LIMIT 1)
  UNION ALL
  SELECT 'ballast_stand_bys', ${NO_LABELS}, count(*) FROM connection_stand_bys WHERE alive_until > now()
  UNION ALL
  SELECT g.name, ${NO_LABELS}, coalesce(sum((c.health -> 'guardTotals' ->> g.key)::float8), 0)
    FROM (VALUES ('ballast_breaches_total', 'breaches'),
                 ('ballast_unprotected_share_seconds_total', 'unprotectedShareSeconds'),
                 ('ballast_excess_share_seconds_total', 'excessShareSeconds')) AS g (name, key)
    LEFT JOIN connections c ON true GROUP BY g.name)`;

const PROTECTION = Prisma.sql`(
  WITH held AS (SELECT unarmed_since FROM trades WHERE closed_at IS NULL AND held_quantity <> 0)
  SELECT 'ballast_positions', jsonb_build_object('stop', s.stop),
         (SELECT count(*) FROM held WHERE (unarmed_since IS NULL) = (s.stop = 'armed'))
    FROM (VALUES ('armed'), ('missing')) AS s (stop)
  UNION ALL
  SELECT 'ballast_unarmed_seconds', ${NO_LABELS}, ${SECONDS_SINCE(Prisma.sql`min(unarmed_since)`)} FROM held)`;

const UNTOLD = Prisma.sql`(
  SELECT 'ballast_untold_trades', ${NO_LABELS}, count(*) FROM trades WHERE wake_seq > delivered_seq
  UNION ALL
  SELECT 'ballast_untold_seconds', ${NO_LABELS}, ${SECONDS_SINCE(Prisma.sql`min(updated_at)`)}
    FROM trades WHERE wake_seq > delivered_seq
  UNION ALL
  SELECT 'ballast_unstarted_signals', ${NO_LABELS}, count(*) FROM trades WHERE started_at IS NULL
  UNION ALL
  SELECT 'ballast_approvals_waiting', ${NO_LABELS}, count(*) FROM approvals WHERE verdict IS NULL)`;

/** Kinds of pauses are words of the code; should a row hold anything else, it makes no endless list of series. */
const PAUSE_KINDS_MAX = 30;

const SWITCHES = Prisma.sql`(
  WITH set_to AS (
    SELECT 'installation' AS level, mode FROM installation
    UNION ALL SELECT 'account', mode FROM accounts
    UNION ALL SELECT 'strategy', mode FROM strategies),
  paused AS (
    SELECT kind, count(*) AS n, row_number() OVER (ORDER BY kind) AS place FROM pauses
     WHERE lifted_at IS NULL AND starts_at <= now() AND coalesce(ends_at > now(), true) GROUP BY kind)
  SELECT 'ballast_mode', jsonb_build_object('level', l.level, 'mode', m.mode),
         (SELECT count(*) FROM set_to s WHERE s.level = l.level AND s.mode = m.mode)
    FROM (VALUES ('installation'), ('account'), ('strategy')) AS l (level)
    CROSS JOIN (VALUES ('ACTIVE'), ('REDUCING'), ('HALTED')) AS m (mode)
  UNION ALL
  SELECT 'ballast_pauses',
         jsonb_build_object('kind', CASE WHEN place <= ${PAUSE_KINDS_MAX} THEN kind ELSE 'other' END), sum(n)
    FROM paused GROUP BY 2)`;

/** Of the newest run that has ended of each account; one that was never compared waits since it is known. */
const RECONCILIATION = Prisma.sql`(
  WITH newest AS (
    SELECT a.created_at, r.id, r.outcome, c.finished_at AS compared_at FROM accounts a
      LEFT JOIN LATERAL (
        SELECT id, outcome FROM reconciliations WHERE account_id = a.id AND finished_at IS NOT NULL
         ORDER BY started_at DESC LIMIT 1) r ON true
      LEFT JOIN LATERAL (
        SELECT finished_at FROM reconciliations
         WHERE account_id = a.id AND finished_at IS NOT NULL AND outcome <> 'incomplete'
         ORDER BY started_at DESC LIMIT 1) c ON true)
  SELECT 'ballast_reconciliation_age_seconds', ${NO_LABELS},
         extract(epoch FROM now() - min(coalesce(compared_at, created_at)))
    FROM newest HAVING count(*) > 0
  UNION ALL
  SELECT 'ballast_reconciliation_accounts', jsonb_build_object('outcome', o.outcome),
         (SELECT count(*) FROM newest n WHERE coalesce(n.outcome, 'never') = o.outcome)
    FROM (VALUES ('clean'), ('found'), ('recovery'), ('incomplete'), ('never')) AS o (outcome)
  UNION ALL
  SELECT 'ballast_reconciliation_differences', jsonb_build_object('kind', f.kind), count(*)
    FROM newest n JOIN findings f ON f.reconciliation_id = n.id GROUP BY f.kind)`;

const OUTBOX = Prisma.sql`(
  SELECT 'ballast_outbox_pending', jsonb_build_object('channel', 'unrouted'), count(*)
    FROM notifications WHERE routed_at IS NULL
  UNION ALL
  SELECT 'ballast_outbox_pending', jsonb_build_object('channel', channel), count(*)
    FROM notification_deliveries WHERE state = 'pending' GROUP BY channel
  UNION ALL
  SELECT 'ballast_outbox_oldest_seconds', ${NO_LABELS}, ${SECONDS_SINCE(Prisma.sql`min(waiting.at)`)} FROM (
    SELECT created_at AS at FROM notifications WHERE routed_at IS NULL
    UNION ALL
    SELECT n.created_at FROM notification_deliveries d JOIN notifications n ON n.id = d.notification_id
     WHERE d.state = 'pending') AS waiting)`;
