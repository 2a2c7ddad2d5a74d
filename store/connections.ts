/**
 * Broker connections: the lease that says who may use one, its generation and its order-id sequence.
 *
 * The lease's clock is the database's alone, so that machines with wrong clocks agree. A lease is not a
 * fence: every send checks the epoch, and the last fence is the broker's (one fixed client id).
 */
import { randomUUID } from 'node:crypto';
import type { Database } from './database.js';

export interface ConnectionKey {
  readonly userId: string;
  readonly host: string;
  readonly port: number;
  readonly clientId: number;
}

export interface Lease {
  readonly connectionId: string;
  readonly holder: string;
  readonly epoch: bigint;
}

/** Gives the id of the connection's row, making it on the first call. */
export async function ensureConnection(db: Database, key: ConnectionKey): Promise<string> {
  const { userId, host, port, clientId } = key;
  // A worker and its stand-by may start at once: one of them makes it, both get it.
  const rows = await db.$queryRaw<{ id: string }[]>`
    INSERT INTO connections (id, user_id, host, port, client_id)
    VALUES (${randomUUID()}::uuid, ${userId}::uuid, ${host}, ${port}, ${clientId})
    ON CONFLICT (host, port, client_id) DO UPDATE SET host = excluded.host RETURNING id`;
  return rows[0]!.id;
}

/** Takes the lease when it is free, expired, or already ours; null while another worker holds it. */
export async function acquireLease(
  db: Database,
  connectionId: string,
  holder: string,
  ttlMs: number,
): Promise<Lease | null> {
  // A link that was ready when its worker vanished is down since nobody renewed its lease.
  const rows = await db.$queryRaw<{ lease_epoch: bigint }[]>`
    UPDATE connections
       SET lease_holder = ${holder}, lease_epoch = lease_epoch + 1, ready = false,
           down_since = COALESCE(down_since, LEAST(lease_until, now())),
           lease_until = now() + ${ttlMs} * interval '1 millisecond', updated_at = now()
     WHERE id = ${connectionId}::uuid
       AND (lease_until IS NULL OR lease_until < now() OR lease_holder = ${holder})
    RETURNING lease_epoch`;
  const row = rows[0];
  return row ? { connectionId, holder, epoch: row.lease_epoch } : null;
}

/** Prolongs the lease; false when it was lost (another epoch holds it). */
export async function renewLease(db: Database, lease: Lease, ttlMs: number): Promise<boolean> {
  const renewed = await db.$executeRaw`
    UPDATE connections
       SET lease_until = now() + ${ttlMs} * interval '1 millisecond', updated_at = now()
     WHERE id = ${lease.connectionId}::uuid AND lease_epoch = ${lease.epoch}
       AND lease_holder = ${lease.holder}`;
  return renewed === 1;
}

/** Gives the lease up at once, so that a stand-by need not wait for its end. */
export async function releaseLease(db: Database, lease: Lease): Promise<void> {
  await db.$executeRaw`
    UPDATE connections
       SET lease_until = now(), ready = false, down_since = COALESCE(down_since, now()),
           updated_at = now()
     WHERE id = ${lease.connectionId}::uuid AND lease_epoch = ${lease.epoch}`;
}

/** The lease changed hands: whoever sees this must stop sending. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** The last generation of the connection that any process recorded; the next one is higher. */
export async function lastGeneration(db: Database, connectionId: string): Promise<number> {
  const row = await db.connection.findUniqueOrThrow({
    where: { id: connectionId },
    select: { generation: true },
  });
  return Number(row.generation);
}

/** What the guards of the connection have counted so far, as the worker before this one published it last. */
export interface GuardTotals {
  readonly breaches: number;
  readonly unprotectedShareSeconds: number;
  readonly excessShareSeconds: number;
}

/** Nothing where none has published, or one of an earlier version. */
export async function guardTotals(db: Database, connectionId: string): Promise<GuardTotals> {
  const [row] = await db.$queryRaw<[GuardTotals] | []>`
    SELECT coalesce((t->>'breaches')::float8, 0) AS breaches,
           coalesce((t->>'unprotectedShareSeconds')::float8, 0) AS "unprotectedShareSeconds",
           coalesce((t->>'excessShareSeconds')::float8, 0) AS "excessShareSeconds"
      FROM (SELECT health->'guardTotals' AS t FROM connections WHERE id = ${connectionId}::uuid) AS c`;
  return row ?? { breaches: 0, unprotectedShareSeconds: 0, excessShareSeconds: 0 };
}

/**
 * Records the generation that the connection is in, before it is declared READY: claims carry it, and
 * those of an older one are refused.
 * @throws LeaseLostError when the epoch is no longer ours, or a later generation is recorded.
 */
export async function recordGeneration(
  db: Pick<Database, '$executeRaw'>,
  lease: Lease,
  generation: number,
): Promise<void> {
  const recorded = await db.$executeRaw`
    UPDATE connections SET generation = ${generation}, updated_at = now()
     WHERE id = ${lease.connectionId}::uuid AND lease_epoch = ${lease.epoch}
       AND generation <= ${generation}`;
  if (recorded !== 1) throw new LeaseLostError(LEASE_LOST);
}

export const LEASE_LOST =
  'the connection is leased to another worker, or was renewed: nothing may be sent';
