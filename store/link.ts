/** The link of a connection, as its worker publishes it for everybody else. */
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

function instant(atMs: EpochMs | null): Date | null {
  return atMs === null ? null : new Date(atMs);
}
