/** The link of a connection, as its worker publishes it for everybody else. */
import type { Parked } from '../domain/broker/parking.js';
import type { EpochMs } from '../domain/vocabulary.js';
import type { Lease } from './connections.js';
import { alert } from './alerts.js';
import type { Database } from './database.js';

export interface LinkHealth {
  readonly ready: boolean;
  readonly lastMessageAtMs: EpochMs | null;
  readonly clockSkewMs: number | null;
  /** Why entries must not be sent now; null when they may. */
  readonly parked?: Parked | null;
  /** When the newest complete picture was begun. */
  readonly pictureAtMs?: EpochMs | null;
  /** In the worker's own words. */
  readonly detail: Record<string, unknown>;
}

/** Publishes the link's health for everyone else; only the lease's holder may. */
export async function publishHealth(db: Database, lease: Lease, health: LinkHealth): Promise<void> {
  const { ready, parked = null, clockSkewMs } = health;
  await db.$executeRaw`
    UPDATE connections
       SET ready = ${ready}, last_message_at = ${instant(health.lastMessageAtMs)},
           down_since = CASE WHEN ${ready} THEN NULL ELSE COALESCE(down_since, now()) END,
           parked_reason = ${parked?.reason ?? null},
           parked_until = ${instant(parked?.untilMs ?? null)},
           picture_at = COALESCE(${instant(health.pictureAtMs ?? null)}, picture_at),
           clock_skew_ms = ${clockSkewMs}, health = ${JSON.stringify(health.detail)}::jsonb, updated_at = now()
     WHERE id = ${lease.connectionId}::uuid AND lease_epoch = ${lease.epoch}`;
}

interface Blind {
  readonly userId: string;
  readonly downSince: Date;
  readonly held: number;
}

/** Tells a person, once for each outage, that shares have been held without a link for longer than that (BRK-1). */
export async function alertBlind(
  db: Database,
  connectionId: string,
  longerThanMs: number,
): Promise<void> {
  const [blind] = await db.$queryRaw<Blind[]>`
    SELECT a.user_id::text AS "userId", c.down_since AS "downSince", count(*)::int AS held
      FROM connections c JOIN accounts a ON a.connection_id = c.id
      JOIN trades t ON t.account_id = a.id AND t.held_quantity <> 0
     WHERE c.id = ${connectionId}::uuid
       AND c.down_since < now() - ${longerThanMs} * interval '1 millisecond'
     GROUP BY a.user_id, c.down_since LIMIT 1`;
  if (!blind) return;
  const since = blind.downSince.toISOString();
  await alert(db, {
    ...{ userId: blind.userId, tradeId: null, kind: 'link_down' },
    dedupeKey: `link-down:${connectionId}:${since}`,
    summary:
      `the link to the broker has been down since ${since} with ${blind.held} trades open: their stops are at the ` +
      'broker and nothing is closed; look at the gateway, "ballast doctor" says more',
    detail: { connection_id: connectionId, since, held: blind.held },
  });
}

function instant(atMs: EpochMs | null): Date | null {
  return atMs === null ? null : new Date(atMs);
}
