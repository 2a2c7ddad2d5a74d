/** The outbox and its channels, as they are read. */
import type { ChannelView, DeliveryView, NotificationView } from '../../contract/views.js';
import { Prisma, type Database } from '../database.js';
import { pageFrom, pageOf } from './trades.js';

export interface NotificationFilter {
  readonly limit: number;
  /** Only what has not arrived on some channel, or not for everybody. */
  readonly undelivered: boolean;
  /** The message that the page before ended with. */
  readonly after?: string | undefined;
}

const WITH_DELIVERIES = { deliveries: { orderBy: { channel: 'asc' } } } as const;
type Row = Prisma.NotificationGetPayload<{ include: typeof WITH_DELIVERIES }>;

const NOT_ARRIVED = { OR: [{ NOT: { state: 'sent' } }, { NOT: { lastError: null } }] };

/** The newest, newest first. */
export async function listNotifications(
  db: Database,
  userId: string,
  { limit, undelivered, after }: NotificationFilter,
): Promise<NotificationView[]> {
  const open = { OR: [{ routedAt: null }, { deliveries: { some: NOT_ARRIVED } }] };
  const rows = await db.notification.findMany({
    where: { userId, ...(undelivered && open) },
    orderBy: { serial: 'desc' },
    ...pageFrom({ after, limit }),
    include: WITH_DELIVERIES,
  });
  return pageOf(rows, { after, limit }).map(viewOf);
}

/** One of them; null when the user has none of that id. */
export async function loadNotification(
  db: Database,
  userId: string,
  id: string,
): Promise<NotificationView | null> {
  const row = await db.notification.findFirst({ where: { id, userId }, include: WITH_DELIVERIES });
  return row && viewOf(row);
}

function viewOf({
  id,
  kind,
  tradeId,
  body,
  createdAt,
  routedAt,
  deliveries,
}: Row): NotificationView {
  const { summary = kind, ...detail } = body as { summary?: string };
  return {
    ...{ id, kind, summary, trade_id: tradeId, detail: detail },
    created_at: createdAt.toISOString(),
    routed_at: routedAt?.toISOString() ?? null,
    deliveries: deliveries.map((row) => ({
      ...{ channel: row.channel, state: row.state as DeliveryView['state'] },
      ...{ attempts: row.attempts, last_error: row.lastError },
      next_at: row.state === 'pending' ? row.nextAt.toISOString() : null,
      done_at: row.doneAt?.toISOString() ?? null,
    })),
  };
}

/** Every channel that was ever used, and how it does; ages by the database's clock. */
export async function listChannels(db: Database): Promise<ChannelView[]> {
  const rows = await db.$queryRaw<(ChannelView & { last_sent_at: Date | null })[]>`
    SELECT c.name, c.failures, c.last_error, c.last_sent_at,
           ${ms(Prisma.sql`c.seen_at`)} AS silent_ms,
           coalesce(p.pending, 0)::int AS pending, ${ms(Prisma.sql`p.oldest`)} AS oldest_ms,
           (SELECT count(*)::int FROM notification_deliveries g
             WHERE g.channel = c.name AND g.state = 'given_up'
               AND g.done_at > now() - interval '7 days') AS given_up
      FROM notification_channels c LEFT JOIN LATERAL (
           SELECT count(*) AS pending, min(n.created_at) AS oldest
             FROM notification_deliveries d JOIN notifications n ON n.id = d.notification_id
            WHERE d.channel = c.name AND d.state = 'pending') p ON true
     ORDER BY c.name`;
  return rows.map((row) => ({ ...row, last_sent_at: row.last_sent_at?.toISOString() ?? null }));
}

function ms(instant: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(extract(epoch FROM now() - ${instant}) * 1000)::float8`;
}
