/** A link that is down with trades open: the broker has their stops, and nothing else closes anything. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { LedgerReport } from '../../gateway/ledger/report.js';
import { isAtRest } from '../support/at-rest.js';
import { startStack, type TestStack, type TradeFacts } from '../support/stack.js';
import { expectNothingJudged } from '../support/verdicts.js';

/** Down for several times as long as is told; `npm run chaos -- P-link-down-5m` plays the real five minutes. */
const DOWN_S = 15;
const BLIND_ALERT_MS = 3_000;
const BACK_LIMIT_MS = 45_000;
const THROUGH_STOP = 0.9;

let stack: TestStack;

beforeAll(async () => {
  stack = await startStack({ env: { BLIND_ALERT_MS: String(BLIND_ALERT_MS) } });
}, 60_000);
afterAll(async () => {
  await stack?.stop();
}, 60_000);

async function submit(symbol: string, change: Record<string, unknown> = {}): Promise<string> {
  const { tradeId } = await stack.submit({
    ...{ id: `down-${symbol}`, strategy_id: `down-${symbol}`, symbol, side: 'BUY' },
    ...{ quantity: '10', stop_loss_pct: '0.05', take_profit_pct: '0.3', ...change },
  });
  return tradeId;
}

const ledger = () => stack.gateway.control<LedgerReport>('/ledger');
const bidOf = async (symbol: string) =>
  Number((await stack.gateway.control<Record<string, { bid: string }>>('/prices'))[symbol]!.bid);
const alerts = () => stack.db.notification.findMany({ where: { kind: 'link_down' } });

test('[BRK-1, TRD-3] the link down with open trades: no flatten, one alert, all verified on return', async () => {
  const [stopped, held] = [await submit('AAPL'), await submit('MSFT')];
  for (const tradeId of [stopped, held]) await stack.waitFor(tradeId, isAtRest);
  const before = await ledger();
  await stack.gateway.control('/faults', { name: 'nightly-restart', seconds: DOWN_S });
  const downAtMs = Date.now();
  const price = ((await bidOf('AAPL')) * THROUGH_STOP).toFixed(2);
  await stack.gateway.control('/prices', { AAPL: price });
  while ((await alerts()).length === 0 && Date.now() - downAtMs < DOWN_S * 1_000) await sleep(200);
  expect(Date.now() - downAtMs).toBeGreaterThanOrEqual(BLIND_ALERT_MS);
  await sleep(Math.max(0, DOWN_S * 1_000 - (Date.now() - downAtMs)));
  expect(await stack.db.command.count()).toBe(0);

  const { exitReason } = await stack.waitFor(
    stopped,
    ({ state, realizedPnl }) => state === 'CLOSED' && realizedPnl !== null,
    BACK_LIMIT_MS,
  );
  expect(exitReason).toBe('stop');
  const still = await stack.waitFor(held, isAtRest, BACK_LIMIT_MS);
  expect(String(still.heldQuantity)).toBe('10');
  const { pictureAt } = await stack.db.connection.findFirstOrThrow();
  expect(pictureAt!.getTime()).toBeGreaterThan(downAtMs + DOWN_S * 1_000);
  const told = await alerts();
  expect(told).toHaveLength(1);
  expect(JSON.stringify(told[0]!.body)).toContain('with 2 trades open');
  expect(await stack.db.notification.count({ where: { kind: 'link_up' } })).toBe(1);
  const after = await ledger();
  expect(after.orders).toHaveLength(before.orders.length);
  expectNothingJudged(after);
}, 120_000);

test('[TRD-14] a resting entry dies at the broker while every process of ours is dead, and is booked so', async () => {
  const limit = ((await bidOf('KO')) * 0.995).toFixed(2);
  const lives_s = 12;
  const expires_at = new Date(Date.now() + lives_s * 1_000).toISOString();
  const tradeId = await submit('KO', { order_type: 'LMT', entry_price: limit, expires_at });
  await stack.waitFor(tradeId, ({ orders }) =>
    orders.some(({ role, status }) => role === 'ENTRY' && status === 'ACCEPTED'),
  );
  await stack.killWorker('broker-worker');
  await stack.killWorker('trade-worker');
  const entryOf = async () =>
    (await ledger()).orders.find(({ symbol, role }) => symbol === 'KO' && role === 'entry')!;
  expect(await entryOf()).toMatchObject({
    tif: 'GTD',
    goodTillMs: Math.floor(Date.parse(expires_at) / 1_000) * 1_000,
  });
  await sleep(Date.parse(expires_at) + 2_000 - Date.now());
  // The market comes to it too late.
  await stack.gateway.control('/prices', { KO: (Number(limit) * 0.99).toFixed(2) });
  await Promise.all([stack.startWorker('broker-worker'), stack.startWorker('trade-worker')]);
  const isOver = ({ state }: TradeFacts) => state === 'EXPIRED' || state === 'CANCELLED';
  const over = await stack.waitFor(tradeId, isOver, BACK_LIMIT_MS);
  expect(over.filledQuantity.toString()).toBe('0');
  const reservation = await stack.db.reservation.findUniqueOrThrow({ where: { tradeId } });
  expect(reservation.phase).toBe('RELEASED');
}, 120_000);
