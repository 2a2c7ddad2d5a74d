import { OrderAction, OrderType, TimeInForce } from '@stoqey/ib';
import type { Order } from '@stoqey/ib';
import { afterEach, expect, test } from '@jest/globals';
import { startGateway } from '../support/gateway.js';
import type { TestGateway } from '../support/gateway.js';
import { ACCOUNT, connectTrader, ledgerOf, stock, until } from './support/trader.js';

const ORDERS = 10_000;
/** The client's own limiter is lifted; what counts is what the gateway takes. */
const UNLIMITED_PER_SECOND = 1_000_000;
/** With a busy machine's allowance below the thousand that it does on two free cores. */
const ORDERS_PER_SECOND_MIN = 500;
const MEMORY_MAX_BYTES = 600_000_000;

let gateway: TestGateway | undefined;
let hangUp: (() => void) | undefined;

afterEach(async () => {
  hangUp?.();
  await gateway?.stop();
});

function limitOrder(index: number): Order {
  return {
    ...{ action: OrderAction.BUY, orderType: OrderType.LMT, tif: TimeInForce.GTC, transmit: true },
    ...{ totalQuantity: 1, lmtPrice: 50, account: ACCOUNT, orderRef: `load-${index}` },
  };
}

test('[GWY-6] ten thousand orders through one connection: none lost, memory bounded', async () => {
  gateway = await startGateway({ flags: ['--pacing', 'off', '--cash', '100000000'] });
  const trader = await connectTrader(gateway.port, 1, UNLIMITED_PER_SECOND);
  hangUp = () => void trader.ib.disconnect();
  const first = trader.nextId;
  const startedMs = performance.now();
  for (let index = 0; index < ORDERS; index += 1) {
    trader.ib.placeOrder(first + index, stock('AAPL'), limitOrder(index));
    // As a client that is busy with other things, too: the loop must not hold back what comes in.
    if (index % 100 === 99) await new Promise((resolve) => setImmediate(resolve));
  }
  const acknowledged = () => new Set(trader.statuses.map((status) => status.split(' ')[0])).size;
  await until(() => trader.statuses.length >= ORDERS && acknowledged() === ORDERS, 'all', 60_000);
  const perSecond = ORDERS / ((performance.now() - startedMs) / 1000);
  const { memoryBytes } = await gateway.control<{ memoryBytes: number }>('/health');
  console.log(`${Math.round(perSecond)} orders a second, ${Math.round(memoryBytes / 1e6)} MB`);

  const { orders, verdicts, messages } = await ledgerOf(gateway);
  expect(orders).toHaveLength(ORDERS);
  expect(new Set(orders.map((order) => order.permId)).size).toBe(ORDERS);
  expect(orders.every((order) => order.status === 'Submitted')).toBe(true);
  expect(messages.byId['3']).toBe(ORDERS);
  expect(verdicts).toMatchObject({ duplicateEntries: 0, reReferencedEntries: 0 });
  expect(memoryBytes).toBeLessThan(MEMORY_MAX_BYTES);
  expect(perSecond).toBeGreaterThan(ORDERS_PER_SECOND_MIN);
}, 120_000);
