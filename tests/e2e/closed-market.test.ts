/** Signals that come while the market is closed and wait for its open (SIG-5), on real parts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { recordCommand } from '../../store/commands.js';
import { tellTrade } from '../../client/trades.js';
import { startStack, type TestStack, type TradeFacts } from '../support/stack.js';

const MINUTE_MS = 60_000;
/** Time for what is to happen before the market was to open. */
const LEAD_MS = 25_000;
const BURST = 12;
/** Fewer than come: at the open the limits hold as ever. */
const POSITIONS_MAX = 10;
/** From the open: contracts asked anew, quotes, and a burst of entries on busy cores. */
const ENTERED_LIMIT_MS = 60_000;
const MOVED = 1.05;

let stack: TestStack;
let symbols: string[];

beforeAll(async () => {
  stack = await startStack({
    gateway: { flags: ['--cash', '10000000'] },
    env: { MAX_OPEN_POSITIONS: String(POSITIONS_MAX) },
  });
  symbols = Object.keys(await stack.gateway.control('/prices')).sort();
}, 60_000);
afterAll(async () => {
  await stack?.stop();
}, 60_000);

let count = 0;
async function submit(change: Record<string, unknown> = {}): Promise<string> {
  const symbol = symbols[count]!;
  count += 1;
  const { tradeId } = await stack.submit({
    ...{ id: `closed-${count}`, strategy_id: `closed-${count}`, symbol, side: 'BUY' },
    ...{ quantity: '5', stop_loss_pct: '0.05', when_closed: 'queue', ...change },
  });
  return tradeId;
}

async function price(symbol: string): Promise<string> {
  return (await stack.gateway.control<Record<string, { bid: string }>>('/prices'))[symbol]!.bid;
}

/** Closes the market until a minute that is far enough away; gives that minute. */
async function close(fromMs: number): Promise<number> {
  const opensMs = Math.ceil(fromMs / MINUTE_MS) * MINUTE_MS;
  const closed_until = new Date(opensMs).toISOString();
  await stack.gateway.control('/hours', { closed_until });
  return opensMs;
}

const sentEntries = () => stack.db.order.findMany({ where: { role: 'ENTRY', intent: 'SENT' } });
const approved = () => stack.db.decision.count({ where: { verdict: 'approved' } });
const isQueued = ({ state }: TradeFacts) => state === 'AWAITING_OPEN';
const hasEntered = ({ state }: TradeFacts) => state === 'OPEN' || state === 'DENIED';
const storyOf = (tradeId: string) =>
  stack.temporal.workflow.getHandle(`trade-${tradeId}`).query<{ wait: object | null }>('story');

test('[SIG-5] an entry that the broker holds until an open that nobody foresaw is cancelled', async () => {
  // Denied for its price, but the contract's hours are known from now on.
  const first = await submit({ entry_price: '1', order_type: 'MKT' });
  expect((await stack.waitFor(first, hasEntered)).denialCodes).toEqual(['PRICE_DEVIATION']);
  count -= 1;
  const opensMs = await close(Date.now() + LEAD_MS);
  const held = await submit({ id: 'held', when_closed: 'deny' });
  const { failure } = await stack.waitFor(held, ({ state }) => state === 'CANCELLED');
  expect(failure).toContain(`held the entry until ${new Date(opensMs).toISOString()}`);
  expect(await stack.db.reservation.count({ where: { phase: { not: 'RELEASED' } } })).toBe(0);
  expect(Date.now()).toBeLessThan(opensMs);
}, 60_000);

test('[SIG-5] queued trades outlive every worker, a closure that nobody foresaw, and enter at the open', async () => {
  const before = await approved();
  const opensMs = await close(Date.now() + LEAD_MS);
  const denied = await submit({ when_closed: 'deny' });
  const expiring = await submit({ expires_at: new Date(opensMs - 1).toISOString() });
  const moved = symbols[count]!;
  const left = await submit({ entry_price: await price(moved), order_type: 'MKT' });
  const unwanted = await submit();
  const queued = await Promise.all(Array.from({ length: BURST }, () => submit()));
  for (const tradeId of [denied, expiring]) {
    const { denialCodes } = await stack.waitFor(tradeId, hasEntered);
    expect(denialCodes).toEqual(['MARKET_CLOSED']);
  }
  const waiting = [left, unwanted, ...queued];
  const rows = await Promise.all(waiting.map((tradeId) => stack.waitFor(tradeId, isQueued)));
  expect(rows[0]!.failure).toContain(`queued until ${new Date(opensMs).toISOString()}`);
  expect((await storyOf(left)).wait).toMatchObject({ untilMs: opensMs, then: 'plan again' });
  expect(await stack.db.reservation.count({ where: { phase: { not: 'RELEASED' } } })).toBe(0);

  const command = { key: 'away', actor: 'test', cause: 'manual', kind: 'cancel_entry' as const };
  const { snapshot } = await recordCommand(
    stack.db,
    { tradeId: unwanted, ...command },
    { nowMs: Date.now(), limits: {} },
  );
  await tellTrade(stack.temporal, unwanted, snapshot);
  await stack.waitFor(unwanted, ({ state }) => state === 'CANCELLED', 5_000);

  await stack.killWorker('broker-worker');
  await stack.killWorker('trade-worker');
  // The broker tells of it to whoever asks at the open, and to nobody before.
  const opensAfterAllMs = await close(opensMs + 1);
  await Promise.all([stack.startWorker('broker-worker'), stack.startWorker('trade-worker')]);
  await stack.gateway.control('/prices', {
    [moved]: (Number(await price(moved)) * MOVED).toFixed(2),
  });
  expect(await approved()).toBe(before);
  await sleep(Math.max(0, opensMs - Date.now()));
  const isQueuedAnew = (row: TradeFacts) =>
    isQueued(row) && row.failure!.includes(new Date(opensAfterAllMs).toISOString());
  for (const tradeId of queued) await stack.waitFor(tradeId, isQueuedAnew, ENTERED_LIMIT_MS / 2);
  expect(await sentEntries()).toHaveLength(1);

  await sleep(Math.max(0, opensAfterAllMs - Date.now()));
  const ends = await Promise.all(
    queued.map((tradeId) => stack.waitFor(tradeId, hasEntered, ENTERED_LIMIT_MS)),
  );
  const codes = ends.map(({ state, denialCodes }) => [state, ...denialCodes].join(' ')).sort();
  expect(codes).toEqual([
    ...Array<string>(BURST - POSITIONS_MAX).fill('DENIED MAX_OPEN_POSITIONS'),
    ...Array<string>(POSITIONS_MAX).fill('OPEN'),
  ]);
  const { denialCodes } = await stack.waitFor(left, hasEntered, ENTERED_LIMIT_MS);
  expect(denialCodes).toContain('PRICE_DEVIATION');
  expect(await sentEntries()).toHaveLength(1 + POSITIONS_MAX);
}, 240_000);
