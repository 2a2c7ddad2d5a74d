/** Death of a process at a bad moment: no second order, no open position without its stop. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { commandTrade } from '../../client/trades.js';
import { tradeWorkflowId } from '../../contract/workflows.js';
import type { LedgerReport } from '../../gateway/ledger/report.js';
import { isAtRest } from '../support/at-rest.js';
import { startStack, type TestStack, type TradeFacts } from '../support/stack.js';
import { expectNothingJudged } from '../support/verdicts.js';

/** Short, so that what is unanswered is soon looked at. */
const ACK_TIMEOUT_MS = 1_000;

let stack: TestStack;

beforeAll(async () => {
  // Short leases and waits: the same steps in less time.
  stack = await startStack({
    env: { LEASE_TTL_MS: '2000', LEASE_RENEW_MS: '500', ACK_TIMEOUT_MS: String(ACK_TIMEOUT_MS) },
  });
}, 60_000);
afterAll(async () => {
  await stack?.stop();
}, 60_000);

let count = 0;
function signal(symbol: string) {
  count += 1;
  return {
    id: `kill-${Date.now()}-${count}`,
    strategy_id: `strategy-${count}`,
    symbol,
    side: 'BUY',
    quantity: '10',
    stop_loss_pct: '0.05',
    take_profit_pct: '0.06',
  };
}

type LedgerOrder = LedgerReport['orders'][number];

/** placeOrder messages, modifications included, that the gateway has received. */
async function orderMessages(): Promise<number> {
  return (await ledger()).messages.byId['3'] ?? 0;
}

/** Why activities of the trade were tried again; empty when none was. */
async function retriedActivities(tradeId: string): Promise<string[]> {
  const handle = stack.temporal.workflow.getHandle(tradeWorkflowId(tradeId));
  const { events } = await handle.fetchHistory();
  return (events ?? [])
    .filter((event) => (event.activityTaskStartedEventAttributes?.attempt ?? 1) > 1)
    .map((event) => event.activityTaskStartedEventAttributes?.lastFailure?.message ?? 'unknown');
}

const ledger = () => stack.gateway.control<LedgerReport>('/ledger');

async function parentsAtGateway(symbol: string): Promise<LedgerOrder[]> {
  const { orders } = await ledger();
  return orders.filter((order) => order.symbol === symbol && order.orderType === 'MKT');
}

async function closeAndSettle(tradeId: string): Promise<TradeFacts> {
  await commandTrade(stack.temporal, tradeId, 'close', { key: 'test', actor: 'test' });
  return stack.waitFor(tradeId, (trade) => trade.realizedPnl !== null, 30_000);
}

describe('a killed process', () => {
  test('[TRD-3, BRK-1] broker worker killed with a position open: the stop lives on, the trade too', async () => {
    const { tradeId } = await stack.submit(signal('AAPL'));
    await stack.waitFor(tradeId, isAtRest);
    await stack.killWorker('broker-worker');
    const { orders } = await ledger();
    const stops = orders.filter((order) => order.symbol === 'AAPL' && order.orderType === 'STP');
    expect(stops.map((order) => order.armed)).toEqual([true]);

    await stack.startWorker('broker-worker');
    const closed = await closeAndSettle(tradeId);
    expect(closed.state).toBe('CLOSED');
    expect(await parentsAtGateway('AAPL')).toHaveLength(1);
  }, 60_000);

  test('[BRK-5] a fill while the broker worker is dead is booked when it returns', async () => {
    const { tradeId } = await stack.submit(signal('IBM'));
    const open = await stack.waitFor(tradeId, isAtRest);
    await stack.killWorker('broker-worker');
    // Far below the stop: it fills at the broker while nobody here listens.
    const price = open.averageEntry!.mul('0.9').toFixed(2);
    await stack.gateway.control('/prices', { IBM: Number(price) });
    await stack.startWorker('broker-worker');
    const closed = await stack.waitFor(tradeId, (trade) => trade.realizedPnl !== null, 30_000);
    expect(closed.exitReason).toBe('stop');
  }, 60_000);

  test('[TRD-1] trade worker killed while a trade is open: it goes on in the next one', async () => {
    const { tradeId } = await stack.submit(signal('MSFT'));
    await stack.waitFor(tradeId, isAtRest);
    await stack.killWorker('trade-worker');
    await stack.startWorker('trade-worker');
    expect((await closeAndSettle(tradeId)).state).toBe('CLOSED');
  }, 60_000);

  test('[TRD-6] a close long after the entry is one modification, sent once', async () => {
    const fixed = { stop_loss_pct: undefined, take_profit_pct: undefined };
    const { tradeId } = await stack.submit({
      ...signal('BAC'),
      ...fixed,
      stop_loss: '40',
      take_profit: '60',
    });
    await stack.waitFor(tradeId, isAtRest);
    const before = await orderMessages();
    await new Promise((resolve) => setTimeout(resolve, ACK_TIMEOUT_MS + 500));
    await closeAndSettle(tradeId);
    expect(await orderMessages()).toBe(before + 1);
    expect(await retriedActivities(tradeId)).toEqual([]);
  }, 60_000);

  test('[BRK-2] a socket cut before the acknowledgement: looked up, not sent again', async () => {
    await stack.gateway.control('/faults', { name: 'cut-before-ack', count: 1 });
    const { tradeId } = await stack.submit(signal('SPY'));
    await stack.waitFor(tradeId, isAtRest, 40_000);
    expect(await parentsAtGateway('SPY')).toHaveLength(1);
    await closeAndSettle(tradeId);
  }, 90_000);

  test('[BRK-2] an order dropped without a trace: proven absent, then sent once more', async () => {
    await stack.gateway.control('/faults', { name: 'order-dropped', count: 3 });
    const { tradeId } = await stack.submit(signal('NVDA'));
    const open = await stack.waitFor(tradeId, isAtRest, 60_000);
    expect(open.events.map((event) => event.kind)).toContain('not_sent');
    expect(await parentsAtGateway('NVDA')).toHaveLength(1);
    await closeAndSettle(tradeId);
  }, 120_000);

  test('[GWY-7] and the referee saw nothing to judge, in any verdict', async () => {
    expectNothingJudged(await ledger());
  });
});
