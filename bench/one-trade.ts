/** One whole trade, from its signal to its settlement. */
import { randomUUID } from 'node:crypto';
import { commandTrade } from '../client/trades.js';
import { submitSignal } from '../app/signals.js';
import type { BenchStack } from './stack.js';

const WAIT_MS = 60_000;
const POLL_MS = 100;

/** Enters at the market, waits until it is protected, closes it, and waits until it is settled. */
export async function liveOneTrade(stack: BenchStack): Promise<string> {
  const id = randomUUID();
  const { tradeId } = await submitSignal({ ...stack, queuePrefix: '' }, stack.userId, {
    id,
    strategy_id: `bench-${id.slice(0, 8)}`,
    symbol: 'MSFT',
    side: 'BUY',
    quantity: '1',
    stop_loss_pct: '0.05',
    take_profit_pct: '0.06',
  });
  await until(stack, tradeId, (trade) => trade.verified);
  await commandTrade(stack.temporal, tradeId, 'close', { key: 'bench', actor: 'bench' });
  await until(stack, tradeId, (trade) => trade.realizedPnl !== null);
  return tradeId;
}

type TradeRow = Awaited<ReturnType<BenchStack['db']['trade']['findUniqueOrThrow']>>;

async function until(
  stack: BenchStack,
  tradeId: string,
  test: (trade: TradeRow) => boolean,
): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const trade = await stack.db.trade.findUniqueOrThrow({ where: { id: tradeId } });
    if (test(trade)) return;
    if (Date.now() > deadline) throw new Error(`trade ${tradeId} hangs in ${trade.state}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
