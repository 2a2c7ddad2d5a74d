/** The link of a connection, as its worker publishes it and as everybody else reads it. */
import type { Parked } from '../domain/broker/parking.js';
import type { EpochMs } from '../domain/vocabulary.js';
import type { Lease } from './connections.js';
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

/** A link as others see it. */
export interface LinkView {
  /** Leased, connected and in sync. */
  readonly isReady: boolean;
  /** Since when it isn't; null while it is. */
  readonly downSinceMs: EpochMs | null;
  /** Why it isn't ready, for people. */
  readonly reason: string;
  readonly parked: Parked | null;
}

interface LinkRow {
  readonly ready: boolean;
  readonly leased: boolean;
  readonly down_since: Date | null;
  readonly reason: string | null;
  readonly parked_reason: string | null;
  readonly parked_until: Date | null;
}

/**
 * The link now, judged by the database's clock: a worker that has not renewed its lease is gone, whatever
 * it said last, and the link is down since then.
 */
export async function readLink(
  db: Pick<Database, '$queryRaw'>,
  connectionId: string,
): Promise<LinkView> {
  const rows = await db.$queryRaw<LinkRow[]>`
    SELECT ready AND COALESCE(lease_until > now(), false) AS ready,
           COALESCE(lease_until > now(), false) AS leased, health->>'reason' AS reason,
           CASE WHEN ready AND lease_until <= now() THEN lease_until ELSE down_since END AS down_since,
           parked_reason, parked_until
      FROM connections WHERE id = ${connectionId}::uuid`;
  const row = rows[0];
  if (!row) throw new Error(`there is no connection ${connectionId}`);
  return {
    isReady: row.ready,
    downSinceMs: row.down_since?.getTime() ?? null,
    reason: row.leased ? (row.reason ?? 'not connected yet') : 'no broker worker is running',
    parked:
      row.parked_reason === null
        ? null
        : { reason: row.parked_reason, untilMs: row.parked_until?.getTime() ?? null },
  };
}

function instant(atMs: EpochMs | null): Date | null {
  return atMs === null ? null : new Date(atMs);
}
