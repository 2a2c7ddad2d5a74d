/** Giving a trade a workflow again that has lost its own: its story goes on from its rows. */
import type { Client } from '@temporalio/client';
import { startTrade } from '../../client/trades.js';
import type { TradeSnapshot } from '../../contract/workflows.js';
import { around } from '../../failpoints/failpoint.js';
import type { Database } from '../../store/database.js';
import { loadTradeResumption, loadTradeStart } from '../../store/trade-start.js';

export interface TakeUpOptions {
  readonly db: Database;
  readonly temporal: Client;
  readonly queuePrefix: string;
}

/** Starts it, or finds it running. `snapshot` null: nothing happened to the trade yet. */
export async function takeUp(
  { db, temporal, queuePrefix }: TakeUpOptions,
  tradeId: string,
  snapshot: TradeSnapshot | null,
): Promise<void> {
  const { input, summary } = snapshot
    ? await loadTradeResumption(db, tradeId, snapshot)
    : await loadTradeStart(db, tradeId);
  await around('delivery.restart', { tradeId }, () =>
    startTrade(temporal, { ...input, queuePrefix }, summary, true),
  );
}
