/** Security ids over the wire: an instrument's ISIN is told, and finds it. */
import { expect, test } from '@jest/globals';
import { createListings } from '../../gateway/market/listings.js';
import { orderFrame } from './support/order-frames.js';
import { clientOf, settled, start } from './support/wire-test.js';

/** reqContractDetails by a security id alone. */
const byId = (reqId: number, type: string, id: string, symbol = '', exchange = 'SMART') =>
  [9, 8, reqId, 0, symbol, 'STK', '', 0, '', '', exchange, '', 'USD', '', ''].concat([
    ...[0, type, id, ''],
  ]);

test('[GWY-2] contract details tell the ISIN, and are found by it', async () => {
  await start();
  const client = await clientOf(1);
  client.send(...byId(31, 'ISIN', 'US4592001014'));
  const details = await client.waitFor((f) => f[0] === '10' && f[1] === '31');
  const at = details.indexOf('ISIN');
  expect([details[2], ...details.slice(at - 1, at + 2)]).toEqual([
    'IBM',
    '1',
    'ISIN',
    'US4592001014',
  ]);
  await client.waitFor((f) => f[0] === '52' && f[2] === '31');
  client.send(...byId(32, 'ISIN', 'US4592001014', 'IBM', ''));
  expect((await client.waitFor((f) => f[0] === '10' && f[1] === '32'))[2]).toBe('IBM');
});

test('[GWY-2] an ISIN of nobody, of another symbol, or another kind of id gets 200', async () => {
  await start();
  const client = await clientOf(1);
  client.send(...byId(41, 'ISIN', 'US0000000000'));
  client.send(...byId(42, 'ISIN', 'US4592001014', 'AAPL'));
  client.send(...byId(43, 'CUSIP', '459200101'));
  const refusals = (await settled(client)).filter((f) => f[0] === '4' && f[3] === '200');
  expect(refusals.map((f) => f[2])).toEqual(['41', '42', '43']);
});

test('[GWY-2] an order can name its instrument by ISIN', async () => {
  const { exchange } = await start();
  const client = await clientOf(1);
  const frame = orderFrame(1, { limit: 90, symbol: '' });
  frame.splice(14, 2, 'ISIN', 'US0378331005');
  client.send(...frame);
  await client.waitFor((f) => f[0] === '3');
  const listed = createListings().find(exchange.placed[0]?.request.contract ?? {});
  expect(listed.map(({ symbol }) => symbol)).toEqual(['AAPL']);
});
