/** The paper gateway misbehaves: what the adapter says then, and what never reaches the gateway. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { bracketing, cancelling, clientOf, ofKind, orderOf, pause } from './support/harness.js';
import { placing, ready, SOON_MS, SPY, until, write } from './support/harness.js';
import type { Client } from './support/harness.js';
import { startPaper } from './support/paper.js';
import type { Paper } from './support/paper.js';

let paper: Paper;
let clients: Client[];

beforeEach(async () => {
  paper = await startPaper();
  await paper.setPrice('SPY', '100');
  clients = [];
});

afterEach(async () => {
  await Promise.all(clients.map(({ broker }) => broker.close()));
  await paper.stop();
});

function clientWith(options: Parameters<typeof clientOf>[1] = {}): Client {
  const created = clientOf(paper.port, options);
  clients.push(created);
  return created;
}

async function reconnected({ broker }: Client): Promise<void> {
  await until('the re-connection', () => broker.state().socket === 'up', 20_000);
  broker.declareSynced(broker.state().generation);
}

const RESTING = { entry: '90', stop: '80', target: '120' };

test('[BRK-1] a restart of the gateway while connected: no stale order, every order known again', async () => {
  const client = await ready(clientWith());
  const { broker } = client;
  await write(broker, bracketing(1, 'kept', RESTING));
  await until('the bracket', () => ofKind(client.events, 'order').length >= 3);
  await broker.snapshot();
  await paper.restart({
    whileDown: async () => {
      await until('the loss', () => broker.state().socket !== 'up');
      const stale = write(broker, bracketing(11, 'stale', RESTING), { waitMs: SOON_MS });
      await expect(stale).rejects.toMatchObject({ name: 'NotSentError', reason: 'not_ready' });
    },
  });
  await reconnected(client);
  expect(broker.state().nextValidId).toBeGreaterThanOrEqual(4);
  const { orders, isComplete } = await broker.snapshot();
  expect(isComplete).toBe(true);
  expect(orders.map((item) => item.clientOrderId).sort()).toEqual([
    'kept-entry',
    'kept-stop',
    'kept-target',
  ]);
  await pause(300);
  const refs = (await broker.snapshot()).orders.map((item) => item.clientOrderId);
  expect(refs.some((ref) => ref?.startsWith('stale'))).toBe(false);
});

test('[BRK-3] another process knows the orders by their references, and other clients see them', async () => {
  const first = await ready(clientWith());
  await write(first.broker, bracketing(1, 'x', RESTING));
  await first.broker.snapshot();
  const other = await ready(clientWith({ clientId: 8 }));
  const { orders } = await other.broker.snapshot();
  expect(
    orders.map(({ clientOrderId, sessionClientId }) => [clientOrderId, sessionClientId]),
  ).toEqual(expect.arrayContaining([['x-stop', 7]]));
  await first.broker.close();
  const next = await ready(clientWith());
  next.broker.learnOrders([{ sessionOrderId: 1, clientOrderId: 'x-entry' }]);
  expect((await next.broker.snapshot()).orders).toHaveLength(3);
  await write(next.broker, cancelling(1));
  await until('the end', () =>
    ofKind(next.events, 'order').some(
      ({ report }) => report.clientOrderId === 'x-entry' && report.status === 'CANCELLED',
    ),
  );
});

test('[BRK-1] a second session with the client id waits until the first one is gone', async () => {
  const first = await ready(clientWith());
  const standBy = clientWith();
  standBy.broker.open();
  await until('the refusal', () =>
    ofKind(standBy.events, 'notice').some(({ code }) => code === 326),
  );
  expect(standBy.broker.state().ready).toBe(false);
  expect(first.broker.state().ready).toBe(true);
  await first.broker.close();
  await reconnected(standBy);
  expect(standBy.broker.state().ready).toBe(true);
});

test.each(['connection-lost-1101', 'connection-lost-1102'])(
  '[BRK-1] %s: not ready until synced again, quotes go on',
  async (name) => {
    const client = await ready(clientWith());
    const { broker, events } = client;
    broker.watchQuote(SPY);
    await until('a quote', () => ofKind(events, 'quote').length > 0);
    await paper.fault({ name, seconds: 0.3 });
    await until('the loss', () => !broker.state().brokerServers);
    await expect(
      write(broker, bracketing(1, 'l', RESTING), { waitMs: SOON_MS }),
    ).rejects.toMatchObject({ reason: 'not_ready' });
    await until('the return', () => broker.state().brokerServers);
    expect(broker.state()).toMatchObject({ socket: 'up', ready: false });
    broker.declareSynced(broker.state().generation);
    const quotes = ofKind(events, 'quote').length;
    await paper.setPrice('SPY', '101');
    await until('another quote', () => ofKind(events, 'quote').length > quotes);
  },
);

test('[BRK-1] a farm flap shows and passes', async () => {
  const { broker } = await ready(clientWith());
  await paper.fault({ name: 'data-farm-flap', seconds: 0.3 });
  await until('the loss', () => !broker.state().dataFarms);
  expect(broker.state().ready).toBe(true);
  await until('the return', () => broker.state().dataFarms);
});

test('[BRK-1] a stalled gateway is noticed by the API, not by the socket', async () => {
  const client = await ready(
    clientWith({ limits: { keepAliveMs: 200, keepAliveAnswerMs: 400, handshakeTimeoutMs: 500 } }),
  );
  await paper.fault({ name: 'stall', seconds: 2 });
  await until('the silence', () =>
    ofKind(client.events, 'connection').some(({ state }) =>
      state.reason.includes('no longer answers'),
    ),
  );
  await reconnected(client);
});

test.each(['openOrders', 'completedOrders', 'executions', 'positions'])(
  '[BRK-2] a picture that lacks the end of its %s is incomplete; the next but one is whole',
  async (of) => {
    const { broker } = await ready(clientWith({ limits: { listingTimeoutMs: 300 } }));
    await write(broker, placing(orderOf(1, 'e', { limitPrice: '90' })));
    await paper.fault({ name: 'missing-end-marker', of });
    expect((await broker.snapshot()).isComplete).toBe(false);
    await broker.snapshot();
    const { isComplete, orders } = await broker.snapshot();
    expect(isComplete).toBe(true);
    expect(orders.map(({ clientOrderId }) => clientOrderId)).toEqual(['e']);
  },
);

test('[BRK-2] a dropped order and a cut socket leave silence, never a status of our own making', async () => {
  const client = await ready(clientWith());
  const { broker, events } = client;
  await paper.fault({ name: 'order-dropped' });
  await write(broker, placing(orderOf(1, 'dropped', { limitPrice: '90' })));
  await pause(200);
  expect(ofKind(events, 'order')).toEqual([]);
  await paper.fault({ name: 'cut-before-ack' });
  await write(broker, placing(orderOf(2, 'cut', { limitPrice: '90' })));
  await until('the loss', () => broker.state().socket !== 'up');
  await reconnected(client);
  const { orders } = await broker.snapshot();
  expect(orders.map((item) => item.clientOrderId)).toEqual(['cut']);
});

test('duplicate and out-of-order statuses are passed on as they come', async () => {
  const { broker, events } = await ready(clientWith());
  await paper.fault({ name: 'duplicate-status' });
  await paper.fault({ name: 'out-of-order-status' });
  const order = orderOf(1, 'd', { orderType: 'MKT', limitPrice: null, quantity: '2' });
  await write(broker, placing(order));
  await until('the fill', () =>
    ofKind(events, 'order').some(({ report }) => report.status === 'EXECUTED'),
  );
  await until('the execution', () => ofKind(events, 'execution').length > 0);
});
