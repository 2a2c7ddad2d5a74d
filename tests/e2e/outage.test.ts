/** Signals that come while the broker is away enter when it is back (BRK-11), on real parts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startStack, type TestStack, type TradeFacts } from '../support/stack.js';

/** As long as a gateway takes that restarts, and well within what an entry waits. */
const OUTAGE_S = 10;
const BURST = 20;
/** The outage, a sync, and twenty entries on busy cores. */
const ENTERED_LIMIT_MS = 45_000;

let stack: TestStack;

beforeAll(async () => {
  stack = await startStack({
    gateway: { flags: ['--cash', '10000000'] },
    env: { MAX_OPEN_POSITIONS: '100', MAX_TRADES_PER_DAY: '100' },
  });
}, 60_000);
afterAll(async () => {
  await stack?.stop();
}, 60_000);

let count = 0;
async function burst(symbols: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(
    symbols.map((symbol) => {
      count += 1;
      return stack.submit({
        ...{ id: `outage-${count}`, strategy_id: `outage-${count}`, symbol, side: 'BUY' },
        ...{ quantity: '5', stop_loss_pct: '0.05', take_profit_pct: '0.06' },
      });
    }),
  );
  return answers.map(({ tradeId }) => tradeId);
}

async function symbolsOf(): Promise<string[]> {
  return Object.keys(await stack.gateway.control<Record<string, unknown>>('/prices')).sort();
}

const hasEntered = (trade: TradeFacts) => trade.state === 'OPEN' || trade.state === 'DENIED';

test('[BRK-11] a burst while the link is down for 10 s enters whole when it is back', async () => {
  await stack.gateway.control('/faults', { name: 'nightly-restart', seconds: OUTAGE_S });
  await sleep(1_000);
  const symbols = (await symbolsOf()).slice(0, BURST);
  expect(symbols).toHaveLength(BURST);
  const tradeIds = await burst(symbols);
  const parked = await stack.waitFor(tradeIds[0]!, ({ state }) => state === 'PARKED');
  expect(parked.failure).toContain('the broker link is not ready');
  const trades = await Promise.all(
    tradeIds.map((tradeId) => stack.waitFor(tradeId, hasEntered, ENTERED_LIMIT_MS)),
  );
  const denied = trades.filter(({ state }) => state === 'DENIED');
  expect(denied.map(({ denialCodes }) => denialCodes.join(', '))).toEqual([]);
}, 90_000);

test('[BRK-11] a burst while no broker worker runs enters whole when one does', async () => {
  await stack.killWorker('broker-worker');
  const tradeIds = await burst((await symbolsOf()).slice(0, 5));
  await sleep(OUTAGE_S * 1_000);
  await stack.startWorker('broker-worker');
  const trades = await Promise.all(
    tradeIds.map((tradeId) => stack.waitFor(tradeId, hasEntered, ENTERED_LIMIT_MS)),
  );
  expect(
    trades.map(({ state, denialCodes }) => `${state} ${denialCodes.join(', ')}`.trim()),
  ).toEqual(tradeIds.map(() => 'OPEN'));
}, 90_000);

test('[BRK-11] an outage beyond the wait ends in BROKER_UNAVAILABLE alone', async () => {
  await stack.killWorker('broker-worker');
  await sleep(8_000);
  count += 1;
  const [symbol] = await symbolsOf();
  const { tradeId } = await stack.submit({
    ...{ id: `outage-${count}`, strategy_id: `outage-${count}`, symbol, side: 'BUY' },
    ...{ quantity: '5', stop_loss_pct: '0.05', order_type: 'MKT' },
    expires_at: new Date(Date.now() + 4_000).toISOString(),
  });
  const denied = await stack.waitFor(tradeId, ({ state }) => state === 'DENIED');
  expect(denied.denialCodes).toEqual(['BROKER_UNAVAILABLE', 'SIGNAL_EXPIRED']);
  await stack.startWorker('broker-worker');
}, 60_000);
