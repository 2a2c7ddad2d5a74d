/**
 * The application service for signals: every surface (command line, HTTP, MCP, SDK) comes through here,
 * so the checks and the record are the same for all.
 */
import type { Client } from '@temporalio/client';
import { startTrade } from '../client/trades.js';
import { parseSignal } from '../contract/signal.js';
import { around } from '../failpoints/failpoint.js';
import type { Database } from '../store/database.js';
import { acceptSignal } from '../store/signals.js';
import {
  loadTradeStart,
  markTradeStarted,
  tradesWithoutWorkflow,
  type TradeStart,
} from '../store/trade-start.js';

export interface SignalDeps {
  readonly db: Database;
  readonly temporal: Client;
  readonly queuePrefix: string;
}

export interface SubmittedSignal {
  readonly tradeId: string;
  /** False when the same signal was known: nothing new happened. */
  readonly isNew: boolean;
}

/**
 * Takes a signal in: parse, commit, start its workflow. The same signal again gives the same trade.
 * @throws InvalidSignalError, SignalConflictError, NoAccountError. Nothing is lost when Temporal is
 * down: the signal is committed, and the sweep starts it later.
 */
export async function submitSignal(
  deps: SignalDeps,
  userId: string,
  body: unknown,
): Promise<SubmittedSignal> {
  const signal = parseSignal(body);
  const { tradeId, isNew, isStarted, start } = await acceptSignal(deps.db, userId, signal);
  if (!isStarted) await startCommitted(deps, tradeId, start);
  return { tradeId, isNew };
}

async function startCommitted(
  deps: SignalDeps,
  tradeId: string,
  known?: TradeStart,
): Promise<void> {
  const start = known ?? (await loadTradeStart(deps.db, tradeId));
  const input = { ...start.input, queuePrefix: deps.queuePrefix };
  await around('sweep.start', { tradeId }, () => startTrade(deps.temporal, input, start.summary));
  await around('sweep.mark', { tradeId }, () => markTradeStarted(deps.db, tradeId));
}

/** A signal younger than this is still in the hands of the process that took it in. */
const SWEEP_AGE_MS = 5_000;
/** Signals per sweep: bounded, the next sweep takes the rest. */
const SWEEP_BATCH = 100;

/** Starts what a crash between commit and start left without a workflow; gives how many it started. */
export async function sweepUnstarted(deps: SignalDeps): Promise<number> {
  const tradeIds = await tradesWithoutWorkflow(deps.db, SWEEP_AGE_MS, SWEEP_BATCH);
  for (const tradeId of tradeIds) await startCommitted(deps, tradeId);
  return tradeIds.length;
}
