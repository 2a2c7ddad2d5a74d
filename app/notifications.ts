/** What people are told, for every surface: the outbox, its channels, and a message to try them. */
import { randomUUID } from 'node:crypto';
import { configuredChannels } from '../config/notifications.js';
import type { ChannelView, NotificationView } from '../contract/views.js';
import { alert } from '../store/alerts.js';
import * as reads from '../store/reads.js';
import type { NotificationFilter } from '../store/reads.js';
import type { App } from './app.js';

/** The newest messages, newest first, each with what became of it on each channel. */
export function listNotifications(
  { db, userId }: App,
  filter: NotificationFilter,
): Promise<NotificationView[]> {
  return reads.listNotifications(db, userId, filter);
}

/** One message; null when there is none of that id. */
export function loadNotification(
  { db, userId }: App,
  id: string,
): Promise<NotificationView | null> {
  return reads.loadNotification(db, userId, id);
}

/** Every channel that a notifier was ever at. */
export function listChannels({ db }: App): Promise<ChannelView[]> {
  return reads.listChannels(db);
}

/** There is no way to people: a message would be kept, and arrive nowhere. */
export class NoChannelError extends Error {
  override readonly name = 'NoChannelError';
  constructor() {
    const remedy = 'set one as docs/notifications.md says, and start "npm start" with it';
    super(`no channel is configured: ${remedy}`);
  }
}

/**
 * Puts a test message into the outbox, where everything else goes too.
 * @returns its id
 * @throws NoChannelError
 */
export async function tellTest({ config, db, userId, actor }: App): Promise<string> {
  if (configuredChannels(config).length === 0) throw new NoChannelError();
  const dedupeKey = `test:${randomUUID()}`;
  await alert(db, {
    ...{ userId, tradeId: null, kind: 'test', dedupeKey },
    summary: `this is a test, asked for by ${actor}: messages of Ballast arrive here`,
    detail: { actor },
  });
  const { id } = await db.notification.findUniqueOrThrow({ where: { dedupeKey } });
  return id;
}
