/** Which trades' workflows must still be told of a committed change. */
import type { TradeSnapshot } from '../contract/workflows.js';
import { around } from '../failpoints/failpoint.js';
import type { PairName } from '../failpoints/table.js';
import { Prisma, type Database } from './database.js';

/** The newest snapshot when the workflow has not seen all that matters to it; else null. */
export async function snapshotToDeliver(
  db: Database,
  tradeId: string,
): Promise<TradeSnapshot | null> {
  const row = await db.trade.findUnique({
    where: { id: tradeId },
    select: { snapshot: true, wakeSeq: true, deliveredSeq: true },
  });
  if (!row || row.wakeSeq <= row.deliveredSeq) return null;
  return row.snapshot as unknown as TradeSnapshot;
}

/** The workflow has, or is about to be given, everything up to `seq`; `how` names the failpoints. */
export async function markDelivered(
  db: Database,
  tradeId: string,
  seq: number,
  how: Extract<PairName, 'delivery.mark' | 'outcome.mark'>,
): Promise<void> {
  await around(how, { tradeId }, async () =>
    db.trade.updateMany({
      where: { id: tradeId, deliveredSeq: { lt: seq } },
      data: { deliveredSeq: seq },
    }),
  );
}

/** The newest snapshot, delivered or not; null before the first, or when there is no such trade. */
export async function newestSnapshot(db: Database, tradeId: string): Promise<TradeSnapshot | null> {
  const row = await db.trade.findUnique({ where: { id: tradeId }, select: { snapshot: true } });
  return (row?.snapshot ?? null) as TradeSnapshot | null;
}

/**
 * Trades that somebody must be watching (TRD-15): not over, or over and not settled, and whose workflow
 * was started longer than `ageMs` ago.
 */
export async function tradesToWatch(
  db: Database,
  accountIds: readonly string[],
  ageMs: number,
): Promise<string[]> {
  if (accountIds.length === 0) return [];
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM (SELECT * FROM trades WHERE closed_at IS NULL
                    UNION ALL SELECT * FROM trades WHERE ${UNSETTLED}) AS t
     WHERE account_id = ANY(${[...accountIds]}::uuid[])
       AND started_at < now() - ${ageMs} * interval '1 millisecond'
     ORDER BY updated_at`;
  return rows.map((row) => row.id);
}

/** A trade whose workflow counts as told of everything up to `wakeSeq`. */
export interface QuietTrade {
  readonly tradeId: string;
  readonly wakeSeq: number;
  /** Of its last change, whether the workflow must know of it or not. */
  readonly seq: number;
}

/**
 * Which of these trades count as told, and have not changed for `quietMs`: those that are over first, for
 * nothing more will happen to them. Ids that are none are left out.
 */
export async function quietTrades(
  db: Database,
  accountIds: readonly string[],
  tradeIds: readonly string[],
  quietMs: number,
): Promise<QuietTrade[]> {
  const ids = tradeIds.filter((id) => UUID.test(id));
  if (accountIds.length === 0 || ids.length === 0) return [];
  const rows = await db.$queryRaw<{ id: string; wake_seq: bigint; seq: bigint }[]>`
    SELECT id, wake_seq, seq FROM trades
     WHERE id = ANY(${ids}::uuid[]) AND account_id = ANY(${[...accountIds]}::uuid[])
       AND wake_seq <= delivered_seq AND updated_at < now() - ${quietMs} * interval '1 millisecond'
     ORDER BY closed_at IS NULL, updated_at`;
  return rows.map((row) => ({
    ...{ tradeId: row.id, wakeSeq: Number(row.wake_seq), seq: Number(row.seq) },
  }));
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether the trade must be watched now. */
export async function mustBeWatched(db: Database, tradeId: string): Promise<boolean> {
  const rows = await db.$queryRaw<object[]>`
    SELECT 1 FROM trades WHERE id = ${tradeId}::uuid AND (closed_at IS NULL OR (${UNSETTLED}))`;
  return rows.length > 0;
}

/** As in the partial index `trades_unsettled_idx`. */
const UNSETTLED = Prisma.sql`closed_at IS NOT NULL AND settled_at IS NULL AND filled_quantity > 0`;

/** For people: the trade's story was taken up by a sweep, and why. */
export async function noteTakenUp(db: Database, tradeId: string, why: string): Promise<void> {
  await db.$executeRaw`
    INSERT INTO trade_events (user_id, trade_id, kind, summary)
    SELECT user_id, id, 'taken_up', ${why} FROM trades WHERE id = ${tradeId}::uuid`;
}

/**
 * Numbers a trade's changes on from above `seen`, which its workflow has seen and these books never gave: they
 * were restored from a backup, and the workflow would take all that is new for old. It is then told anew.
 */
export async function overtakeStory(db: Database, tradeId: string, seen: number): Promise<void> {
  const why = `the books are older than its story, which has seen change ${seen}: they were restored, and it is told anew`;
  await db.$executeRaw`
    WITH overtaken AS (
      UPDATE trades SET seq = ${seen + 1}, wake_seq = ${seen + 1}, delivered_seq = least(delivered_seq, ${seen}),
             snapshot = jsonb_set(snapshot, '{seq}', to_jsonb(${seen + 1}::int))
       WHERE id = ${tradeId}::uuid AND seq < ${seen} AND snapshot IS NOT NULL
      RETURNING user_id, id)
    INSERT INTO trade_events (user_id, trade_id, kind, summary)
    SELECT user_id, id, 'taken_up', ${why} FROM overtaken`;
}

/** Trades with an undelivered change, oldest change first; bounded by `limit`. */
export async function undeliveredTrades(
  db: Database,
  accountIds: readonly string[],
  limit: number,
): Promise<string[]> {
  if (accountIds.length === 0) return [];
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM trades
     WHERE wake_seq > delivered_seq AND account_id = ANY(${[...accountIds]}::uuid[])
     ORDER BY updated_at LIMIT ${limit}`;
  return rows.map((row) => row.id);
}
