/** Events of all trades in the order of their ids, and how far that order is settled. */
import type { EventView } from '../../contract/views.js';
import { Prisma, type Database } from '../database.js';
import { instant, snakeJson } from './shape.js';

export interface EventRange {
  readonly after: bigint;
  /** The last that may be read. */
  readonly upTo: bigint;
  /** Null: of all trades. */
  readonly tradeId: string | null;
  readonly limit: number;
}

/** The user's events in a range of ids, oldest first. */
export async function listEvents(
  db: Database,
  userId: string,
  { after, upTo, tradeId, limit }: EventRange,
): Promise<EventView[]> {
  const rows = await db.tradeEvent.findMany({
    where: { userId, id: { gt: after, lte: upTo }, ...(tradeId !== null && { tradeId }) },
    orderBy: { id: 'asc' },
    take: limit,
  });
  return rows.map((row) => ({
    id: String(row.id),
    trade_id: row.tradeId,
    at: instant(row.at),
    ...{ kind: row.kind, summary: row.summary, detail: snakeJson(row.detail) },
  }));
}

/** How the database stands at an instant. */
export interface EventMark {
  /** The highest id that can be seen. */
  readonly newest: bigint;
  /** Every transaction below it is over. */
  readonly oldestRunning: bigint;
  /** The next transaction's. */
  readonly nextTransaction: bigint;
}

/** Looks once, with one snapshot for all of it (PostgreSQL: pg_current_snapshot). */
export async function eventMark(db: Database): Promise<EventMark> {
  const [row] = await db.$queryRaw<{ newest: string; oldest: string; next: string }[]>(Prisma.sql`
    SELECT (SELECT coalesce(max(id), 0) FROM trade_events)::text AS newest,
           pg_snapshot_xmin(pg_current_snapshot())::text AS oldest,
           pg_snapshot_xmax(pg_current_snapshot())::text AS next`);
  return {
    newest: BigInt(row!.newest),
    oldestRunning: BigInt(row!.oldest),
    nextTransaction: BigInt(row!.next),
  };
}
