/** Workers that wait for a connection's lease, so that people see whether somebody would take over. */
import type { Database } from './database.js';

export interface StandBy {
  readonly holder: string;
  readonly sinceMs: number;
}

/** Says that a worker waits for the connection, and will for `aliveMs`; forgets those long gone. */
export async function noteStandBy(
  db: Database,
  connectionId: string,
  holder: string,
  aliveMs: number,
): Promise<void> {
  await db.$executeRaw`
    WITH gone AS (
      DELETE FROM connection_stand_bys
       WHERE connection_id = ${connectionId}::uuid AND alive_until < now() - interval '1 hour')
    INSERT INTO connection_stand_bys (connection_id, holder, alive_until)
    VALUES (${connectionId}::uuid, ${holder}, now() + ${aliveMs} * interval '1 millisecond')
    ON CONFLICT (connection_id, holder) DO UPDATE SET alive_until = excluded.alive_until`;
}

/** Those that wait now, the oldest first. Whoever holds the lease waits no longer. */
export async function standBysOf(db: Database, connectionId: string): Promise<StandBy[]> {
  const rows = await db.$queryRaw<{ holder: string; since: Date }[]>`
    SELECT s.holder, s.since FROM connection_stand_bys s JOIN connections c ON c.id = s.connection_id
     WHERE c.id = ${connectionId}::uuid AND s.alive_until > now()
       AND s.holder IS DISTINCT FROM c.lease_holder
     ORDER BY s.since`;
  return rows.map(({ holder, since }) => ({ holder, sinceMs: since.getTime() }));
}
