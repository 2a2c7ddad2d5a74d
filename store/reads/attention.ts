/**
 * What waits for a person: pauses in force, fills without executions, approvals, shares outside that speak against a
 * trade, and trades that ask for one (TRD-11).
 */
import type { AttentionView } from '../../contract/views.js';
import { isSplitReason } from '../../domain/trade/corporate-action.js';
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
  const heldBack = await tradesHeldBack(db, userId, pauses);
  const shown = pauses.map((pause) => {
    const { kind, account, strategy, symbol, side, startsAt, endsAt } = pause;
    return {
      ...{ kind, symbol, reason: causeText(pause), trade_id: null },
      account_id: account?.brokerAccountId ?? null,
      ...(strategy && { strategy_id: strategy.name }),
      ...(side !== null && { side }),
      since: startsAt.toISOString(),
      ...(endsAt && { until: endsAt.toISOString() }),
      ...(isForSplit(pause) && acrossSplit(symbol!, heldBack(pause))),
    };
  });
  return [...(await listLossDays(db, userId, now)), ...shown];
}

interface PauseOf {
  readonly kind: string;
  readonly reason: string;
  readonly accountId: string | null;
  readonly symbol: string | null;
}

/** What it was made for counts: a cause that came to it later releases no exit. */
function isForSplit({ kind, reason, symbol }: PauseOf): boolean {
  return kind === 'quarantine' && symbol !== null && isSplitReason(reason);
}

/** Of each pause that is for a split the open trades in its symbol, the oldest first. */
async function tradesHeldBack(
  db: Database,
  userId: string,
  pauses: readonly PauseOf[],
): Promise<(pause: PauseOf) => readonly string[]> {
  const symbols = pauses.filter(isForSplit).map(({ symbol }) => symbol!);
  const trades =
    symbols.length === 0
      ? []
      : await db.trade.findMany({
          where: { userId, closedAt: null, symbol: { in: symbols } },
          select: { id: true, accountId: true, symbol: true },
          orderBy: { createdAt: 'asc' },
          take: MAX,
        });
  return ({ accountId, symbol }) =>
    trades
      .filter((trade) => trade.accountId === accountId && trade.symbol === symbol)
      .map(({ id }) => id);
}

/** What a person does after a split: releasing the symbol would place the exits at prices of before. */
function acrossSplit(
  symbol: string,
  trade_ids: readonly string[],
): Pick<AttentionView, 'trade_ids' | 'advice'> {
  const release = `"ballast resolve quarantine ${symbol}"`;
  const [first] = trade_ids;
  if (first === undefined)
    return { trade_ids, advice: `no trade in it is open: look at the broker; then ${release}` };
  const all = trade_ids.length === 1 ? 'it' : `all ${trade_ids.length} trades`;
  const advice =
    `"ballast reconcile", then "ballast resolve split ${first}" carries ${all} across the split (--ratio NEW:OLD where a hand ` +
    `has traded since); only where nothing was split, "ballast resolve difference ${first}" for what a hand did, and then ${release}`;
  return { trade_ids, advice };
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
