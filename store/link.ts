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

const downKey = (connectionId: string, since: string) => `link-down:${connectionId}:${since}`;

/**
 * Tells a person, once for each outage, that the link has been down for longer than that (BRK-1). While nothing is held
 * the broker's own pauses (its night, its weekly login) are nobody's news.
 */
export async function alertBlind(
  db: Database,
  connectionId: string,
  longerThanMs: number,
): Promise<void> {
  const [blind] = await db.$queryRaw<Blind[]>`
    SELECT a.user_id::text AS "userId", c.down_since AS "downSince", count(t.id)::int AS held
      FROM connections c JOIN accounts a ON a.connection_id = c.id
      LEFT JOIN trades t ON t.account_id = a.id AND t.held_quantity <> 0
     WHERE c.id = ${connectionId}::uuid
       AND c.down_since < now() - ${longerThanMs} * interval '1 millisecond'
     GROUP BY a.user_id, c.down_since, c.parked_reason
    HAVING count(t.id) > 0 OR c.parked_reason IS NULL LIMIT 1`;
  if (!blind) return;
  const since = blind.downSince.toISOString();
  const isHeld = blind.held > 0;
  await alert(db, {
    ...{ userId: blind.userId, tradeId: null, kind: 'link_down' },
    dedupeKey: downKey(connectionId, since),
    summary: isHeld
      ? `the link to the broker has been down since ${since} with ${blind.held} trades open: their stops are at the ` +
        'broker and nothing is closed; look at the gateway, "ballast doctor" says more'
      : `the link to the broker has been down since ${since}; nothing is held, and entries wait or are denied: look at ` +
        'the gateway, "ballast doctor" says more',
    detail: { connection_id: connectionId, since, held: blind.held },
  });
}

/** Tells that a link is back which was told as down. To be called before it is published as ready. */
export async function alertBack(db: Database, connectionId: string): Promise<void> {
  const connection = await db.connection.findUnique({ where: { id: connectionId } });
  const since = connection?.downSince?.toISOString();
  if (since === undefined) return;
  const dedupeKey = downKey(connectionId, since);
  const told = await db.notification.findUnique({ where: { dedupeKey } });
  if (told === null) return;
  await alert(db, {
    ...{ userId: told.userId, tradeId: null, kind: 'link_up' },
    dedupeKey: `link-up:${connectionId}:${since}`,
    summary: `the link to the broker is back; it was down since ${since}`,
    detail: { connection_id: connectionId, since },
  });
}

function instant(atMs: EpochMs | null): Date | null {
  return atMs === null ? null : new Date(atMs);
}
