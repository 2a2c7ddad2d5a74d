/** What a trade's workflow is started with, read from its committed rows. */
import type { Signal } from '../contract/signal.js';
import type { TradeInput, TradeSnapshot } from '../contract/workflows.js';
import { decimal, text } from '../domain/money.js';
import type { BracketPlan } from '../domain/risk/plan.js';
import type { Database } from './database.js';

export interface TradeStart {
  readonly input: Omit<TradeInput, 'queuePrefix'>;
  readonly summary: string;
}

/** @throws when the trade does not exist. */
export async function loadTradeStart(db: Database, tradeId: string): Promise<TradeStart> {
  const { signal, account } = await db.trade.findUniqueOrThrow({
    where: { id: tradeId },
    select: {
      signal: { select: { body: true } },
      account: { select: { brokerAccountId: true } },
    },
  });
  const { brokerAccountId } = account;
  return tradeStart({ tradeId, brokerAccountId, signal: signal.body as unknown as Signal });
}

/**
 * The same for a story that had ended and is taken up again from a snapshot, with all that was decided
 * for it: its session's end among it (TRD-6). @throws when the trade does not exist.
 */
export async function loadTradeResumption(
  db: Database,
  tradeId: string,
  snapshot: TradeSnapshot,
): Promise<TradeStart> {
  const { input, summary } = await loadTradeStart(db, tradeId);
  const decision = await db.decision.findFirst({
    where: { tradeId, verdict: 'approved' },
    orderBy: { serial: 'desc' },
    select: { plan: true },
  });
  const plan = decision?.plan as unknown as BracketPlan | undefined;
  const resumed = { snapshot, summary, closeByMs: plan?.closeByMs ?? null };
  return { input: { ...input, resumed }, summary };
}

/** What a trade's workflow is started with: ids and decisions to come, never the signal's context. */
export function tradeStart({
  tradeId,
  brokerAccountId,
  signal,
  isCold = false,
  isAskable = false,
}: {
  readonly tradeId: string;
  readonly brokerAccountId: string;
  readonly signal: Signal;
  readonly isCold?: boolean;
  readonly isAskable?: boolean;
}): TradeStart {
  const input = {
    tradeId,
    brokerAccountId,
    strategy: signal.strategy_id,
    symbol: signal.symbol,
    side: signal.side,
    expiresAtMs: signal.expires_at ? Date.parse(signal.expires_at) : null,
    maxHoldingMs: signal.max_holding ?? null,
    ...(isCold ? { isCold } : {}),
    ...(isAskable ? { isAskable } : {}),
    resumed: null,
  };
  return { input, summary: summaryOf(signal) };
}

function summaryOf(signal: Signal): string {
  const parts = [signal.side, signal.quantity, signal.symbol];
  const stop = signal.stop_loss ?? percentText(signal.stop_loss_pct);
  const target = signal.take_profit ?? percentText(signal.take_profit_pct);
  if (signal.entry_price) parts.push(`@ ${signal.entry_price}`);
  if (stop) parts.push(`stop ${stop}`);
  if (target) parts.push(`target ${target}`);
  return parts.filter(Boolean).join(' ');
}

/** 0.02 as `2 % away`. */
function percentText(fraction: string | undefined): string | undefined {
  return fraction && `${text(decimal(fraction).mul(100))} % away`;
}

/** Temporal has accepted the workflow: the sweep need not look at it again. */
export async function markTradeStarted(db: Database, tradeId: string): Promise<void> {
  await db.trade.updateMany({
    where: { id: tradeId, startedAt: null },
    data: { startedAt: new Date() },
  });
}

/** Trades older than `ageMs` whose workflow was never confirmed, oldest first. */
export async function tradesWithoutWorkflow(
  db: Database,
  ageMs: number,
  limit: number,
): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM trades
     WHERE started_at IS NULL AND created_at < now() - ${ageMs} * interval '1 millisecond'
     ORDER BY created_at LIMIT ${limit}`;
  return rows.map((row) => row.id);
}
