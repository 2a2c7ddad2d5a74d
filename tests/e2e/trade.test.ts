/** One trade, whole, on real parts: processes of their own, real database, Temporal and TWS socket. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ACTIONS_MAX, countTrade, EVENTS_MAX } from '../../bench/counts.js';
import { commandTrade } from '../../client/trades.js';
import { tradeWorkflowId } from '../../contract/workflows.js';
import { isAtRest } from '../support/at-rest.js';
import { startStack, type TestStack, type TradeFacts } from '../support/stack.js';

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

const hasReachedBroker = (trade: TradeFacts) =>
  trade.orders.length > 0 && trade.orders.every((order) => order.intent === 'SENT');
const isSettled = (trade: TradeFacts) => trade.realizedPnl !== null;
const legs = (trade: TradeFacts) => trade.orders.map((order) => `${order.role} ${order.status}`);

interface LedgerOrder {
  orderRef: string;
  orderType: string;
  status: string;
}

async function ledgerOrders(trade: TradeFacts): Promise<LedgerOrder[]> {
  const references = new Set(trade.orders.map((order) => order.clientOrderId));
  const { orders } = await stack.gateway.control<{ orders: LedgerOrder[] }>('/ledger');
  return orders.filter((order) => references.has(order.orderRef));
}

describe('a trade from signal to settlement', () => {
  test('[TRD-1, TRD-2] enters with its exits at the broker, and closes with its P&L', async () => {
    const { tradeId } = await stack.submit(signal());
    const open = await stack.waitFor(tradeId, isAtRest);
    expect(open.isProtected).toBe(true);
    expect(legs(open)).toEqual(['ENTRY EXECUTED', 'STOP ACCEPTED', 'TARGET ACCEPTED']);

    const close = { key: 'test', actor: 'test' };
    const answer = await commandTrade(stack.temporal, tradeId, 'close', close);
    expect(answer.verdict).toBe('accepted');
    const closed = await stack.waitFor(tradeId, isSettled);
    expect(closed.state).toBe('CLOSED');
    expect(closed.exitReason).toBe('manual');
    expect(closed.commission?.toFixed(2)).toBe('2.00');
    const { position } = {
      position: await stack.db.position.findFirst({ where: { strategyId: closed.strategyId } }),
    };
    expect(position?.quantity.toFixed()).toBe('0');
  });

  test('[PRF-1] costs Temporal no more than the goal', async () => {
    const { tradeId } = await stack.submit(signal({ symbol: 'MSFT' }));
    await stack.waitFor(tradeId, isAtRest);
    await commandTrade(stack.temporal, tradeId, 'close', { key: 'test', actor: 'test' });
    await stack.waitFor(tradeId, isSettled);
    const { events, actions } = await countTrade(stack.temporal, tradeId);
    expect(events).toBeLessThanOrEqual(EVENTS_MAX);
    expect(actions).toBeLessThanOrEqual(ACTIONS_MAX);
  });

  test('[SIG-2] three submissions at once are one trade and one parent order', async () => {
    const body = signal({ symbol: 'NVDA' });
    const answers = await Promise.all([1, 2, 3].map(() => stack.submit(body)));
    expect(new Set(answers.map(({ tradeId }) => tradeId)).size).toBe(1);
    const open = await stack.waitFor(answers[0]!.tradeId, isAtRest);
    const entries = (await ledgerOrders(open)).filter((order) => order.orderType === 'MKT');
    expect(entries).toHaveLength(1);
  });

  test('[TRD-5] an entry that rests is cancelled once, and takes its exits along', async () => {
    const resting = { symbol: 'KO', order_type: 'LMT', entry_price: '62.50' };
    const { tradeId } = await stack.submit(signal(resting));
    await stack.waitFor(tradeId, hasReachedBroker);
    const cancels = async () => {
      const { messages } = await stack.gateway.control<{
        messages: { byId: Record<string, number> };
      }>('/ledger');
      return messages.byId['4'] ?? 0;
    };
    const before = await cancels();
    const cancel = { key: 'test', actor: 'test' };
    expect((await commandTrade(stack.temporal, tradeId, 'cancel_entry', cancel)).verdict).toBe(
      'accepted',
    );
    const over = await stack.waitFor(tradeId, (trade) => trade.state === 'CANCELLED');
    expect(legs(over)).toEqual(['ENTRY CANCELLED', 'STOP CANCELLED', 'TARGET CANCELLED']);
    expect(await cancels()).toBe(before + 1);
    await stack.temporal.workflow.getHandle(tradeWorkflowId(tradeId)).result();
    const again = commandTrade(stack.temporal, tradeId, 'cancel_entry', {
      ...cancel,
      key: 'again',
    });
    await expect(again).rejects.toThrow();
  });

  test('[SIG-1, RSK-1] a stop on the wrong side is denied on record and nothing is sent', async () => {
    const wrong = signal({ symbol: 'JPM', stop_loss: '99999', stop_loss_pct: undefined });
    const { tradeId } = await stack.submit(wrong);
    const denied = await stack.waitFor(tradeId, (trade) => trade.state === 'DENIED');
    expect(denied.denialCodes).toContain('STOP_WRONG_SIDE');
    expect(denied.orders).toEqual([]);
  });

  test('[RSK-1] a symbol the broker does not know is denied as such', async () => {
    const { tradeId } = await stack.submit(signal({ symbol: 'ZZZZZ' }));
    const denied = await stack.waitFor(tradeId, (trade) => trade.state === 'DENIED');
    expect(denied.denialCodes).toContain('UNKNOWN_SYMBOL');
  });
});
