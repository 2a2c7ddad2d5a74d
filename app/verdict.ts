/** Waiting for what becomes of a signal: its row is read again and again, whoever decides. */
import { setTimeout as sleep } from 'node:timers/promises';
import { hasEnded, type TradeDetail } from '../contract/views.js';
import type { App } from './app.js';
import { loadTrade } from './reads.js';

/** Quick enough for whoever waits, slow enough to cost nothing beside the work itself. */
const POLL_MS = 100;

/**
 * Waits until a signal was judged: approved or denied, or over for another reason.
 * @returns the trade as it is then, or at the deadline; null when there is none of that id
 */
export async function awaitVerdict(
  app: App,
  tradeId: string,
  { deadlineMs, signal }: { readonly deadlineMs: number; readonly signal?: AbortSignal },
): Promise<{ readonly trade: TradeDetail; readonly isJudged: boolean } | null> {
  for (;;) {
    const trade = await loadTrade(app, tradeId);
    if (trade === null) return null;
    const isJudged = isVerdictOf(trade);
    if (isJudged || Date.now() >= deadlineMs || signal?.aborted) return { trade, isJudged };
    await sleep(POLL_MS);
  }
}

/** It was decided on, waits for a person's word, or is over. */
function isVerdictOf({ decisions, state }: TradeDetail): boolean {
  return decisions.length > 0 || state === 'AWAITING_APPROVAL' || hasEnded(state);
}
