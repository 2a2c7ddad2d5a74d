/** Failpoints of the running workers stand where the table says, seen from the outside. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { commandTrade, decideTrade } from '../../client/trades.js';
import { parseSignal } from '../../contract/signal.js';
import { tradeWorkflowId } from '../../contract/workflows.js';
import { arm, untilTaken } from '../../failpoints/arm.js';
import type { FailpointName } from '../../failpoints/table.js';
import { acceptSignal } from '../../store/signals.js';
import { isProtected } from '../support/at-rest.js';
import type { TradeFacts } from '../support/stack.js';
import { startPointedStack, type PointedStack } from './support/pointed-stack.js';

/** Others may use the machine too. */
const PATIENCE_MS = 60_000;
/** Long enough to look at what a frozen process has told the world. */
const FREEZE = { action: 'freeze', seconds: 3 } as const;
/** Of the lease: a worker frozen for that long is not killed for it, also on a machine that stalls beside. */
const PATIENT = { LEASE_TTL_MS: '10000', LEASE_RENEW_MS: '1000' };

let pointed: PointedStack;

beforeAll(async () => {
  pointed = await startPointedStack(PATIENT);
}, 120_000);
afterAll(async () => {
  await pointed?.stop();
}, 60_000);

let count = 0;
/** `first` is called when the trade's id is known, and its story has not begun. */
async function submit(
  symbol: string,
  first: (tradeId: string) => unknown = () => undefined,
  settings: { readonly approval?: 'required' } = {},
) {
  count += 1;
  const { stack } = pointed;
  const body = {
    id: `moments-${Date.now()}-${count}`,
    strategy_id: `strategy-${count}`,
    symbol,
    side: 'BUY',
    quantity: '10',
    stop_loss: '1',
  };
  const { tradeId } = await acceptSignal(stack.db, stack.userId, parseSignal(body));
  await stack.db.strategy.updateMany({ where: { name: body.strategy_id }, data: { settings } });
  first(tradeId);
  await stack.submit(body);
  return tradeId;
}

const waitFor = (tradeId: string, holds: (trade: TradeFacts) => boolean) =>
  pointed.stack.waitFor(tradeId, holds, PATIENCE_MS);
const close = (tradeId: string) =>
  commandTrade(pointed.stack.temporal, tradeId, 'close', { key: 'test', actor: 'test' });
const taken = (point: FailpointName) =>
  untilTaken(pointed.points, point, { timeoutMs: PATIENCE_MS });

interface Received {
  readonly symbol: string;
}

/** `placeOrder` messages that the gateway has read from the socket. */
async function orderMessages(): Promise<number> {
  const { messages } = await pointed.stack.gateway.control<{
    messages: { byId: Record<string, number> };
  }>('/ledger');
  return messages.byId['3'] ?? 0;
}

/** Orders of a symbol that the gateway has taken. */
async function ordersAt(symbol: string): Promise<number> {
  const { orders } = await pointed.stack.gateway.control<{ orders: Received[] }>('/ledger');
  return orders.filter((order) => order.symbol === symbol).length;
}

async function completedActivities(tradeId: string): Promise<number> {
  const handle = pointed.stack.temporal.workflow.getHandle(tradeWorkflowId(tradeId));
  const { events } = await handle.fetchHistory();
  return (events ?? []).filter((event) => event.activityTaskCompletedEventAttributes).length;
}

const rowOf = (tradeId: string) =>
  pointed.stack.db.trade.findUniqueOrThrow({ where: { id: tradeId } });

test('[PRF-2] between the messages of a bracket the first has left, and no other', async () => {
  const before = await orderMessages();
  arm(pointed.points, 'write.bracket.between', FREEZE);
  const tradeId = await submit('AAPL');
  await taken('write.bracket.between');
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(await orderMessages()).toBe(before + 1);
  await waitFor(tradeId, isProtected);
  expect(await orderMessages()).toBe(before + 2);
}, 90_000);

test('[PRF-2] before a commit nothing is to be seen of it, after it all', async () => {
  const tradeId = await submit('IBM');
  await waitFor(tradeId, isProtected);
  const match = { tradeId };
  arm(pointed.points, 'settle.commit.before', { ...FREEZE, match });
  arm(pointed.points, 'settle.commit.after', { ...FREEZE, match });
  await close(tradeId);
  await taken('settle.commit.before');
  expect((await rowOf(tradeId)).realizedPnl).toBeNull();
  await taken('settle.commit.after');
  expect((await rowOf(tradeId)).realizedPnl).not.toBeNull();
}, 90_000);

test('[PRF-3] done is before the completion is told, reported after it', async () => {
  const tradeId = await submit('KO');
  await waitFor(tradeId, isProtected);
  const match = { tradeId };
  arm(pointed.points, 'activity.settle.done', { ...FREEZE, match });
  arm(pointed.points, 'activity.settle.reported', { ...FREEZE, match });
  await close(tradeId);
  await taken('activity.settle.done');
  const before = await completedActivities(tradeId);
  await taken('activity.settle.reported');
  expect(await completedActivities(tradeId)).toBe(before + 1);
}, 90_000);

test('[PRF-3] a repeated activity has its effect once and is run twice', async () => {
  arm(pointed.points, 'activity.enter.done', { action: 'repeat' });
  // The second run of it passes this again, before its end is told.
  arm(pointed.points, 'outcome.mark.before', { action: 'delay', seconds: 0, count: 2 });
  arm(pointed.points, 'activity.enter.reported', { action: 'delay', seconds: 0 });
  const tradeId = await submit('MSFT');
  await waitFor(tradeId, isProtected);
  const passes = await untilTaken(pointed.points, 'outcome.mark.before', { count: 2 });
  const [reported] = await untilTaken(pointed.points, 'activity.enter.reported');
  expect(passes.map(({ context }) => context['tradeId'])).toEqual([tradeId, tradeId]);
  expect(passes[1]!.atMs).toBeLessThanOrEqual(reported!.atMs);
  expect(await ordersAt('MSFT')).toBe(2);
}, 90_000);

test.each([
  ['approval.commit.before', 'VZ'],
  ['approval.commit.after', 'T'],
] as const)(
  '[SIG-3] a worker that dies at %s takes the word once, and it is carried out',
  async (point, symbol) => {
    const { stack, points } = pointed;
    const { db, temporal } = stack;
    const armed = (id: string) => arm(points, point, { action: 'exit', match: { tradeId: id } });
    const tradeId = await submit(symbol, armed, { approval: 'required' });
    await waitFor(tradeId, ({ state }) => state === 'AWAITING_APPROVAL');
    const word = decideTrade(temporal, tradeId, 'approved', { key: 'once', actor: 'anna' });
    await taken(point);
    await stack.killWorker('trade-worker');
    const { verdict } = await db.approval.findUniqueOrThrow({ where: { tradeId } });
    expect(verdict).toBe(point === 'approval.commit.after' ? 'approved' : null);
    await stack.startWorker('trade-worker');
    // The answer that got lost is the same one.
    await expect(word).resolves.toEqual({ verdict: 'accepted', reason: null });
    await waitFor(tradeId, isProtected);
    const subject = `trade ${tradeId}`;
    expect(await db.auditEntry.findMany({ where: { subject } })).toMatchObject([
      { actor: 'anna', action: 'approve' },
    ]);
    expect(await ordersAt(symbol)).toBe(2);
  },
  90_000,
);

test('[TRD-10] a worker that dies around continue-as-new loses no trade', async () => {
  const { stack, points } = pointed;
  for (const point of ['run.continue.before', 'run.continue.after'] as const) {
    const symbol = point === 'run.continue.before' ? 'BAC' : 'PFE';
    const tradeId = await submit(symbol, (id) =>
      arm(points, point, { action: 'exit', match: { tradeId: id } }),
    );
    await taken(point);
    const { raw } = await stack.temporal.workflow.getHandle(tradeWorkflowId(tradeId)).describe();
    const { firstRunId, execution } = raw.workflowExecutionInfo ?? {};
    const isFirst = execution?.runId === firstRunId;
    expect(isFirst).toBe(point === 'run.continue.before');
    await stack.killWorker('trade-worker');
    await stack.startWorker('trade-worker');
    await waitFor(tradeId, isProtected);
    await close(tradeId);
    await waitFor(tradeId, (trade) => trade.realizedPnl !== null);
  }
}, 180_000);
