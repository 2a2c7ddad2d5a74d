/** The wire's faults, each armed in the book and seen from a client's side; and message pacing. */
import { expect, test } from '@jest/globals';
import type { OrderReceipt, SessionObserver } from '../../gateway/session/observer.js';
import { marketDataFrame, orderFrame } from './support/order-frames.js';
import { RawClient } from './support/raw-client.js';
import { clientOf, kept, settled, start } from './support/wire-test.js';

function codes(messages: string[][]): string[] {
  return messages.filter((fields) => fields[0] === '4').map((fields) => fields[3] ?? '');
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const order = (orderId: number, type: string, ref = '') =>
  orderFrame(orderId, { type, ref, limit: type === 'MKT' ? '' : 90 });

class Notes implements SessionObserver {
  readonly orders: [number, number, OrderReceipt][] = [];
  readonly gone: [number, string][] = [];
  readonly violations: [number, number][] = [];
  messages = 0;
  onOrderReceived(clientId: number, orderId: number, _r: unknown, receipt: OrderReceipt): void {
    this.orders.push([clientId, orderId, receipt]);
  }
  onDisconnected(clientId: number, reason: string): void {
    this.gone.push([clientId, reason]);
  }
  onMessageReceived(): void {
    this.messages += 1;
  }
  onPacingViolation(clientId: number, breaches: number): void {
    this.violations.push([clientId, breaches]);
  }
}

test('[GWY-5] order-dropped: one order vanishes without a callback, the next lives', async () => {
  const observer = new Notes();
  const { exchange, faults } = await start({ observer });
  const client = await clientOf(1);
  faults.arm({ name: 'order-dropped', orderRef: 'mine' });
  client.send(...order(1, 'LMT', 'other'));
  client.send(...order(2, 'LMT', 'mine'));
  client.send(...order(3, 'LMT', 'mine'));
  const messages = await settled(client);
  expect(messages.filter((f) => f[0] === '3').map((f) => f[1])).toEqual(['1', '3']);
  expect(exchange.placed.map(({ orderId }) => orderId)).toEqual([1, 3]);
  expect(observer.orders).toEqual([
    [1, 1, 'passed'],
    [1, 2, 'dropped'],
    [1, 3, 'passed'],
  ]);
});

test('[GWY-5] cut-before-ack: the order lives, its sender heard nothing and is cut off', async () => {
  const { exchange, faults } = await start();
  const client = await clientOf(1);
  await settled(client);
  faults.arm({ name: 'cut-before-ack' });
  client.send(...order(1, 'LMT'));
  await client.waitForClose();
  expect(client.of(3)).toEqual([]);
  expect(exchange.placed.length).toBe(1);
  const again = await clientOf(1);
  again.send(5, 1);
  expect((await again.waitFor((f) => f[0] === '5'))[1]).toBe('1');
  faults.arm({ name: 'cut-before-ack', lost: true });
  again.send(...order(2, 'LMT'));
  await again.waitForClose();
  expect(exchange.placed.length).toBe(1);
});

test('[GWY-5] client-id-in-use: 326 though nobody has it, once', async () => {
  const { faults, port } = await start();
  faults.arm({ name: 'client-id-in-use' });
  await expect(RawClient.start(port, 1)).rejects.toThrow('326');
  await clientOf(1);
});

test.each(['connection-lost-1101', 'connection-lost-1102'])(
  '[GWY-5] %s: silence between, fills only by request, orders told again',
  async (name) => {
    const { faults, market, exchange } = await start();
    const client = await clientOf(1);
    market.set('AAPL', '100', '100.5');
    client.send(...marketDataFrame(42, 'AAPL'));
    client.send(...order(1, 'LMT'));
    const from = (await settled(client)).length + 1;
    faults.arm({ name, seconds: 0.3 });
    await client.waitFor((f) => f[0] === '4' && f[3] === '1100');
    const resting = exchange.orders[0];
    if (resting) exchange.fill(resting);
    market.set('AAPL', '100', '100.6');
    const silent = await settled(client, from);
    expect(silent.map((f) => f[0])).toEqual(['4']);
    await client.waitFor((f) => f[0] === '3' && f[2] === 'Filled', from);
    const back = await settled(client, from);
    expect(codes(back)).toEqual(['1100', name.slice(-4)]);
    expect(back.filter((f) => f[0] === '11' || f[0] === '59')).toEqual([]);
    client.send(7, 3, 5, 0, '', '', '', '', '', '');
    await client.waitFor((f) => f[0] === '11' && f[1] === '5');
    const at = client.messages.length;
    market.set('AAPL', '100', '100.8');
    await pause(300);
    const ticks = (await settled(client, at)).filter((f) => f[0] === '1');
    expect(ticks.length > 0).toBe(name.endsWith('1102'));
  },
);

test('[GWY-5] data-farm-flap: 2103, no prices, 2104, the newest price', async () => {
  const { faults, market } = await start();
  const client = await clientOf(1);
  market.set('AAPL', '100', '100.5');
  client.send(...marketDataFrame(42, 'AAPL'));
  const from = (await settled(client)).length + 1;
  faults.arm({ name: 'data-farm-flap', seconds: 0.3 });
  market.set('AAPL', '100', '100.6');
  market.set('AAPL', '100', '100.7');
  const during = await settled(client, from);
  expect(codes(during)).toEqual(['2103']);
  expect(during.filter((f) => f[0] === '1')).toEqual([]);
  await client.waitFor((f) => f[0] === '1' && f[4] === '100.7', from);
  expect(codes(await settled(client, from))).toEqual(['2103', '2104']);
  expect(client.messages.slice(from).some((f) => f[4] === '100.6')).toBe(false);
});

test('[GWY-5] missing-exec-details: the fill shows in status and listing only', async () => {
  const { faults } = await start();
  const client = await clientOf(1);
  faults.arm({ name: 'missing-exec-details' });
  client.send(...order(1, 'MKT'));
  const messages = await settled(client);
  expect(messages.some((f) => f[0] === '3' && f[2] === 'Filled')).toBe(true);
  expect(messages.filter((f) => f[0] === '11' || f[0] === '59')).toEqual([]);
  client.send(7, 3, 5, 0, '', '', '', '', '', '');
  await client.waitFor((f) => f[0] === '11' && f[1] === '5');
  client.send(...order(2, 'MKT'));
  await client.waitFor((f) => f[0] === '11' && f[1] === '-1');
});

test('[GWY-5] missing-end-marker: the named listing has no end, once', async () => {
  const { faults } = await start();
  const client = await clientOf(1);
  faults.arm({ name: 'missing-end-marker', of: 'executions' });
  client.send(16, 1);
  client.send(7, 3, 5, 0, '', '', '', '', '', '');
  const messages = await settled(client);
  expect(messages.some((f) => f[0] === '53')).toBe(true);
  expect(messages.some((f) => f[0] === '55')).toBe(false);
  client.send(7, 3, 6, 0, '', '', '', '', '', '');
  await client.waitFor((f) => f[0] === '55');
});

test('[GWY-5] duplicate and out-of-order status', async () => {
  const { faults } = await start();
  const client = await clientOf(1);
  faults.arm({ name: 'duplicate-status' });
  client.send(...order(1, 'LMT'));
  expect((await settled(client)).filter((f) => f[0] === '3').length).toBe(2);
  const from = client.messages.length;
  faults.arm({ name: 'out-of-order-status' });
  client.send(...order(2, 'MKT'));
  const statuses = (await settled(client, from)).filter((f) => f[0] === '3').map((f) => f[2]);
  expect(statuses).toEqual(['Filled', 'Submitted']);
  faults.arm({ name: 'out-of-order-status' });
  const at = client.messages.length;
  client.send(...order(3, 'LMT'));
  expect((await settled(client, at)).filter((f) => f[0] === '3')).toEqual([]);
  await client.waitFor((f) => f[0] === '3' && f[1] === '3', at);
});

test('[GWY-5] nightly-restart: everyone is dropped, the port is shut, then open again', async () => {
  const { faults, port } = await start();
  const client = await clientOf(1);
  faults.arm({ name: 'nightly-restart', seconds: 0.5 });
  await client.waitForClose();
  await expect(RawClient.open(port)).rejects.toThrow('ECONNREFUSED');
  await pause(800);
  await settled(await clientOf(1));
});

test('[GWY-5] stall: the port accepts and reads, answers nothing, then everything', async () => {
  const { faults, port, exchange } = await start();
  const client = await clientOf(1);
  await settled(client);
  const from = client.messages.length;
  faults.arm({ name: 'stall', seconds: 0.6 });
  client.send(...order(1, 'LMT'));
  const late = await RawClient.open(port);
  kept(late);
  late.socket.write(Buffer.from('API\0\0\0\0\x09v100..193', 'latin1'));
  await pause(300);
  expect(client.messages.length).toBe(from);
  expect(late.messages).toEqual([]);
  expect(exchange.placed).toEqual([]);
  await client.waitFor((f) => f[0] === '3', from);
  await late.waitFor((f) => f.length === 2);
});

test('[GWY-2] pacing: 51 messages in a second give 100, three breaches end the session', async () => {
  const observer = new Notes();
  await start({ pacing: 'on', observer });
  const client = await clientOf(1);
  for (let n = 0; n < 50; n += 1) client.send(49, 1);
  await client.waitFor(() => client.of(49).length === 50);
  expect(codes(client.messages)).not.toContain('100');
  await pause(1100);
  for (let n = 0; n < 60; n += 1) client.send(49, 1);
  await client.waitFor(() => client.of(49).length === 110);
  expect(codes(client.messages).filter((code) => code === '100').length).toBe(1);
  for (let round = 0; round < 2; round += 1) {
    await pause(1100);
    for (let n = 0; n < 60; n += 1) client.send(49, 1);
  }
  await client.waitForClose();
  expect(codes(client.messages).filter((code) => code === '100').length).toBe(3);
  expect(observer.violations).toEqual([
    [1, 1],
    [1, 2],
    [1, 3],
  ]);
  expect(observer.gone).toEqual([[1, 'third breach of the message pacing']]);
  expect(observer.messages).toBe(50 + 60 + 60 + 51);
});

test('[GWY-2] +PACEAPI: the flood is slowed to 50 a second, in order, without a breach', async () => {
  await start({ pacing: 'on' });
  const client = await clientOf(1, 'v100..193 +PACEAPI');
  const startMs = Date.now();
  for (let orderId = 1; orderId <= 120; orderId += 1) client.send(...order(orderId, 'LMT'));
  await client.waitFor(() => client.of(3).length === 120);
  expect(Date.now() - startMs).toBeGreaterThan(1900);
  expect(client.of(3).map((f) => Number(f[1]))).toEqual(
    Array.from({ length: 120 }, (_v, i) => i + 1),
  );
  expect(codes(client.messages)).not.toContain('100');
});
