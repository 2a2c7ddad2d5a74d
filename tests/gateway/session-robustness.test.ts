/** What strangers, dead peers and slow readers do to the port: nothing to anyone else. */
import { expect, test } from '@jest/globals';
import { decimal } from '../../domain/money.js';
import { RawClient, frameOf, greetingOf } from './support/raw-client.js';
import { kept, start } from './support/wire-test.js';
import type { WireGateway } from './support/wire-gateway.js';

/** The bystander still gets an answer. */
async function expectServed(client: RawClient): Promise<void> {
  const from = client.messages.length;
  client.send(49, 1);
  await client.waitFor((fields) => fields[0] === '49', from);
}

test('[GWY-6] garbage before and after the handshake closes only its own connection', async () => {
  const { port } = await start();
  const bystander = kept(await RawClient.start(port, 1));
  const stranger = kept(await RawClient.open(port));
  stranger.socket.write('GET / HTTP/1.1\r\n\r\n');
  await stranger.waitForClose();
  const impostor = kept(await RawClient.open(port));
  impostor.socket.write(greetingOf('v100..193'));
  await impostor.waitFor((fields) => fields.length === 2);
  impostor.send('hello', 'world');
  await impostor.waitForClose();
  const broken = kept(await RawClient.start(port, 2));
  broken.socket.write(Buffer.from([0x7f, 0xff, 0xff, 0xff, 1, 2, 3]));
  await broken.waitForClose();
  const random = kept(await RawClient.start(port, 3));
  random.socket.write(Buffer.from(Array.from({ length: 4096 }, (_v, i) => (i * 7919) % 256)));
  await random.waitForClose();
  await expectServed(bystander);
  // The ids of the closed ones are free again.
  await expectServed(kept(await RawClient.startOnceFree(port, 2)));
});

test('[GWY-6] unreadable messages are answered, and the connection goes on', async () => {
  const { port, exchange } = await start();
  const client = kept(await RawClient.start(port, 1));
  client.send(3, 5, 'truncated');
  expect((await client.waitFor((f) => f[0] === '4' && f[3] === '320')).slice(2, 4)).toEqual([
    '5',
    '320',
  ]);
  client.send(9999, 1, 2, 3);
  client.send('x');
  client.send('');
  client.send('__proto__');
  client.send('constructor');
  client.send(62, 1, 'NaN', 'All', 'NetLiquidation');
  client.send(20, 8, 'AAPL');
  await client.waitFor((f) => f[0] === '4' && f[2] === '8' && f[3] === '320');
  await expectServed(client);
  expect(exchange.placed).toEqual([]);
});

test('[GWY-6] a connection that never gets to startApi is closed, and blocks nobody', async () => {
  const { port } = await start({ handshakeMs: 300 });
  const silent = kept(await RawClient.open(port));
  const half = kept(await RawClient.open(port));
  half.socket.write(greetingOf('v100..193'));
  const dripping = kept(await RawClient.open(port));
  dripping.socket.write('API');
  const served = kept(await RawClient.start(port, 1));
  await Promise.all([silent.waitForClose(), half.waitForClose(), dripping.waitForClose()]);
  await expectServed(served);
});

async function manyOrders(exchange: WireGateway['exchange'], clientId: number, count: number) {
  for (let orderId = 1; orderId <= count; orderId += 1) {
    exchange.place(clientId, orderId, orderRequest(`ref-${orderId}`));
    if (orderId % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

test('[GWY-6] a client that asks and never reads waits, then is given up; others are served', async () => {
  const { port, exchange } = await start({ limits: { unreadMs: 1000 } });
  const reader = kept(await RawClient.start(port, 1));
  const deaf = kept(await RawClient.start(port, 2));
  await manyOrders(exchange, 9, 1000);
  deaf.socket.pause();
  const before = process.memoryUsage().rss;
  const request = frameOf([16, 1]);
  for (let round = 0; round < 1000; round += 1) deaf.socket.write(request);
  const endMs = Date.now() + 2500;
  while (Date.now() < endMs) await expectServed(reader);
  // A thousand answers of 800 kB were asked for; what the collector has not yet taken back counts, too.
  expect(process.memoryUsage().rss - before).toBeLessThan(400 << 20);
  // Its id being free again proves that the gateway gave it up; a busy machine takes longer to look.
  await expectServed(kept(await RawClient.startOnceFree(port, 2)));
});

test('[GWY-6] a client that is told more than it reads is given up at a bound', async () => {
  const { port, exchange } = await start({ limits: { unsentBytesMax: 2 << 20 } });
  const reader = kept(await RawClient.start(port, 1));
  const deaf = kept(await RawClient.start(port, 2));
  deaf.socket.pause();
  await manyOrders(exchange, 2, 12_000);
  await expectServed(reader);
  await expectServed(kept(await RawClient.startOnceFree(port, 2)));
});

test('[GWY-6] a slow reader gets a listing of 10,000 orders whole', async () => {
  // Gateway and client share this process: on a busy machine a pause may last far longer than asked.
  const { port, exchange } = await start({
    limits: { unreadMs: 20_000, unsentBytesMax: 12 << 20 },
  });
  await manyOrders(exchange, 9, 10_000);
  const slow = kept(await RawClient.start(port, 1));
  for (let round = 0; round < 3; round += 1) slow.send(16, 1);
  slow.send(49, 1);
  for (let pauses = 0; pauses < 8; pauses += 1) {
    slow.socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 300));
    slow.socket.resume();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await slow.waitFor((fields) => fields[0] === '49');
  expect(slow.of(5).length).toBe(30_000);
  expect(slow.of(53).length).toBe(3);
}, 60_000);

test('[GWY-6] a flood of connections is bounded and passes', async () => {
  const { port } = await start({ handshakeMs: 500 });
  const bystander = kept(await RawClient.start(port, 1));
  const flood = await Promise.allSettled(Array.from({ length: 300 }, () => RawClient.open(port)));
  for (const one of flood) if (one.status === 'fulfilled') kept(one.value);
  await expectServed(bystander);
  await new Promise((resolve) => setTimeout(resolve, 700));
  await expectServed(kept(await RawClient.start(port, 2)));
});

test('[GWY-6] prices for a slow client are merged, not queued', async () => {
  const { port, market } = await start();
  const slow = kept(await RawClient.start(port, 1));
  market.set('AAPL', '100', '100.5');
  for (let reqId = 1; reqId <= 50; reqId += 1) {
    slow.send(
      1,
      11,
      reqId,
      0,
      'AAPL',
      'STK',
      '',
      0,
      '',
      '',
      'SMART',
      '',
      'USD',
      '',
      '',
      0,
      '',
      0,
      0,
      '',
    );
  }
  await slow.waitFor((fields) => fields[0] === '1' && fields[2] === '50');
  slow.socket.pause();
  for (let cent = 0; cent < 20_000; cent += 1) {
    market.set('AAPL', '100', decimal('101').add(decimal('0.01').mul(cent)).toFixed(2));
    if (cent % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  slow.socket.resume();
  await slow.waitFor((fields) => fields[0] === '1' && fields[4] === '300.99');
  await expectServed(slow);
});

function orderRequest(orderRef: string) {
  return {
    contract: { symbol: 'AAPL' },
    action: 'BUY' as const,
    totalQuantity: decimal('10'),
    orderType: 'LMT',
    lmtPrice: decimal('90'),
    tif: 'DAY',
    goodTillDate: '',
    goodAfterTime: '',
    ocaGroup: '',
    ocaType: 0,
    account: 'DU1000001',
    orderRef,
    transmit: true,
    parentId: 0,
    outsideRth: false,
    triggerMethod: 0,
    allOrNone: false,
    whatIf: false,
    echoed: {},
  };
}
