/** Pacing as the gateway sees it: what arrives in which order, and never too much in a second. */
import { afterEach, expect, test } from '@jest/globals';
import { OrderMemory } from '../../broker/ibkr/order-memory.js';
import { OrderReports } from '../../broker/ibkr/order-reports.js';
import { PacingWindow } from '../../broker/ibkr/pacing-window.js';
import { PacedQueue } from '../../broker/ibkr/pacing.js';
import { bracketing, cancelling, clientOf, orderOf, pause } from './support/harness.js';
import { placing, ready, SPY, turn, until, write } from './support/harness.js';
import type { Client } from './support/harness.js';
import { startScriptedGateway } from './support/scripted-gateway.js';
import type { ReceivedMessage, ScriptedGateway } from './support/scripted-gateway.js';

const MARKET_DATA = '1';
const PLACE_ORDER = '3';
const CANCEL_ORDER = '4';
const CURRENT_TIME = '49';
const PRICES = { entry: '100', stop: '95', target: '110' };

let gateway: ScriptedGateway | null = null;
let client: Client | null = null;

afterEach(async () => {
  await client?.broker.close();
  await gateway?.close();
});

/** As many protective messages as a limit of 10 allows at once. */
const FULL = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** The most messages that arrived within any stretch of this length. */
function busiest(messages: readonly ReceivedMessage[], stretchMs: number): number {
  const counts = messages.map(
    ({ atMs }) => messages.filter((m) => m.atMs >= atMs && m.atMs < atMs + stretchMs).length,
  );
  return Math.max(...counts);
}

test('[BRK-7] a flood never puts more than 50 messages into one second', async () => {
  gateway = await startScriptedGateway();
  client = await ready(clientOf(gateway.port));
  const { broker } = client;
  const sends = Array.from({ length: 120 }, (_, index) => write(broker, cancelling(index + 1)));
  await Promise.all(sends);
  const { received } = gateway;
  await until('all cancels', () => received.filter((m) => m.fields[0] === '4').length === 120);
  expect(busiest(received, 1_000)).toBeLessThanOrEqual(50);
  expect(busiest(received, 1_000)).toBeGreaterThan(40);
});

test('[BRK-7] cancels go before entries, entries before queries, and a bracket is one unit', async () => {
  gateway = await startScriptedGateway();
  client = await ready(clientOf(gateway.port, { limits: { maxMessagesPerSecond: 10 } }));
  await pause(1_300);
  const { broker } = client;
  const before = gateway.received.length;
  const filler = write(broker, cancelling(...FULL));
  broker.quoteSnapshot(SPY).catch(() => undefined);
  const entries = [1, 4].map((id) => write(broker, bracketing(id, `entry${id}`, PRICES)));
  const repair = write(broker, placing(orderOf(10, 'repair', { side: 'SELL' })));
  const cancel = write(broker, cancelling(77));
  await Promise.all([filler, ...entries, repair, cancel]);
  await until('the quote request', () => gateway?.ofKind(MARKET_DATA).length === 1);
  const order = gateway.received
    .slice(before + FULL.length)
    .filter(({ fields }) => fields[0] !== CURRENT_TIME)
    .map(({ fields }) => fields.slice(0, 2).join(' '));
  const isQuery = (message: string): boolean => message.startsWith(`${MARKET_DATA} `);
  const written = order.filter((message) => !isQuery(message));
  expect(written).toEqual(['3 10', '4 77', ...[1, 2, 3, 4, 5, 6].map((id) => `3 ${id}`)]);
  // The last turn keeps its own room: a query may go while its ids are given out.
  expect(order.findIndex(isQuery)).toBeGreaterThanOrEqual(5);
  const bracket = gateway.ofKind(PLACE_ORDER).slice(1);
  const spreadMs = (bracket[2]?.atMs ?? 0) - (bracket[0]?.atMs ?? 0);
  expect(spreadMs).toBeLessThan(20);
});

test('[BRK-2] an entry that finds no room in its time is not written, a cancel waits longer', async () => {
  gateway = await startScriptedGateway();
  client = await ready(clientOf(gateway.port, { limits: { maxMessagesPerSecond: 10 } }));
  await pause(1_300);
  const { broker } = client;
  await write(broker, cancelling(...FULL));
  const late = write(broker, bracketing(1, 'late', PRICES), { waitMs: 300 });
  const cancel = write(broker, cancelling(99));
  await expect(late).rejects.toMatchObject({ name: 'NotSentError', reason: 'too_late' });
  await cancel;
  await until('the cancels', () => gateway?.ofKind(CANCEL_ORDER).length === FULL.length + 1);
  expect(gateway.ofKind(PLACE_ORDER)).toHaveLength(0);
});

test('[BRK-7] the guard runs right before the write, however long the turn was waited for, and stops it', async () => {
  gateway = await startScriptedGateway();
  client = await ready(clientOf(gateway.port, { limits: { maxMessagesPerSecond: 10 } }));
  await pause(1_300);
  const { broker } = client;
  let leaseHeld = true;
  const guard = (): void => {
    if (!leaseHeld) throw new Error('the lease moved on to epoch 8');
  };
  await write(broker, cancelling(...FULL));
  const waiting = write(broker, bracketing(1, 'guarded', PRICES), { guard });
  leaseHeld = false;
  await expect(waiting).rejects.toMatchObject({
    name: 'NotSentError',
    reason: 'guard',
    message: expect.stringContaining('epoch 8'),
  });
  await pause(50);
  expect(gateway.ofKind(PLACE_ORDER)).toHaveLength(0);
});

test('[BRK-7] a message counts until a second after it is known to be read, and as long as it is not', () => {
  let now = 0;
  const window = new PacingWindow(() => now);
  window.wrote(['order 1', null, 'order 3']);
  now = 5_000;
  expect(window.waitMs(1, 3)).toBeNull(); // five seconds prove nothing
  expect(window.read('order 7')).toBe(false);
  expect(window.read('order 1')).toBe(true);
  expect(window.waitMs(1, 3)).toBeGreaterThan(1_000);
  expect(window.waitMs(2, 3)).toBeNull();
  now = 5_100;
  expect(window.read('order 3')).toBe(true); // and with it the one before
  expect(window.read('order 3')).toBe(false);
  now = 6_020;
  expect(window.waitMs(1, 3)).toBe(0);
  expect(window.waitMs(2, 3)).toBeGreaterThan(0);
  now = 6_200;
  expect(window.waitMs(3, 3)).toBe(0);
});

test('[BRK-7] a callback about an order that was seen before proves nothing of a later message', () => {
  const memory = new OrderMemory(7);
  const reports = new OrderReports(memory);
  expect(reports.freshMark(5)).toBe('order 5');
  reports.noteSent(orderOf(5, 'x'), { kind: 'order', parentId: 0 });
  expect(reports.freshMark(5)).toBeNull();
});

test('[BRK-7] an answer about the time that comes late answers no later question', async () => {
  let questions = 0;
  gateway = await startScriptedGateway({
    answer: ([id], session) => {
      if (id !== CURRENT_TIME) return false;
      questions += 1;
      if (questions === 2) setTimeout(() => session.send(CURRENT_TIME, 1, 1_000), 250);
      return questions > 1;
    },
  });
  client = await ready(clientOf(gateway.port, { limits: { requestTimeoutMs: 150 } }));
  await until('the sign of life', () => client?.broker.state().clockSkewMs !== null);
  await expect(client.broker.brokerTimeMs()).rejects.toMatchObject({ name: 'NoAnswerError' });
  await expect(client.broker.brokerTimeMs()).rejects.toMatchObject({ name: 'NoAnswerError' });
  expect(questions).toBe(3);
});

test('[BRK-7] a full queue refuses instead of growing', async () => {
  const queue = new PacedQueue({
    maxMessagesPerSecond: 3,
    maxQueuedUnits: 2,
    nowMs: Date.now,
    monotonicMs: () => 0, // time stands still: nothing leaves after the first
    askForProof: () => undefined,
  });
  const send = (priority: 'protect' | 'query') =>
    queue.send({ priority, mark: null, check: () => undefined, write: () => undefined });
  await send('query');
  const waiting = [send('query'), send('query')].map((sent) =>
    expect(sent).rejects.toMatchObject({ reason: 'closed' }),
  );
  await expect(send('query')).rejects.toMatchObject({ name: 'NotSentError', reason: 'queue_full' });
  await send('protect'); // one of the limit is left to it
  const urgent = expect(send('protect')).rejects.toMatchObject({ reason: 'closed' });
  queue.clear('the test is over');
  await Promise.all([...waiting, urgent]);
});

test('[BRK-7] more than a bound of turns to write is refused instead of waited for', async () => {
  gateway = await startScriptedGateway();
  client = await ready(clientOf(gateway.port, { limits: { maxQueuedUnits: 2 } }));
  const { broker } = client;
  const held = await broker.openSlot(turn('entry', 3));
  const waiting = [1, 4].map((id) => write(broker, bracketing(id, `entry${id}`, PRICES)));
  await expect(write(broker, bracketing(7, 'refused', PRICES))).rejects.toMatchObject({
    name: 'NotSentError',
    reason: 'queue_full',
  });
  const cancel = write(broker, cancelling(99)); // protection has a bound of its own
  held.release();
  await Promise.all([...waiting, cancel]);
  await until('the brackets', () => gateway?.ofKind(PLACE_ORDER).length === 6);
  expect(gateway.ofKind(CANCEL_ORDER)).toHaveLength(1);
});
