/**
 * A process that trades on an exchange of its own until it is killed, and says every event that it
 * hears on standard output. Arguments: state folder, seed, first order id of this life.
 */
import { writeSync } from 'node:fs';
import { setImmediate } from 'node:timers';
import { decimal } from '../../../dist/domain/money.js';
import { createExchange } from '../../../dist/gateway/exchange/exchange.js';
import { createListings } from '../../../dist/gateway/market/listings.js';
import { Random } from '../../../dist/gateway/market/random.js';
import { createSessions } from '../../../dist/gateway/market/sessions.js';

const [stateDir, seed] = process.argv.slice(2);
const random = new Random(Number(seed));
const listeners = new Set();
let quote;
const market = {
  quote: (symbol) => (symbol === 'IBM' ? quote : undefined),
  onQuote(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  isOpen: () => true,
  setHalted: () => undefined,
  setPrices: () => undefined,
};

function nextQuote() {
  const bid = decimal(String((9_900 + random.below(200)) / 100));
  const size = () => decimal(String(1 + random.below(80)));
  const prices = { bid, ask: bid.add(decimal('0.02')), bidSize: size(), askSize: size() };
  quote = { ...prices, timeMs: 0, halted: false };
  for (const listener of listeners) listener('IBM', quote);
}

const exchange = createExchange({
  ...{ accounts: ['DU1000001'], startingCash: decimal('100000'), market, stateDir, tickMs: 0 },
  ...{ listings: createListings(), sessions: createSessions('always') },
  nowMs: () => Date.parse('2026-11-23T10:00:00-05:00'),
});

const line = (...parts) => writeSync(1, `${parts.join(' ')}\n`);
exchange.onEvent((event) => {
  if (event.kind === 'order') {
    const { orderId, permId, status, filled, request } = event.order;
    line('order', orderId, permId, status, filled, request.totalQuantity);
  } else if (event.kind === 'execution') {
    const { execId, side, shares, price } = event.execution;
    line('execution', execId, side, shares, price);
  } else if (event.kind === 'commission') line('commission', event.report.commission);
});

const base = {
  contract: { symbol: 'IBM', secType: 'STK', exchange: 'SMART', currency: 'USD' },
  ...{ tif: 'GTC', goodTillDate: '', goodAfterTime: '', ocaGroup: '', ocaType: 0, account: '' },
  ...{ orderRef: '', transmit: true, parentId: 0, outsideRth: false, triggerMethod: 0 },
  ...{ allOrNone: false, whatIf: false, echoed: {} },
};
const price = (cents) => decimal(String(cents / 100));

function bracket() {
  const id = exchange.nextValidId(1);
  const size = decimal(String(1 + random.below(100)));
  const exit = { ...base, action: 'SELL', totalQuantity: size, parentId: id, ocaType: 2 };
  const limit = price(9_900 + random.below(200));
  const entry = { ...base, action: 'BUY', totalQuantity: size, transmit: false };
  exchange.place(1, id, { ...entry, orderType: 'LMT', lmtPrice: limit });
  const target = { orderType: 'LMT', lmtPrice: price(10_050 + random.below(100)) };
  exchange.place(1, id + 1, { ...exit, ...target, transmit: false });
  const stop = { orderType: 'STP', auxPrice: price(9_850 + random.below(100)) };
  exchange.place(1, id + 2, { ...exit, ...stop });
}

function disturb() {
  const open = exchange.openOrders();
  const order = open[random.below(open.length || 1)];
  if (!order) return;
  if (random.next() < 0.5) exchange.cancel(1, order.orderId);
  else exchange.place(1, order.orderId, { ...order.request, tif: 'DAY' });
}

line('ready', exchange.nextValidId(1));
function step() {
  for (let index = 0; index < 20; index += 1) {
    nextQuote();
    if (exchange.openOrders().length < 60) bracket();
    if (random.next() < 0.3) disturb();
  }
  setImmediate(step);
}
step();
