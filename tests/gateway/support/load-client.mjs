/**
 * node load-client.mjs PORT ORDERS [KIND]: sends orders through one connection of the real client, as fast
 * as it can, and prints how many were acknowledged and how fast: limit orders that rest (KIND `resting`,
 * the default), or market orders that fill (`filling`). A process of its own, since decoding inside the
 * test runner is many times slower.
 */
import { setImmediate } from 'node:timers';
import { EventName, IBApi } from '@stoqey/ib';

/** The client's own limiter is lifted; what counts is what the gateway takes. */
const MESSAGES_PER_SECOND = 1_000_000;
const TIMEOUT_MS = 60_000;
const BATCH = 100;

const [port, count] = process.argv.slice(2).map(Number);
const fills = process.argv[4] === 'filling';
/** What says that an order has got where it should. */
const GOAL = fills ? 'Filled' : 'Submitted';
const ib = new IBApi({
  host: '127.0.0.1',
  port,
  clientId: 1,
  maxReqPerSec: MESSAGES_PER_SECOND,
});
const acknowledged = new Set();
const errors = [];
ib.on(EventName.orderStatus, (id, status) => {
  if (status === GOAL) acknowledged.add(id);
});
ib.on(EventName.error, (error, code) => errors.push(`${code} ${error.message}`));

const first = await new Promise((resolve) => {
  ib.once(EventName.nextValidId, resolve);
  ib.connect();
});

const contract = { symbol: 'AAPL', secType: 'STK', exchange: 'SMART', currency: 'USD' };
const type = fills ? { orderType: 'MKT' } : { orderType: 'LMT', lmtPrice: 50 };
const order = { ...type, action: 'BUY', tif: 'GTC', transmit: true, account: 'DU1000001' };
const startedMs = performance.now();
for (let index = 0; index < count; index += 1) {
  const own = { totalQuantity: 1, orderRef: `load-${index}` };
  ib.placeOrder(first + index, contract, { ...order, ...own });
  // What comes back must be read meanwhile.
  if (index % BATCH === 0) await new Promise((resolve) => setImmediate(resolve));
}
while (acknowledged.size < count && performance.now() - startedMs < TIMEOUT_MS) {
  await new Promise((resolve) => setTimeout(resolve, 5));
}
const seconds = (performance.now() - startedMs) / 1000;
const perSecond = Math.round(acknowledged.size / seconds);
console.log(
  JSON.stringify({ acknowledged: acknowledged.size, perSecond, errors: errors.slice(0, 5) }),
);
ib.disconnect();
process.exit();
