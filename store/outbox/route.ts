/** From the outbox to deliveries: one for each channel, in the order of the outbox. */
import { ALWAYS_SENT, type ChannelName } from '../../contract/notifications.js';
import { around } from '../../failpoints/failpoint.js';
import type { Database } from '../database.js';

export interface Routing {
  readonly channels: readonly ChannelName[];
  /** Kinds that are not sent. */
  readonly off: readonly string[];
  /** Older ones are given up. */
  readonly maxAgeMs: number;
}

/** At a time: a start after long silence finds all that was written meanwhile. */
const PAGE = 500;

/**
 * Makes the deliveries of what was written since the last call; what is older than `maxAgeMs` begins as given up.
 * @returns whether more may be there
 */
export async function routeNotifications(
  db: Database,
  { channels, off, maxAgeMs }: Routing,
): Promise<boolean> {
  const left = off.filter((kind) => !(ALWAYS_SENT as readonly string[]).includes(kind));
  const routed = await around(
    'notify.route',
    {},
    () => db.$executeRaw`
    WITH fresh AS (
      SELECT id, serial, trade_id, kind,
             created_at < now() - ${maxAgeMs} * interval '1 millisecond' AS is_old
        FROM notifications WHERE routed_at IS NULL ORDER BY serial LIMIT ${PAGE} FOR UPDATE
    ), made AS (
      INSERT INTO notification_deliveries
             (id, notification_id, channel, serial, trade_id, state, last_error, done_at)
      SELECT gen_random_uuid(), f.id, c, f.serial, f.trade_id,
             CASE WHEN is_old THEN 'given_up' ELSE 'pending' END,
             CASE WHEN is_old THEN 'it was too old when a notifier first saw it' END,
             CASE WHEN is_old THEN now() END
        FROM fresh f CROSS JOIN unnest(${[...channels]}::text[]) AS c
       WHERE NOT f.kind = ANY(${left}::text[])
      ON CONFLICT (notification_id, channel) DO NOTHING)
    UPDATE notifications SET routed_at = now() WHERE id IN (SELECT id FROM fresh)`,
  );
  return routed === PAGE;
}

/** Gives up what nobody took for so long, on whatever channel. @returns how many */
export function giveUpOld(db: Database, maxAgeMs: number): Promise<number> {
  return around(
    'notify.old',
    {},
    () => db.$executeRaw`
    UPDATE notification_deliveries d
       SET state = 'given_up', done_at = now(),
           last_error = 'too old: ' || coalesce(d.last_error, 'it was never tried')
      FROM notifications n
     WHERE n.id = d.notification_id AND d.state = 'pending'
       AND n.created_at < now() - ${maxAgeMs} * interval '1 millisecond'`,
  );
}
