/** What waits for a person: pauses in force, fills without executions, and trades that ask for one (TRD-11). */
import type { AttentionView } from '../../contract/views.js';
import type { Database } from '../database.js';
import { listMissingFills } from './missing-fills.js';

/** More than a person looks through at once. */
const MAX = 100;

/** What needs a person, the oldest first. */
export async function listAttention(db: Database, userId: string): Promise<AttentionView[]> {
  const now = new Date();
  const pauses = await db.pause.findMany({
    where: { userId, liftedAt: null, OR: [{ endsAt: null }, { endsAt: { gt: now } }] },
    include: { account: true },
    orderBy: { startsAt: 'asc' },
    take: MAX,
  });
  const trades = await db.trade.findMany({
    where: { userId, closedAt: null, snapshot: { path: ['wait', 'then'], equals: 'ask a person' } },
    orderBy: { createdAt: 'asc' },
    take: MAX,
  });
  const missing = await listMissingFills(db, userId, MAX);
  return [
    ...missing,
    ...pauses.map(({ kind, account, symbol, reason, startsAt }) => ({
      ...{ kind, symbol, reason, trade_id: null },
      account_id: account?.brokerAccountId ?? null,
      since: startsAt.toISOString(),
    })),
    ...trades.map(({ id, symbol, snapshot, updatedAt }) => ({
      ...{ kind: 'trade', symbol, trade_id: id, account_id: null },
      reason: (snapshot as { wait: { what: string } }).wait.what,
      since: updatedAt.toISOString(),
    })),
  ];
}
