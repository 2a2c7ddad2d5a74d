/** What a person does who traded by hand in contracts of the run: gives back what came of it, and lets entries go again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { decimal } from '../../domain/money.js';
import { confirmed } from '../stack/confirmed.js';
import type { ChaosStack } from '../stack/stack.js';
import type { Stage } from './disturbance.js';

/** Executions are booked within moments, on a busy machine too. */
const BOOKED_LIMIT_MS = 20_000;
const POLL_MS = 200;

/**
 * Trades back what no trade holds of the run's contracts, and releases their quarantines by the command line. A close
 * by hand and an exit that filled before it was cancelled leave both.
 * @throws Error when the books don't follow, or a quarantine is not released
 */
export async function clearUp({ stack, symbols }: Stage): Promise<void> {
  if ((await stack.books.quarantined(symbols)).length === 0) return;
  for (const [symbol, quantity] of await externalOf(stack, symbols)) {
    const action = decimal(quantity).gt(0) ? 'SELL' : 'BUY';
    const back = { action, quantity: decimal(quantity).abs().toFixed() };
    await stack.gateway.arm({ name: 'external-order', symbol, ...back });
  }
  // What others did is seen by the next comparison, at the latest: it is asked for now.
  await stack.ballast('reconcile');
  const deadlineMs = Date.now() + BOOKED_LIMIT_MS;
  while ((await externalOf(stack, symbols)).length > 0) {
    if (Date.now() > deadlineMs) throw new Error('what a hand gave back is not booked');
    await sleep(POLL_MS);
  }
  for (const symbol of await stack.books.quarantined(symbols)) await release(stack, symbol);
}

async function externalOf(stack: ChaosStack, symbols: readonly string[]) {
  const external = await stack.books.externalPositions();
  return [...external].filter(([symbol]) => symbols.includes(symbol));
}

async function release(stack: ChaosStack, symbol: string): Promise<void> {
  const { done } = await confirmed(stack, 'resolve', 'quarantine', symbol);
  if (done.code !== 0) {
    throw new Error(`the quarantine of ${symbol} was not released: ${done.printed}`);
  }
}
