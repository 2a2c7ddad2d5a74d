/** Faults on order messages: which of them is lost, and what of its group arrives. */
import { expect, test } from '@jest/globals';
import { orderFrame } from './support/order-frames.js';
import { RawClient, frameOf } from './support/raw-client.js';
import { clientOf, kept, settled, start } from './support/wire-test.js';
import type { OrderFields } from './support/order-frames.js';

/** A bracket as it is sent: parent, stop, target, which transmits all. */
function bracket(parentId = 1): (string | number)[][] {
  const exit: OrderFields = { action: 'SELL', parentId };
  return [
    orderFrame(parentId, { limit: 90, transmit: 0, ref: 'b' }),
    orderFrame(parentId + 1, { ...exit, type: 'STP', aux: 80, transmit: 0, ref: 'bs' }),
    orderFrame(parentId + 2, { ...exit, type: 'LMT', limit: 99, ref: 'bt' }),
  ];
}

const EXIT: OrderFields = { action: 'SELL', parentId: 1 };

test.each([
  ['parent', [2, 3]],
  ['stop', [1, 3]],
  ['target', [1, 2]],
  ['child', [1, 3]],
])(
  '[GWY-5] order-dropped, leg %s: that message of a bracket alone is lost',
  async (leg, arrived) => {
    const { exchange, faults } = await start();
    const client = await clientOf(1);
    faults.arm({ name: 'order-dropped', leg });
    client.send(...orderFrame(9, { limit: 90 }));
    for (const frame of bracket()) client.send(...frame);
    await settled(client);
    expect(exchange.placed.map(({ orderId }) => orderId)).toEqual([9, ...arrived]);
  },
);

test('[GWY-5] cut-before-ack, leg stop: what was sent behind it never arrives', async () => {
  const { exchange, faults } = await start();
  const client = await clientOf(1);
  faults.arm({ name: 'cut-before-ack', leg: 'stop' });
  client.socket.write(Buffer.concat(bracket().map(frameOf)));
  await client.waitForClose();
  expect(exchange.placed.map(({ orderId }) => orderId)).toEqual([1, 2]);
  const again = await clientOf(1);
  faults.arm({ name: 'cut-before-ack', leg: 'stop', lost: true });
  again.socket.write(Buffer.concat(bracket(11).map(frameOf)));
  await again.waitForClose();
  expect(exchange.placed.map(({ orderId }) => orderId)).toEqual([1, 2, 11]);
});

test('[GWY-5] order-dropped spares modifications unless asked; legs are of new orders', async () => {
  const { exchange, faults } = await start();
  const client = await clientOf(1);
  client.send(...orderFrame(1, { limit: 90 }));
  await settled(client);
  faults.arm({ name: 'order-dropped' });
  client.send(...orderFrame(1, { limit: 91 }));
  client.send(...orderFrame(2, { limit: 90 }));
  await settled(client);
  expect(exchange.placed.map(({ orderId }) => orderId)).toEqual([1, 1]);
  faults.arm({ name: 'order-dropped', modifications: true });
  client.send(...orderFrame(1, { limit: 92 }));
  client.send(...orderFrame(3, { limit: 90 }));
  await settled(client);
  expect(exchange.placed.map(({ orderId }) => orderId)).toEqual([1, 1, 3]);
  client.send(...orderFrame(4, { ...EXIT, type: 'STP', aux: 80 }));
  await settled(client);
  faults.arm({ name: 'cut-before-ack', leg: 'stop' });
  client.send(...orderFrame(4, { ...EXIT, type: 'STP', aux: 81 }));
  await settled(client);
  expect(client.closed).toBe(false);
});

test('[GWY-5] modify-dropped and cancel-dropped: read, forgotten, and the order works on', async () => {
  const dropped: string[] = [];
  const { exchange, faults } = await start({
    observer: {
      onOrderReceived: (_client, id, _request, receipt) => dropped.push(`${id} ${receipt}`),
      onCancelReceived: (_client, id, receipt) => dropped.push(`cancel ${id} ${receipt}`),
    },
  });
  const client = await clientOf(1);
  faults.arm({ name: 'modify-dropped', orderRef: 'mine' });
  faults.arm({ name: 'cancel-dropped', orderType: 'LMT' });
  client.send(...orderFrame(1, { limit: 90, ref: 'mine' }));
  await settled(client);
  const from = client.messages.length;
  client.send(...orderFrame(1, { limit: 91, ref: 'mine' }));
  client.send(4, 1, '', '');
  expect(await settled(client, from)).toEqual([]);
  expect(exchange.placed.length).toBe(1);
  expect(exchange.cancelled).toEqual([]);
  client.send(4, 1, '', '');
  await client.waitFor((fields) => fields[0] === '3' && fields[2] === 'Cancelled');
  expect(dropped).toEqual(['1 passed', '1 dropped', 'cancel 1 dropped', 'cancel 1 passed']);
});

test('[GWY-5] a fault narrowed by symbol knows an order that names its contract by id', async () => {
  const { exchange, faults } = await start();
  const client = await clientOf(1);
  faults.arm({ name: 'order-dropped', symbol: 'IBM' });
  const byId = orderFrame(1, { limit: 90, symbol: '' });
  byId[2] = 265598; // AAPL
  client.send(...byId);
  byId[1] = 2;
  byId[2] = 8314; // IBM
  client.send(...byId);
  await settled(client);
  expect(exchange.placed.map(({ orderId }) => orderId)).toEqual([1]);
});

test('[GWY-5] connection-cut: all sockets, or those of one client, and they may return at once', async () => {
  const { faults } = await start();
  const [first, second] = [await clientOf(1), await clientOf(2)];
  faults.arm({ name: 'connection-cut', clientId: 2 });
  await second.waitForClose();
  await settled(first);
  const again = await clientOf(2);
  faults.arm({ name: 'connection-cut' });
  await Promise.all([first.waitForClose(), again.waitForClose()]);
  await settled(await clientOf(1));
});

test('[GWY-5] missing-end-marker, empty: the list comes without items and without its end', async () => {
  const told: number[] = [];
  const observer = { onOrderTold: (_client: number, permId: number) => void told.push(permId) };
  const { faults, port } = await start({ observer });
  const sender = await clientOf(1);
  sender.send(...orderFrame(1, { type: 'MKT' }));
  sender.send(...orderFrame(2, { limit: 90 }));
  await settled(sender);
  const client = kept(await RawClient.start(port, 2));
  await settled(client);
  const [from, toldBefore] = [client.messages.length, told.length];
  faults.arm({ name: 'missing-end-marker', empty: true, count: 5, clientId: 2 });
  client.send(16, 1);
  client.send(7, 3, 5, 0, '', '', '', '', '', '');
  client.send(99, 0);
  client.send(61, 1);
  client.send(62, 1, 8, 'All', 'NetLiquidation');
  expect(await settled(client, from)).toEqual([]);
  expect(told.length).toBe(toldBefore);
  client.send(16, 1);
  await client.waitFor((fields) => fields[0] === '5');
  await client.waitFor((fields) => fields[0] === '53');
});
