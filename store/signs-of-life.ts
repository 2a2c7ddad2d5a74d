/** When those that work on the database last said so, for whoever watches over them. */
import type { Ages } from '../domain/silence.js';
import type { Database } from './database.js';

export interface WatchedWork {
  /** The connection whose broker worker is meant, whoever holds it. */
  readonly host: string;
  readonly port: number;
  readonly clientId: number;
  /** The channels that a notifier is to be at. */
  readonly channels: readonly string[];
}

/**
 * How long ago each signed, by the database's clock: a broker worker renews its lease, a notifier that of each channel.
 * Null for one that never did; of several channels the longest ago counts.
 */
export async function signsOfLife(db: Database, work: WatchedWork): Promise<Ages> {
  const { host, port, clientId, channels } = work;
  const [row] = await db.$queryRaw<{ worker: number | null; notifier: number | null }[]>`
    SELECT (SELECT extract(epoch FROM now() - updated_at) * 1000 FROM connections
             WHERE host = ${host} AND port = ${port} AND client_id = ${clientId})::float8 AS worker,
           (SELECT CASE WHEN count(*) = ${channels.length}
                        THEN extract(epoch FROM now() - min(seen_at)) * 1000 END
              FROM notification_channels WHERE name = ANY(${[...channels]}))::float8 AS notifier`;
  return { 'broker worker': row?.worker ?? null, notifier: row?.notifier ?? null };
}
