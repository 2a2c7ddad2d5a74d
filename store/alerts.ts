/** What people must hear of: rows of the outbox, each once by its key. Everything that is told comes through here. */
import { randomUUID } from 'node:crypto';
import type { NotificationKind } from '../contract/notifications.js';
import { entryOf, type Book } from '../domain/trade/book.js';
import { placing } from '../domain/trade/incarnation.js';
import type { BookKeys } from './book/keys.js';
import { lockTrade } from './book/load.js';
import { Prisma, toJson, type Database, type Transaction } from './database.js';
import { plainTransact } from './transact.js';

export interface Alert {
  readonly userId: string;
  readonly tradeId: string | null;
  /** A second alert of the same key is the same alert. */
  readonly dedupeKey: string;
  readonly kind: NotificationKind;
  /** One sentence, for people. */
  readonly summary: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Puts it into the outbox; false when it was there already. */
export async function alert(db: Database | Transaction, told: Alert): Promise<boolean> {
  return (await db.$executeRaw(alertsSql([told]))) === 1;
}

/** The same as a part of another statement. */
export function alertsSql(told: readonly Alert[]): Prisma.Sql {
  const rows = told.map(({ userId, tradeId, dedupeKey, kind, summary, detail }) => ({
    ...{ user_id: userId, trade_id: tradeId, dedupe_key: dedupeKey, kind },
    ...{ id: randomUUID(), body: toJson({ summary, ...detail }) },
  }));
  return Prisma.sql`
    INSERT INTO notifications (id, user_id, trade_id, dedupe_key, kind, body)
    SELECT a.id, a.user_id, a.trade_id, a.dedupe_key, a.kind, a.body
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
           AS a(id uuid, user_id uuid, trade_id uuid, dedupe_key text, kind text, body jsonb)
    ON CONFLICT (dedupe_key) DO NOTHING`;
}

/** Columns and conditions, where what is told is only known to the statement itself. */
export interface AlertSource {
  readonly userId: Prisma.Sql;
  readonly tradeId?: Prisma.Sql;
  readonly dedupeKey: Prisma.Sql;
  readonly kind: NotificationKind;
  /** A text. */
  readonly summary: Prisma.Sql;
  /** A JSON object. */
  readonly detail?: Prisma.Sql;
  /** `FROM …` */
  readonly from: Prisma.Sql;
}

/** As `alertsSql`, for each row of a source. */
export function alertFrom(source: AlertSource): Prisma.Sql {
  const { userId, dedupeKey, kind, summary, from } = source;
  const { tradeId = Prisma.sql`NULL::uuid`, detail = Prisma.sql`'{}'::jsonb` } = source;
  return Prisma.sql`
    INSERT INTO notifications (id, user_id, trade_id, dedupe_key, kind, body)
    SELECT gen_random_uuid(), ${userId}, ${tradeId}, ${dedupeKey}, ${kind}::text,
           jsonb_build_object('summary', ${summary}) || ${detail}
      ${from}
    ON CONFLICT (dedupe_key) DO NOTHING`;
}

/** Asks a person about an entry of unknown fate, once for each of its writes; false when it was asked before. */
export async function alertUnknownEntry(
  tx: Transaction,
  book: Book,
  { userId }: BookKeys,
): Promise<boolean> {
  const entry = entryOf(book)!;
  const n = placing(entry)?.n ?? 0;
  return alert(tx, {
    ...{ userId, tradeId: book.id, kind: 'entry_unknown' },
    dedupeKey: `entry-unknown:${entry.legId}:${n}`,
    summary:
      `nobody can tell whether the broker has the entry of ${book.side} ${book.symbol}: look at the ` +
      `broker, then "ballast resolve order ${book.id} entry --absent", or --present PERMID`,
    detail: { client_order_id: entry.clientOrderId, write: n },
  });
}

/** A change of a trade takes milliseconds. */
const LOCK_WAIT_MAX_MS = 1_000;

/**
 * Puts an alert about a trade into the outbox of the trade's user, under the trade's lock: what a change that is under
 * way tells comes before it. It does not wait for one that hangs: then it is told without its place.
 */
export async function alertTrade(
  db: Database,
  tradeId: string,
  about: Omit<Alert, 'userId' | 'tradeId'>,
): Promise<void> {
  const { dedupeKey } = about;
  if ((await db.notification.findUnique({ where: { dedupeKey }, select: { id: true } })) !== null)
    return;
  const { userId } = await db.trade.findUniqueOrThrow({
    where: { id: tradeId },
    select: { userId: true },
  });
  const told = { ...about, userId, tradeId };
  const inItsPlace = plainTransact(db, async (tx) => {
    await tx.$executeRaw`SELECT set_config('lock_timeout', ${`${LOCK_WAIT_MAX_MS}ms`}, true)`;
    await lockTrade(tx, tradeId);
    await alert(tx, told);
  });
  await inItsPlace.catch(() => alert(db, told));
}
