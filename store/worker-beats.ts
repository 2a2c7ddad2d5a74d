/** Workers that say that they move. Temporal's own list of them is old by minutes. */
import type { Database } from './database.js';

/** Four beats, for a machine that is busy may hold up one or two. */
const DEAD_AFTER_MS = 8_000;
/** Rows of processes that were killed tell for so long that there were any. */
const KEPT_MS = 86_400_000;

/** This process moves; the clock is the database's. */
export async function beat(db: Database, id: string, queue: string): Promise<void> {
  await db.$executeRaw`
    INSERT INTO worker_beats (id, queue, beat_at) VALUES (${id}::uuid, ${queue}, clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET beat_at = excluded.beat_at`;
}

/** This process ends, in order: from now on it does not count. Those that are long gone are forgotten. */
export async function leaveBeats(db: Database, id: string): Promise<void> {
  await db.$executeRaw`
    UPDATE worker_beats SET beat_at = clock_timestamp() - ${DEAD_AFTER_MS} * interval '1 millisecond'
     WHERE id = ${id}::uuid`;
  await db.$executeRaw`
    DELETE FROM worker_beats
     WHERE beat_at < clock_timestamp() - ${KEPT_MS} * interval '1 millisecond'`;
}

/** How many of a queue have said so within some seconds; null: none has said anything for a day. */
export async function beatingWorkers(db: Database, queue: string): Promise<number | null> {
  const [row] = await db.$queryRaw<{ known: number; moving: number }[]>`
    SELECT count(*)::int AS known, count(*) FILTER (
             WHERE beat_at > clock_timestamp() - ${DEAD_AFTER_MS} * interval '1 millisecond'
           )::int AS moving
      FROM worker_beats WHERE queue = ${queue}`;
  return row === undefined || row.known === 0 ? null : row.moving;
}
