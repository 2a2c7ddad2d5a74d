/**
 * What waits for a person: pauses in force, fills without executions, approvals, shares outside that speak against a
 * trade, and trades that ask for one (TRD-11).
 */
import type { AttentionView } from '../../contract/views.js';
import { causeText } from '../causes.js';
import type { Database } from '../database.js';
import { listApprovals } from './approvals.js';
import { listOutside } from './attention-outside.js';
import { listMissingFills } from './missing-fills.js';

/** More than a person looks through at once. */
const MAX = 100;

/** What ends with its day. */
const LOSS_ADVICE =
  'it ends by itself; exits go on, and "ballast account" shows what the loss is measured from';

/** Accounts whose loss of the day has reached its limit (RSK-8): paused until the next one begins. */
async function listLossDays(db: Database, userId: string, now: Date): Promise<AttentionView[]> {
  const days = await db.accountDay.findMany({
    where: { userId, lossUntil: { gt: now } },
    include: { account: true },
    orderBy: { lossUntil: 'asc' },
    take: MAX,
  });
  return days.map(({ account, lossReachedAt, lossUntil }) => ({
    ...{ kind: 'daily_loss', symbol: null, trade_id: null, account_id: account.brokerAccountId },
    reason: 'the loss of the day has reached its limit',
    since: lossReachedAt!.toISOString(),
    until: lossUntil!.toISOString(),
    advice: LOSS_ADVICE,
  }));
}

/** The pauses, quarantines and lost days in force, the oldest first of each. */
export async function listPauses(db: Database, userId: string): Promise<AttentionView[]> {
  const now = new Date();
  const inForce = { liftedAt: null, startsAt: { lte: now } };
  const pauses = await db.pause.findMany({
    where: { userId, ...inForce, OR: [{ endsAt: null }, { endsAt: { gt: now } }] },
    include: { account: true, strategy: true },
    orderBy: { startsAt: 'asc' },
    take: MAX,
  });
  const shown = pauses.map((pause) => {
    const { kind, account, strategy, symbol, side, startsAt, endsAt } = pause;
    return {
      ...{ kind, symbol, reason: causeText(pause), trade_id: null },
      account_id: account?.brokerAccountId ?? null,
      ...(strategy && { strategy_id: strategy.name }),
      ...(side !== null && { side }),
      since: startsAt.toISOString(),
      ...(endsAt && { until: endsAt.toISOString() }),
    };
  });
  return [...(await listLossDays(db, userId, now)), ...shown];
}

/** What needs a person, the oldest first. */
export async function listAttention(db: Database, userId: string): Promise<AttentionView[]> {
  const trades = await db.trade.findMany({
    where: { userId, closedAt: null, snapshot: { path: ['wait', 'then'], equals: 'ask a person' } },
    orderBy: { createdAt: 'asc' },
    take: MAX,
  });
  const missing = await listMissingFills(db, userId, MAX);
  const approvals = await listApprovals(db, userId, MAX);
  return [
    ...missing,
    ...approvals.map(({ trade_id, account_id, symbol, summary, asked_at, expires_at }) => ({
      ...{ kind: 'approval', symbol, trade_id, account_id, since: asked_at },
      reason: `waits to be approved until ${expires_at}: ${summary}`,
    })),
    ...(await listOutside(db, userId, MAX)),
    ...(await listPauses(db, userId)),
    ...trades.map(({ id, symbol, snapshot, updatedAt }) => ({
      ...{ kind: 'trade', symbol, trade_id: id, account_id: null },
      reason: (snapshot as { wait: { what: string } }).wait.what,
      since: updatedAt.toISOString(),
    })),
  ];
}
