/** What people must hear of: rows of the outbox, each once by its key. */
import { randomUUID } from 'node:crypto';
import { entryOf, type Book } from '../domain/trade/book.js';
import { placing } from '../domain/trade/incarnation.js';
import type { BookKeys } from './book/keys.js';
import { toJson, type Database, type Transaction } from './database.js';

export interface Alert {
  readonly userId: string;
  readonly tradeId: string | null;
  /** A second alert of the same key is the same alert. */
  readonly dedupeKey: string;
  readonly kind: string;
  /** One sentence, for people. */
  readonly summary: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Puts it into the outbox; false when it was there already. */
export async function alert(
  db: Database | Transaction,
  { userId, tradeId, dedupeKey, kind, summary, detail }: Alert,
): Promise<boolean> {
  const body = JSON.stringify(toJson({ summary, ...detail }));
  const made = await db.$executeRaw`
    INSERT INTO notifications (id, user_id, trade_id, dedupe_key, kind, body)
    VALUES (${randomUUID()}::uuid, ${userId}::uuid, ${tradeId}::uuid, ${dedupeKey}, ${kind},
            ${body}::jsonb)
    ON CONFLICT (dedupe_key) DO NOTHING`;
  return made === 1;
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

/** Puts an alert about a trade into the outbox of the trade's user. */
export async function alertTrade(
  db: Database,
  tradeId: string,
  about: Omit<Alert, 'userId' | 'tradeId'>,
): Promise<void> {
  const { userId } = await db.trade.findUniqueOrThrow({
    where: { id: tradeId },
    select: { userId: true },
  });
  await alert(db, { ...about, userId, tradeId });
}
