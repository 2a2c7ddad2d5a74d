/** Which trades' workflows must still be told of a committed change. */
import type { TradeSnapshot } from '../contract/workflows.js';
import { around } from '../failpoints/failpoint.js';
import type { PairName } from '../failpoints/table.js';
import type { Database } from './database.js';

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
