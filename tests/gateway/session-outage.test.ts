/** IBKR's servers out of reach, as it looks to who comes then and to who asks then. */
import { expect, test } from '@jest/globals';
import { marketDataFrame, orderFrame } from './support/order-frames.js';
import { clientOf, settled, start } from './support/wire-test.js';

const codes = (messages: string[][]): string[] =>
  messages.filter((fields) => fields[0] === '4').map((fields) => fields[3] ?? '');
const EXECUTIONS = [7, 3, 5, 0, '', '', '', '', '', ''];

test.each(['1101', '1102'])(
  '[GWY-5] who connects during 1100 hears 2110, then %s; what only IBKR knows waits',
  async (code) => {
    const { faults } = await start();
    const sender = await clientOf(1);
    sender.send(...orderFrame(1, { type: 'MKT' }));
    sender.send(...orderFrame(2, { limit: 90 }));
    await settled(sender);
    faults.arm({ name: `connection-lost-${code}`, seconds: 0.5 });
    const late = await clientOf(2);
    late.send(...EXECUTIONS);
    late.send(16, 1);
    late.send(61, 1);
    const during = await settled(late);
    expect(codes(during)).toEqual(['2110']);
    expect(during.map((fields) => fields[0])).toEqual([expect.any(String), '15', '9', '4']);
    await late.waitFor((fields) => fields[0] === '62');
    const after = (await settled(late)).slice(during.length);
    expect(after.map((fields) => fields[0])).toEqual([
      '4',
      '11',
      '59',
      '55',
      '5',
      '3',
      '53',
      '61',
      '62',
    ]);
    expect(codes(after)).toEqual([code]);
    expect(codes(await settled(await clientOf(3)))).toEqual(['2104', '2106', '2158']);
  },
);

test('[GWY-5] a client of before waits for its answers, too; ids, time and orders go on', async () => {
  const { faults, exchange, market } = await start();
  const client = await clientOf(1);
  market.set('AAPL', '100', '100.5');
  await settled(client);
  faults.arm({ name: 'connection-lost-1101', seconds: 0.5 });
  const from = client.messages.length;
  client.send(5, 1);
  client.send(...marketDataFrame(42, 'AAPL'));
  client.send(8, 1, 1);
  client.send(...orderFrame(1, { limit: 90 }));
  client.send(9999);
  const during = await settled(client, from);
  expect(during.map((fields) => fields[0])).toEqual(['4', '9', '4']);
  expect(codes(during)).toEqual(['1100', '320']);
  expect(exchange.placed.length).toBe(1);
  await client.waitFor((fields) => fields[0] === '53', from);
  // Asked during the loss, it is no subscription that the loss took.
  await client.waitFor((fields) => fields[0] === '1' && fields[2] === '42', from);
});

test('[GWY-5] losses that overlap end once, with 1101 if any of them lost subscriptions', async () => {
  const { faults } = await start();
  const client = await clientOf(1);
  await settled(client);
  const from = client.messages.length;
  faults.arm({ name: 'connection-lost-1101', seconds: 0.3 });
  faults.arm({ name: 'connection-lost-1102', seconds: 0.6 });
  client.send(5, 1);
  await client.waitFor((fields) => fields[0] === '53', from);
  expect(codes(await settled(client, from))).toEqual(['1100', '1100', '1101']);
});

test('[GWY-6] what waits is bounded: beyond it a request is refused', async () => {
  const { faults } = await start();
  const client = await clientOf(1);
  await settled(client);
  faults.arm({ name: 'connection-lost-1102', seconds: 1.5 });
  const from = client.messages.length;
  for (let reqId = 1; reqId <= 1_003; reqId += 1)
    client.send(7, 3, reqId, 0, '', '', '', '', '', '');
  const refused = (await settled(client, from)).filter((fields) => fields[3] === '322');
  expect(refused.map((fields) => fields[2])).toEqual(['1001', '1002', '1003']);
  await client.waitFor((fields) => fields[0] === '55' && fields[2] === '1000', from);
});
