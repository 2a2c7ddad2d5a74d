/** Requests and their answers as frames: listings, filters, limits, subscriptions, refusals. */
import { expect, test } from '@jest/globals';
import { decimal } from '../../domain/money.js';
import { orderFrame } from './support/order-frames.js';
import { RawClient, greetingOf } from './support/raw-client.js';
import { AAPL, ACCOUNT } from './support/scripted-exchange.js';
import { clientOf, kept, settled, start } from './support/wire-test.js';

function errors(messages: string[][]): string[][] {
  return messages.filter((fields) => fields[0] === '4').map((fields) => fields.slice(2, 4));
}

const contract = (symbol: string) => [0, symbol, 'STK', '', 0, '', '', 'SMART', '', 'USD', '', ''];

test('[GWY-1] after startApi come accounts, the next id and the farm notices, before that nothing', async () => {
  await start();
  const client = await clientOf(5);
  const messages = await settled(client);
  expect(messages[0]).toEqual(['193', expect.stringMatching(/^\d{8} \d\d:\d\d:\d\d US\/Eastern$/)]);
  expect(messages.slice(1, 3)).toEqual([
    ['15', '1', ACCOUNT],
    ['9', '1', '1'],
  ]);
  expect(errors(messages)).toEqual([
    ['-1', '2104'],
    ['-1', '2106'],
    ['-1', '2158'],
  ]);
});

test('[GWY-1] a client id in use gets 326 and is closed; the first client stays', async () => {
  const { port } = await start();
  const first = await clientOf(5);
  const second = await RawClient.open(port);
  kept(second);
  second.socket.write(Buffer.from('API\0\0\0\0\x09v100..193', 'latin1'));
  await second.waitFor((fields) => fields.length === 2);
  second.send(71, 2, 5, '');
  await second.waitForClose();
  expect(errors(second.messages)).toEqual([['-1', '326']]);
  expect(second.of(9)).toEqual([]);
  await settled(first);
});

test('[GWY-1] below version 157 the connection is refused; error layouts follow the version', async () => {
  const { port } = await start();
  const old = await RawClient.open(port);
  kept(old);
  old.socket.write(Buffer.from('API\0\0\0\0\x09v100..156', 'latin1'));
  await old.waitForClose();
  expect(old.messages).toEqual([]);
  const [oldest, newest] = [await clientOf(1, 'v100..157'), await clientOf(2)];
  expect((await oldest.waitFor((f) => f[0] === '4')).length).toBe(5);
  expect((await newest.waitFor((f) => f[0] === '4')).length).toBe(6);
});

test('[GWY-1] nobody is given version 158: who offers nothing else is refused', async () => {
  const { port } = await start();
  const only = kept(await RawClient.open(port));
  only.socket.write(greetingOf('v158..158'));
  await only.waitForClose();
  expect(only.messages).toEqual([]);
  for (const [offer, version] of [
    ['v158..160', '160'],
    ['v157..158', '157'],
  ] as const) {
    const client = kept(await RawClient.open(port));
    client.socket.write(greetingOf(offer));
    expect((await client.waitFor((f) => f.length === 2))[0]).toBe(version);
  }
});

test.each([
  ['a client id that is no number', [71, 2, 'x', ''], 'clientId'],
  ['a client id below zero', [71, 2, -1, ''], 'clientId'],
  ['a truncated one', [71], 'clientId'],
  ['another request first', [49, 1], 'message id'],
  ['no number first', ['hello', 'world'], 'message id'],
])('[GWY-1] an unreadable startApi (%s) gets 320, then is closed', async (_what, frame, field) => {
  const { port } = await start();
  const client = kept(await RawClient.open(port));
  client.socket.write(greetingOf('v100..193'));
  await client.waitFor((fields) => fields.length === 2);
  client.send(...frame);
  await client.waitForClose();
  expect(client.messages.slice(1).map((fields) => fields.slice(0, 5))).toEqual([
    ['4', '2', '-1', '320', `Error reading request. Unable to parse field: ${field}`],
  ]);
});

test('[GWY-2] own open orders, all open orders, and auto-bind for client 0 alone', async () => {
  await start();
  const [first, second] = [await clientOf(1), await clientOf(2)];
  first.send(...orderFrame(1, { ref: 'a' }));
  second.send(...orderFrame(1, { ref: 'b' }));
  await second.waitFor((fields) => fields[0] === '3');
  await first.waitFor((fields) => fields[0] === '3');
  const from = first.messages.length;
  first.send(5, 1);
  await first.waitFor((fields) => fields[0] === '53', from);
  expect(first.messages.slice(from).map((f) => f[0])).toEqual(['5', '3', '53']);
  const all = first.messages.length;
  first.send(16, 1);
  await first.waitFor((fields) => fields[0] === '53', all);
  expect(first.messages.slice(all).map((f) => f[0])).toEqual(['5', '3', '5', '3', '53']);
  // Each client heard of its own order only.
  expect(second.of(5).length).toBe(1);
  const bind = first.messages.length;
  first.send(15, 1, 1);
  expect(errors(await settled(first, bind))).toEqual([['-1', '327']]);
  const zero = await clientOf(0);
  const at = zero.messages.length;
  zero.send(15, 1, 1);
  expect(errors(await settled(zero, at)).filter(([, code]) => code === '327')).toEqual([]);
});

test('[GWY-2] executions by client, symbol, side and time; each with its commission, then the end', async () => {
  const { exchange } = await start();
  const [first, second] = [await clientOf(1), await clientOf(2)];
  first.send(...orderFrame(1, { type: 'MKT' }));
  second.send(...orderFrame(1, { type: 'MKT', action: 'SELL' }));
  await first.waitFor((fields) => fields[0] === '59');
  await second.waitFor((fields) => fields[0] === '59');
  expect(first.of(11)[0]?.[1]).toBe('-1');
  const ask = async (...filter: (string | number)[]): Promise<string[]> => {
    const from = first.messages.length;
    first.send(7, 3, 77, ...filter);
    await first.waitFor((fields) => fields[0] === '55', from);
    const rows = first.messages.slice(from).filter((fields) => fields[0] === '11');
    const paid = first.messages.slice(from).filter((fields) => fields[0] === '59');
    expect(paid.length).toBe(rows.length);
    expect(rows.every((fields) => fields[1] === '77')).toBe(true);
    return rows.map((fields) => fields[18] ?? '');
  };
  expect(await ask(0, '', '', '', '', '', '')).toEqual(['BOT', 'SLD']);
  expect(await ask('', '', '', '', '', '', '')).toEqual(['BOT', 'SLD']);
  expect(await ask(2, '', '', '', '', '', '')).toEqual(['SLD']);
  expect(await ask(0, ACCOUNT, '', 'AAPL', 'STK', '', 'BUY')).toEqual(['BOT']);
  expect(await ask(0, '', '', '', '', '', 'SLD')).toEqual(['SLD']);
  expect(await ask(0, '', '', 'MSFT', '', '', '')).toEqual([]);
  expect(await ask(0, '', '20990101-00:00:00', '', '', '', '')).toEqual([]);
  expect(await ask(0, '', '20000101 00:00:00', '', '', '', '')).toEqual(['BOT', 'SLD']);
  expect(exchange.fills.length).toBe(2);
});

test('[GWY-2] the third account summary gets 322 until one is cancelled', async () => {
  await start();
  const client = await clientOf(1);
  for (const reqId of [11, 12, 13]) client.send(62, 1, reqId, 'All', 'NetLiquidation,BuyingPower');
  const messages = await settled(client);
  expect(messages.filter((f) => f[0] === '63').map((f) => [f[2], f[4]])).toEqual([
    ['11', 'NetLiquidation'],
    ['11', 'BuyingPower'],
    ['12', 'NetLiquidation'],
    ['12', 'BuyingPower'],
  ]);
  expect(errors(messages)).toContainEqual(['13', '322']);
  client.send(63, 1, 11);
  client.send(62, 1, 13, 'All', 'NetLiquidation');
  await client.waitFor((fields) => fields[0] === '64' && fields[2] === '13');
});

test('[GWY-2] account updates, positions, their multi forms and P&L follow a trade', async () => {
  const { exchange } = await start();
  const client = await clientOf(1);
  client.send(6, 2, 1, ACCOUNT);
  await client.waitFor((fields) => fields[0] === '54');
  client.send(61, 1);
  await client.waitFor((fields) => fields[0] === '62');
  client.send(74, 1, 21, ACCOUNT, '');
  await client.waitFor((fields) => fields[0] === '72');
  client.send(76, 1, 22, ACCOUNT, '', 1);
  await client.waitFor((fields) => fields[0] === '74');
  client.send(92, 23, ACCOUNT, '');
  client.send(94, 24, ACCOUNT, '', AAPL.conId);
  expect(await client.waitFor((f) => f[0] === '94')).toEqual(['94', '23', '-12.5', '3', '0']);
  expect(await client.waitFor((f) => f[0] === '95')).toEqual([
    '95',
    '24',
    '10',
    '-12.5',
    '3',
    '0',
    '1015',
  ]);
  const from = client.messages.length;
  exchange.values = [{ account: ACCOUNT, tag: 'NetLiquidation', value: '9', currency: 'USD' }];
  client.send(...orderFrame(1, { type: 'MKT' }));
  await client.waitFor((fields) => fields[0] === '6', from);
  const later = client.messages.slice(from);
  expect(later.find((f) => f[0] === '61')?.slice(2, 5)).toEqual([ACCOUNT, '265598', 'AAPL']);
  expect(later.find((f) => f[0] === '71')?.[2]).toBe('21');
  expect(later.find((f) => f[0] === '7')?.[13]).toBe('10');
  await client.waitFor((f) => f[0] === '73' && f[2] === '22' && f[6] === '9', from);
  client.send(64, 1);
  client.send(6, 2, 0, ACCOUNT);
  const quiet = (await settled(client)).length;
  client.send(...orderFrame(2, { type: 'MKT' }));
  const after = await settled(client, quiet);
  expect(after.some((f) => f[0] === '61' || f[0] === '7')).toBe(false);
});

test('[GWY-2] unknown contracts get 200 everywhere', async () => {
  await start();
  const client = await clientOf(1);
  client.send(9, 8, 31, ...contract('NOSUCH'), 0, '', '', '');
  client.send(1, 11, 32, ...contract('NOSUCH'), 0, '', 0, 0, '');
  client.send(20, 33, ...contract('NOSUCH'), 0, '', '1 day', '5 D', 1, 'TRADES', 1, 0, '');
  expect(errors(await settled(client)).slice(3)).toEqual([
    ['31', '200'],
    ['32', '200'],
    ['33', '200'],
  ]);
});

test('[GWY-2] a snapshot is 81, 58, prices, 57; a stream goes on with what changes', async () => {
  const { market } = await start();
  market.set('AAPL', '100', '100.5', { last: decimal('100.2'), close: decimal('99') });
  const client = await clientOf(1);
  const from = client.messages.length;
  client.send(1, 11, 41, ...contract('AAPL'), 0, '', 1, 0, '');
  await client.waitFor((fields) => fields[0] === '57', from);
  const snapshot = client.messages.slice(from).filter((f) => f[0] !== '4');
  expect(snapshot.map((f) => f[0])[0]).toBe('81');
  expect(snapshot[1]).toEqual(['58', '1', '41', '1']);
  expect(snapshot.at(-1)).toEqual(['57', '1', '41']);
  const prices = snapshot.filter((f) => f[0] === '1').map((f) => [f[3], f[4]]);
  expect(prices).toEqual([
    ['1', '100'],
    ['2', '100.5'],
    ['4', '100.2'],
    ['9', '99'],
  ]);
  client.send(1, 11, 42, ...contract('AAPL'), 0, '', 0, 0, '');
  await client.waitFor((f) => f[0] === '1' && f[2] === '42' && f[3] === '9');
  const at = client.messages.length;
  market.set('AAPL', '100', '100.6', { last: decimal('100.2'), close: decimal('99') });
  const changed = await settled(client, at);
  expect(changed).toEqual([['1', '6', '42', '2', '100.6', '200', '1']]);
  client.send(2, 2, 42);
  await settled(client);
  const gone = client.messages.length;
  market.set('AAPL', '100', '100.7');
  expect(await settled(client, gone)).toEqual([]);
});

test('[GWY-2] a snapshot without a price ends within 11 seconds, duplicates and surplus lines are refused', async () => {
  await start();
  const client = await clientOf(1);
  client.send(1, 11, 51, ...contract('AAPL'), 0, '', 0, 0, '');
  client.send(1, 11, 51, ...contract('AAPL'), 0, '', 0, 0, '');
  for (let reqId = 100; reqId < 200; reqId += 1) {
    client.send(1, 11, reqId, ...contract('AAPL'), 0, '', 0, 0, '');
  }
  client.send(2, 2, 9);
  expect(errors(await settled(client)).slice(3)).toEqual([
    ['51', '102'],
    ['199', '101'],
    ['9', '300'],
  ]);
  client.send(2, 2, 51);
  const startMs = Date.now();
  client.send(1, 11, 52, ...contract('MSFT'), 0, '', 1, 0, '');
  while (!client.messages.some((f) => f[0] === '57')) {
    expect(Date.now() - startMs).toBeLessThan(12_500);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
});

test('[GWY-2] an account without live data gets 10168, or 10167 and delayed prices', async () => {
  const { market } = await start({ liveData: false });
  market.set('AAPL', '100', '100.5');
  const client = await clientOf(1);
  client.send(1, 11, 61, ...contract('AAPL'), 0, '', 0, 0, '');
  client.send(59, 1, 3);
  client.send(1, 11, 62, ...contract('AAPL'), 0, '', 0, 0, '');
  const messages = await settled(client);
  expect(errors(messages).slice(3)).toEqual([
    ['61', '10168'],
    ['62', '10167'],
  ]);
  expect(messages.find((f) => f[0] === '58')).toEqual(['58', '1', '62', '3']);
  expect(messages.filter((f) => f[0] === '1').map((f) => f[3])).toEqual(['66', '67']);
});

test('[GWY-2] a what-if order is answered once, and is never an order', async () => {
  const { exchange } = await start();
  const client = await clientOf(1);
  client.send(...orderFrame(1, { whatIf: 1 }));
  client.send(...orderFrame(2, { whatIf: 1, transmit: 0 }));
  const messages = await settled(client);
  const answer = messages.find((fields) => fields[0] === '5') ?? [];
  expect(answer[1]).toBe('1');
  expect(answer).toContain('3000.5');
  expect(messages.filter((fields) => fields[0] === '3')).toEqual([]);
  expect(errors(messages)).toContainEqual(['2', '413']);
  expect(exchange.placed).toEqual([]);
});

test('attributes that IBKR dropped are refused, and fractions below version 163', async () => {
  const { exchange } = await start();
  const client = await clientOf(1);
  client.send(...orderFrame(1, { eTradeOnly: 1 }));
  client.send(...orderFrame(2, { quantity: '1.5' }));
  expect(errors(await settled(client)).slice(3)).toEqual([['1', '10268']]);
  expect(exchange.placed.map(({ request }) => request.totalQuantity.toFixed())).toEqual(['1.5']);
});

test('[GWY-2] every other known request is answered politely, unknown ones do not close', async () => {
  await start();
  const client = await clientOf(1);
  client.send(87, 71, ...contract('AAPL'), 0, 1, 'TRADES', 1);
  client.send(97, 72, ...contract('AAPL'), 'Last', 0, 0);
  client.send(80);
  client.send(11, 1, 5);
  client.send(91, 26);
  client.send(91, 99);
  client.send(81, 73, 'AAP');
  client.send(8, 1, 1);
  const messages = await settled(client);
  expect(errors(messages).slice(3)).toEqual([
    ['71', '321'],
    ['72', '321'],
    ['-1', '321'],
    ['-1', '321'],
  ]);
  expect(messages.find((f) => f[0] === '93')).toEqual(['93', '26', '1', '0', '0.01']);
  expect(messages.find((f) => f[0] === '79')?.slice(1, 5)).toEqual(['73', '1', '265598', 'AAPL']);
});

test('[GWY-2] cancel and global cancel reach the exchange in old and new layouts', async () => {
  const { exchange } = await start();
  const [old, recent] = [await clientOf(1, 'v100..178'), await clientOf(2)];
  old.send(4, 1, 5, '');
  recent.send(4, 6, '', '', 2147483647);
  old.send(58, 1);
  recent.send(58, '', 2147483647);
  await Promise.all([settled(old), settled(recent)]);
  expect(exchange.cancelled).toContainEqual({ clientId: 1, orderId: 5 });
  expect(exchange.cancelled).toContainEqual({ clientId: 2, orderId: 6 });
  expect(exchange.globalCancels).toBe(2);
  expect(errors(old.messages)).toContainEqual(['5', '10147']);
});

test('[GWY-2] the master client hears of all orders and fills', async () => {
  await start({ masterClientId: 9 });
  const [owner, master] = [await clientOf(1), await clientOf(9)];
  owner.send(...orderFrame(1, { type: 'MKT' }));
  await master.waitFor((fields) => fields[0] === '59');
  expect(master.of(11)[0]?.[1]).toBe('-1');
  expect(master.of(3).at(-1)?.[2]).toBe('Filled');
});
