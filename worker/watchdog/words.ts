/** What people are told of a silence: what it means for their money, and what to do. */
import { randomUUID } from 'node:crypto';
import type { News, Watched } from '../../domain/silence.js';
import type { EpochMs } from '../../domain/vocabulary.js';
import type { NotificationKind } from '../../contract/notifications.js';
import type { Message } from '../../notify/message.js';

const MEANING: Readonly<Record<Watched, string>> = {
  database:
    'nothing new is sent, for nothing can be recorded; stops and targets stay at the broker. Look at PostgreSQL and its disk',
  'broker worker':
    'nobody looks after open trades, and no entry is sent; stops and targets stay at the broker. Start it, or see its log',
  notifier: 'messages wait in the database, and are sent once it runs. Start it, or see its log',
};

/** A message of the watchdog's own: it does not come out of the database, which may be what is silent. */
export function messageOf(
  { who, kind, sinceMs }: News,
  atMs: EpochMs,
): Message & { kind: NotificationKind } {
  const since = new Date(sinceMs).toISOString();
  const forS = Math.round((atMs - sinceMs) / 1_000);
  const summary =
    kind === 'silent'
      ? `the ${who} has given no sign of life for ${forS} s: ${MEANING[who]}; "ballast doctor" says more`
      : `the ${who} is heard again; it was silent for ${forS} s`;
  return {
    ...{ id: randomUUID(), kind, summary, tradeId: null, isPerhapsRepeat: false },
    ...{ detail: { who, since, silent_s: String(forS) }, at: new Date(atMs).toISOString() },
  };
}
