/**
 * Taking deliveries one by one: a channel belongs to one notifier at a time, by a lease; of one trade the oldest goes
 * first, and none overtakes it; an attempt is written down before it is made.
 */
import { randomUUID } from 'node:crypto';
import type { ChannelName } from '../../contract/notifications.js';
import { around } from '../../failpoints/failpoint.js';
import type { Database } from '../database.js';
import { transact } from '../transact.js';

export interface ChannelHold {
  readonly channel: ChannelName;
  /** Host, process id, start. */
  readonly holder: string;
  readonly ttlMs: number;
}

/**
 * Takes or keeps the channel's lease.
 * @returns how long the channel is to be left alone; null when another notifier has it
 */
export async function holdChannel(
  db: Database,
  { channel, holder, ttlMs }: ChannelHold,
): Promise<number | null> {
  const [held] = await around(
    'notify.hold',
    {},
    () => db.$queryRaw<{ blockedMs: number }[]>`
    INSERT INTO notification_channels AS c (name, holder, lease_until)
    VALUES (${channel}, ${holder}, now() + ${ttlMs} * interval '1 millisecond')
    ON CONFLICT (name) DO UPDATE
       SET holder = excluded.holder, lease_until = excluded.lease_until, seen_at = now()
     WHERE c.holder = excluded.holder OR c.lease_until IS NULL OR c.lease_until < now()
    RETURNING greatest(0, ceil(extract(epoch FROM coalesce(blocked_until, now()) - now()) * 1000))::int
              AS "blockedMs"`,
  );
  return held?.blockedMs ?? null;
}

/** Gives the lease up, so that another notifier need not wait for its end. */
export async function releaseChannel(
  db: Database,
  { channel, holder }: ChannelHold,
): Promise<void> {
  await around(
    'notify.release',
    {},
    () => db.$executeRaw`
    UPDATE notification_channels SET holder = NULL, lease_until = NULL
     WHERE name = ${channel} AND holder = ${holder}`,
  );
}

/** An attempt that is to be made now. */
export interface Delivery {
  readonly id: string;
  readonly notificationId: string;
  readonly tradeId: string | null;
  readonly kind: string;
  readonly body: { readonly summary?: string } & Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  /** This one included. */
  readonly attempts: number;
  /** An earlier attempt began, and nobody wrote down how it ended. */
  readonly isPerhapsRepeat: boolean;
}

/** Writes down that the next delivery of the channel is tried; null when none is due, or the lease is lost. */
export async function beginDelivery(db: Database, hold: ChannelHold): Promise<Delivery | null> {
  const { channel, holder, ttlMs } = hold;
  const [begun] = await around(
    'notify.begin',
    {},
    () => db.$queryRaw<Delivery[]>`
    WITH mine AS (
      UPDATE notification_channels
         SET lease_until = now() + ${ttlMs} * interval '1 millisecond', seen_at = now()
       WHERE name = ${channel} AND holder = ${holder} AND lease_until > now() RETURNING name
    ), next AS (
      SELECT d.id, d.sending_since IS NOT NULL AS was_begun
        FROM notification_deliveries d JOIN mine ON true
       WHERE d.channel = ${channel} AND d.state = 'pending' AND d.next_at <= now()
         AND NOT EXISTS (SELECT 1 FROM notification_deliveries e
              WHERE e.channel = d.channel AND e.state = 'pending'
                AND e.trade_id = d.trade_id AND e.serial < d.serial)
       ORDER BY d.serial LIMIT 1)
    UPDATE notification_deliveries d SET attempts = d.attempts + 1, sending_since = now()
      FROM next, notifications n
     WHERE d.id = next.id AND n.id = d.notification_id
    RETURNING d.id::text, n.id::text AS "notificationId", n.trade_id::text AS "tradeId", n.kind,
              n.body, n.created_at AS "createdAt", d.attempts, next.was_begun AS "isPerhapsRepeat"`,
  );
  return begun ?? null;
}

/**
 * It has arrived: whatever the channel failed with before is over. `leftOut` names those whom it did not reach; it stays
 * with the delivery, and with the channel until a message reaches everybody.
 */
export async function endSent(
  db: Database,
  channel: ChannelName,
  { id, tradeId }: Delivery,
  leftOut: string | null,
): Promise<void> {
  const context = tradeId === null ? {} : { tradeId };
  await transact(db, 'notify.sent.commit', context, async (tx) => {
    await tx.$executeRaw`
      WITH channel AS (
        UPDATE notification_channels SET failures = 0, blocked_until = NULL, last_error = ${leftOut}::text,
               last_sent_at = now(), seen_at = now() WHERE name = ${channel})
      UPDATE notification_deliveries SET state = 'sent', done_at = now(), last_error = ${leftOut}::text
       WHERE id = ${id}::uuid AND state = 'pending'`;
  });
}

export interface FailedAttempt {
  readonly error: string;
  readonly isFinal: boolean;
  readonly isUnknown: boolean;
  /** Until this message is tried again, and until any is on the channel. */
  readonly retryInMs: number;
  readonly channelRetryInMs: number;
}

/**
 * It has not arrived, as far as is known; a final failure gives it up, and says nothing against the channel. An attempt
 * that is known to have failed says nothing of an earlier one: what may have arrived then still may have.
 */
export async function endFailed(
  db: Database,
  channel: ChannelName,
  { id, isPerhapsRepeat }: Delivery,
  { error, isFinal, isUnknown, retryInMs, channelRetryInMs }: FailedAttempt,
): Promise<void> {
  await around(
    'notify.failed',
    {},
    () => db.$executeRaw`
    WITH channel AS (
      UPDATE notification_channels
         SET failures = failures + 1, last_error = ${error}, seen_at = now(),
             blocked_until = now() + ${channelRetryInMs} * interval '1 millisecond'
       WHERE name = ${channel} AND NOT ${isFinal})
    UPDATE notification_deliveries
       SET last_error = ${error}, next_at = now() + ${retryInMs} * interval '1 millisecond',
           sending_since = CASE WHEN ${isUnknown || isPerhapsRepeat} THEN sending_since END,
           state = CASE WHEN ${isFinal} THEN 'given_up' ELSE state END,
           done_at = CASE WHEN ${isFinal} THEN now() END
     WHERE id = ${id}::uuid AND state = 'pending'`,
  );
}

/** How often in a row the channel has failed. */
export async function failuresOf(db: Database, channel: ChannelName): Promise<number> {
  const row = await db.notificationChannel.findUnique({ where: { name: channel } });
  return row?.failures ?? 0;
}

interface Missed {
  readonly count: number;
  readonly userId: string;
  readonly first: Date;
  readonly last: Date;
}

/** Sums up what was given up on a channel, as one message on it. To be called while the channel works. */
export async function sumUpMissed(db: Database, channel: ChannelName): Promise<boolean> {
  if ((await missedOf(db, channel)) === null) return false;
  return transact(db, 'notify.missed.commit', {}, async (tx) => {
    const [missed] = await tx.$queryRaw<Missed[]>`
      WITH given_up AS (
        UPDATE notification_deliveries SET summed_up = true
         WHERE channel = ${channel} AND state = 'given_up' AND NOT summed_up
        RETURNING notification_id)
      SELECT count(*)::int AS count, min(n.user_id::text) AS "userId",
             min(n.created_at) AS first, max(n.created_at) AS last
        FROM given_up g JOIN notifications n ON n.id = g.notification_id
       WHERE n.kind <> 'missed' HAVING count(*) > 0`;
    if (missed === undefined) return false;
    const { count, userId, first, last } = missed;
    const [from, to] = [first.toISOString(), last.toISOString()];
    const id = randomUUID();
    const messages = count === 1 ? 'one message was' : `${count} messages were`;
    const summary = `${messages} given up and did not arrive here, of ${from} to ${to}: "ballast notifications --undelivered" lists them`;
    const body = JSON.stringify({ summary, count, from, to, channel });
    await tx.$executeRaw`
      WITH n AS (
        INSERT INTO notifications (id, user_id, dedupe_key, kind, body, routed_at)
        VALUES (${id}::uuid, ${userId}::uuid, ${`missed:${id}`}, 'missed', ${body}::jsonb, now())
        RETURNING id, serial)
      INSERT INTO notification_deliveries (id, notification_id, channel, serial)
      SELECT gen_random_uuid(), id, ${channel}, serial FROM n`;
    return true;
  });
}

async function missedOf(db: Database, channel: ChannelName): Promise<string | null> {
  const where = { channel, state: 'given_up', summedUp: false };
  return (await db.notificationDelivery.findFirst({ where, select: { id: true } }))?.id ?? null;
}
