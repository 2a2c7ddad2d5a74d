/** The connection's states and faults, against a scripted gateway: single sequences over real TCP. */
import { afterEach, expect, test } from '@jest/globals';
import { assertMayTrade } from '../../broker/ibkr/guard.js';
import { bracketGroup, bracketing, bracketOf, cancelling } from './support/harness.js';
import { clientOf, modifying, ofKind, pause, placing } from './support/harness.js';
import { ready, SOON_MS, SPY, until, write } from './support/harness.js';
import type { Client } from './support/harness.js';
import { frame, startScriptedGateway } from './support/scripted-gateway.js';
import type { ScriptedGateway, ScriptedOptions } from './support/scripted-gateway.js';

const MARKET_DATA = '1';
const PLACE_ORDER = '3';
const CURRENT_TIME = '49';
const START_API = '71';
const PRICES = { entry: '100', stop: '95', target: '110' };

let gateways: ScriptedGateway[] = [];
let clients: Client[] = [];

afterEach(async () => {
  await Promise.all(clients.map((client) => client.broker.close()));
  await Promise.all(gateways.map((gateway) => gateway.close()));
  gateways = [];
  clients = [];
});

async function gatewayWith(options: ScriptedOptions = {}): Promise<ScriptedGateway> {
  const gateway = await startScriptedGateway(options);
  gateways.push(gateway);
  return gateway;
}

function client(port: number, options: Parameters<typeof clientOf>[1] = {}): Client {
  const created = clientOf(port, options);
  clients.push(created);
  return created;
}

/** The protocol's number of the request for an account's positions and their changes. */
const POSITIONS_MULTI = '74';

test('[BRK-1] ready means next id, accounts and the word of the owner, not an open socket', async () => {
  let letIn = false;
  const gateway = await gatewayWith({
    accounts: 'DU1234567,DU7654321',
    answer: ([id]) => id === START_API && !letIn,
  });
  const { broker } = client(gateway.port, { limits: { handshakeTimeoutMs: 200 } });
  broker.open();
  await until('the start of the API', () => gateway.ofKind(START_API).length > 0);
  expect(broker.state()).toMatchObject({ socket: 'connecting', ready: false });
  await expect(
    write(broker, bracketing(1, 'early', PRICES), { waitMs: SOON_MS }),
  ).rejects.toMatchObject({ name: 'NotSentError', reason: 'not_ready' });
  await until('the login hint', () => broker.state().reason.includes('a login may be needed'));
  letIn = true;
  await until('the handshake', () => broker.state().socket === 'up');
  expect(broker.state()).toMatchObject({
    ready: false,
    accounts: ['DU1234567', 'DU7654321'],
    nextValidId: 1,
  });
  await expect(
    write(broker, bracketing(1, 'unsynced', PRICES), { waitMs: SOON_MS }),
  ).rejects.toMatchObject({ reason: 'not_ready' });
  broker.declareSynced(broker.state().generation);
  expect(broker.state()).toMatchObject({ ready: true, brokerServers: true, dataFarms: true });
  await write(broker, bracketing(1, 'ready', PRICES));
  await until('the bracket', () => gateway.ofKind(PLACE_ORDER).length === 3);
});

test('[BRK-1] an order asked for while the gateway is away never reaches it later', async () => {
  const gateway = await gatewayWith();
  const { broker } = await ready(client(gateway.port));
  const { port } = gateway;
  await gateway.close();
  await until('the loss', () => broker.state().socket !== 'up');
  const refused = write(broker, bracketing(1, 'stale', PRICES), { waitMs: SOON_MS });
  await expect(refused).rejects.toMatchObject({ name: 'NotSentError', reason: 'not_ready' });
  const revived = await gatewayWith({ port });
  await until('the re-connection', () => broker.state().socket === 'up');
  broker.declareSynced(broker.state().generation);
  await write(broker, bracketing(11, 'fresh', PRICES));
  await until('the new bracket', () => revived.ofKind(PLACE_ORDER).length === 3);
  await pause(150);
  expect(revived.ofKind(PLACE_ORDER).map(({ fields }) => fields[1])).toEqual(['11', '12', '13']);
});

test('[BRK-7] what waits for room when the socket dies is not sent later: no order, no question', async () => {
  const gateway = await gatewayWith();
  const { broker } = await ready(client(gateway.port, { limits: { maxMessagesPerSecond: 10 } }));
  await pause(1_300);
  for (const id of [1, 4]) await write(broker, bracketing(id, `first${id}`, PRICES));
  const second = write(broker, bracketing(7, 'second', PRICES), { waitMs: 1_000 });
  const asked = broker.quoteSnapshot(SPY);
  const refused = Promise.all([
    expect(second).rejects.toMatchObject({ name: 'NotSentError', reason: 'not_ready' }),
    expect(asked).rejects.toMatchObject({ name: 'NoAnswerError' }),
  ]);
  await until('the first brackets', () => gateway.ofKind(PLACE_ORDER).length === 6);
  gateway.sessions[0]?.hangUp();
  await refused;
  await until('the re-connection', () => gateway.sessions.length === 2);
  await until('the handshake', () => broker.state().socket === 'up');
  broker.declareSynced(broker.state().generation);
  await pause(1_300);
  expect(gateway.ofKind(PLACE_ORDER).map(({ fields }) => fields[1])).toEqual([...'123456']);
  expect(gateway.ofKind(MARKET_DATA)).toEqual([]);
});

test('[BRK-1] a taken client id is named and tried again until it is free', async () => {
  let taken = true;
  const gateway = await gatewayWith({
    answer: ([id], session) => {
      if (id !== START_API || !taken) return false;
      session.send(4, 2, -1, 326, 'Unable to connect as the client id is already in use', '');
      session.hangUp();
      return true;
    },
  });
  const { broker, events } = client(gateway.port);
  broker.open();
  await until('two attempts', () => gateway.sessions.length >= 3);
  expect(broker.state().ready).toBe(false);
  const reasons = ofKind(events, 'connection').map(({ state }) => state.reason);
  expect(reasons).toContain('client id in use');
  expect(ofKind(events, 'notice').some(({ code }) => code === 326)).toBe(true);
  taken = false;
  await until('the handshake', () => broker.state().socket === 'up');
  expect(gateway.ofKind(START_API).every(({ fields }) => fields[2] === '7')).toBe(true);
});

test('[BRK-1] a taken client id is asked for steadily: nobody looks after the account until it is had', async () => {
  const triedAtMs: number[] = [];
  const gateway = await gatewayWith({
    answer: ([id], session) => {
      if (id !== START_API) return false;
      triedAtMs.push(performance.now());
      session.send(4, 2, -1, 326, 'Unable to connect as the client id is already in use', '');
      session.hangUp();
      return true;
    },
  });
  const limits = { backOffFirstMs: 30, backOffMaxMs: 60_000, clientIdRetryMs: 100 };
  client(gateway.port, { limits }).broker.open();
  await until('ten attempts', () => triedAtMs.length >= 10);
  const pausesMs = triedAtMs.slice(1).map((at, index) => at - triedAtMs[index]!);
  expect(Math.min(...pausesMs)).toBeGreaterThanOrEqual(95);
});

test.each([
  [1100, 1102],
  [1100, 1101],
  [2110, 1102],
])('[BRK-1] after %i nothing is sent until %i and a new sync', async (lost, back) => {
  const gateway = await gatewayWith();
  const { broker } = await ready(client(gateway.port));
  const session = gateway.sessions[0];
  session?.send(4, 2, -1, lost, 'Connectivity has been lost', '');
  await until('the loss', () => !broker.state().brokerServers);
  expect(broker.state()).toMatchObject({ socket: 'up', ready: false });
  expect(() => broker.declareSynced(broker.state().generation)).toThrow(/lost/);
  await expect(write(broker, cancelling(1), { waitMs: SOON_MS })).rejects.toMatchObject({
    reason: 'not_ready',
  });
  session?.send(4, 2, -1, back, 'Connectivity has been restored', '');
  await until('the return', () => broker.state().brokerServers);
  expect(broker.state().ready).toBe(false);
  broker.declareSynced(broker.state().generation);
  await write(broker, cancelling(1));
  await until('the cancel', () => gateway.ofKind('4').length === 1);
});

test.each(['before', 'after'])(
  '[BRK-1] connected to a gateway that has no servers, told %s the handshake, it is not ready (B5)',
  async (when) => {
    const lost = [4, 2, -1, 2110, 'Connectivity between TWS and server is broken', ''];
    const gateway = await gatewayWith({
      answer: ([id], session) => {
        if (id !== START_API) return false;
        if (when === 'before') session.send(...lost);
        session.send(15, 1, 'DU1234567');
        session.send(9, 1, 1);
        if (when === 'after') session.send(...lost);
        return true;
      },
    });
    const { broker } = client(gateway.port);
    broker.open();
    await until('the handshake', () => broker.state().socket === 'up');
    await until('the loss', () => !broker.state().brokerServers);
    expect(() => broker.declareSynced(broker.state().generation)).toThrow(
      /not_ready|no connection|lost/,
    );
    expect(broker.state().ready).toBe(false);
    const { generation } = broker.state();
    gateway.sessions[0]?.send(4, 2, -1, 1102, 'restored', '');
    await until('the return', () => broker.state().brokerServers);
    expect(broker.state().generation).toBe(generation + 1);
    broker.declareSynced(generation + 1);
    expect(broker.state().ready).toBe(true);
  },
);

test('[BRK-12] a generation begins with each handshake and each 1100, 1101, 1102, above the last', async () => {
  const gateway = await gatewayWith();
  const { broker } = await ready(client(gateway.port, { firstGeneration: 41 }));
  expect(broker.state().generation).toBe(41);
  const sinceMs = broker.state().generationSinceMs;
  await pause(5);
  for (const [index, code] of [1100, 1101, 1102].entries()) {
    gateway.sessions[0]?.send(4, 2, -1, code, 'told', '');
    await until(`the ${code}`, () => broker.state().generation === 42 + index);
  }
  expect(broker.state().generationSinceMs).toBeGreaterThan(sinceMs ?? 0);
  gateway.sessions[0]?.hangUp();
  await until('the re-connection', () => gateway.sessions.length === 2);
  await until('the handshake', () => broker.state().socket === 'up');
  expect(broker.state().generation).toBe(45);
});

test('[BRK-1] streams are asked for anew after a lost subscription and a new connection', async () => {
  const gateway = await gatewayWith();
  const { broker } = await ready(client(gateway.port));
  const release = broker.watchQuote({
    symbol: 'SPY',
    securityType: 'STK',
    exchange: 'SMART',
    currency: 'USD',
  });
  await until('the request', () => gateway.ofKind('1').length === 1);
  gateway.sessions[0]?.send(4, 2, -1, 1100, 'lost', '');
  gateway.sessions[0]?.send(4, 2, -1, 1101, 'restored, data lost', '');
  await until('the return', () => broker.state().reason.includes('back'));
  broker.declareSynced(broker.state().generation);
  await until('the second request', () => gateway.ofKind('1').length === 2);
  gateway.sessions[0]?.hangUp();
  await until('the re-connection', () => gateway.sessions.length === 2);
  await until('the handshake', () => broker.state().socket === 'up');
  broker.declareSynced(broker.state().generation);
  await until('the third request', () => gateway.ofKind('1').length === 3);
  const ids = gateway.ofKind('1').map(({ fields }) => fields[2]);
  expect(new Set(ids).size).toBe(3);
  release();
  await until('the cancel', () => gateway.ofKind('2').length === 1);
  expect(gateway.ofKind('2')[0]?.fields[2]).toBe(ids[2]);
});

test('[BRK-1] a gateway that keeps the port open but answers nothing is dropped', async () => {
  let stalled = false;
  const gateway = await gatewayWith({ answer: ([id]) => id === CURRENT_TIME && stalled });
  const { broker, events } = await ready(
    client(gateway.port, { limits: { keepAliveMs: 50, keepAliveAnswerMs: 150 } }),
  );
  await until('signs of life', () => gateway.ofKind(CURRENT_TIME).length >= 3);
  expect(gateway.sessions).toHaveLength(1);
  stalled = true;
  await until('a new connection', () => gateway.sessions.length > 1);
  const reasons = ofKind(events, 'connection').map(({ state }) => state.reason);
  expect(reasons.some((reason) => reason.includes('no longer answers'))).toBe(true);
  expect(broker.state().ready).toBe(false);
});

test('[BRK-1] the clock difference is measured and never overstated', async () => {
  const aheadMs = 4_000;
  const gateway = await gatewayWith({
    answer: ([id], session) => {
      if (id !== CURRENT_TIME) return false;
      session.send(49, 1, Math.floor((Date.now() + aheadMs) / 1_000));
      return true;
    },
  });
  const { broker } = await ready(client(gateway.port, { limits: { keepAliveMs: 90 } }));
  await until('several answers', () => gateway.ofKind(CURRENT_TIME).length > 6);
  const skewMs = broker.state().clockSkewMs;
  expect(skewMs).toBeGreaterThan(aheadMs - 1_100);
  expect(skewMs).toBeLessThanOrEqual(aheadMs);
});

test('[BRK-1] a farm that goes down and comes back shows in the third part of health', async () => {
  const gateway = await gatewayWith();
  const { broker } = await ready(client(gateway.port));
  gateway.sessions[0]?.send(4, 2, -1, 2103, 'Market data farm connection is broken:usfarm', '');
  await until('the loss', () => !broker.state().dataFarms);
  expect(broker.state()).toMatchObject({ ready: true, brokerServers: true });
  gateway.sessions[0]?.send(4, 2, -1, 2104, 'Market data farm connection is OK:usfarm', '');
  await until('the return', () => broker.state().dataFarms);
});

test('[BRK-1] a reject text that is no JSON costs that message, not the process', async () => {
  const gateway = await gatewayWith();
  const { broker, events } = await ready(client(gateway.port));
  const session = gateway.sessions[0];
  session?.sendBytes(
    Buffer.concat([
      frame([4, 2, 5, 201, 'Order rejected', '{broken']),
      frame([4, 2, 6, 202, 'Order Canceled - reason:', '']),
    ]),
  );
  await until('the later message', () => ofKind(events, 'order_error').length === 1);
  expect(ofKind(events, 'order_error')[0]?.error).toMatchObject({ sessionOrderId: 6, code: 202 });
  expect(ofKind(events, 'notice').map(({ code }) => code)).toContain(505);
  expect(broker.state().socket).toBe('up');
});

test('[BRK-1] unreadable messages are reported and the connection goes on', async () => {
  const gateway = await gatewayWith();
  const { broker, events } = await ready(client(gateway.port));
  const session = gateway.sessions[0];
  session?.send(777, 'a message of a later version');
  session?.send(49, 1, 1_700_000_000, 'a field too many');
  session?.send(5, 12, 'cut off');
  session?.send(4, 2, 6, 202, 'Order Canceled - reason:', '');
  await until('the readable message', () => ofKind(events, 'order_error').length === 1);
  const told = ofKind(events, 'notice');
  expect(new Set(told.map(({ code }) => code))).toEqual(new Set([505]));
  for (const part of ['777', 'CURRENT_TIME', 'OPEN_ORDER']) {
    expect(told.some(({ message }) => message.includes(part))).toBe(true);
  }
  expect(broker.state().ready).toBe(true);
});

test.each([
  [
    'a length that would stop the reading loop',
    Buffer.from([0xff, 0xff, 0xff, 0xfc, 0, 0, 0, 0, 0]),
  ],
  ['a web server', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['an empty frame', Buffer.from([0, 0, 0, 0, 0, 0, 0, 1, 0])],
])('[BRK-1] %s ends the connection, not the process', async (_title, bytes) => {
  const gateway = await gatewayWith();
  const { broker, events } = await ready(client(gateway.port));
  gateway.sessions[0]?.sendBytes(bytes);
  await until('a new connection', () => gateway.sessions.length === 2);
  await until('the handshake', () => broker.state().socket === 'up');
  const reasons = ofKind(events, 'connection').map(({ state }) => state.reason);
  expect(reasons.some((reason) => reason.includes('not the TWS protocol'))).toBe(true);
});

test('[RSK-6] a live account that nobody authorized gets no order, whatever was configured', async () => {
  const gateway = await gatewayWith({ accounts: 'U1234567' });
  const live = await ready(client(gateway.port));
  const bracket = bracketOf(1, 'live', PRICES);
  const asLive = { ...bracket.entry, account: 'U1234567' };
  const refusal = { name: 'NotSentError', reason: 'guard' };
  for (const group of [placing(asLive), modifying(asLive), bracketGroup(bracket)]) {
    await expect(write(live.broker, group)).rejects.toMatchObject(refusal);
  }
  await expect(live.broker.whatIf(asLive)).rejects.toMatchObject(refusal);
  const named = await ready(
    client(gateway.port, { clientId: 8, allowLive: true, authorizedAccounts: ['U9'] }),
  );
  await expect(write(named.broker, placing(asLive))).rejects.toMatchObject(refusal);
  await pause(50);
  expect(gateway.ofKind(PLACE_ORDER)).toHaveLength(0);
  const authorized = await ready(
    client(gateway.port, { clientId: 9, allowLive: true, authorizedAccounts: ['U1234567'] }),
  );
  await write(authorized.broker, placing(asLive));
  await until('the order', () => gateway.ofKind(PLACE_ORDER).length === 1);
});

test.each([7496, 4001])('[RSK-6] port %i is live, whatever the account', (port) => {
  const facts = { port, account: 'DU1', reportedAccounts: ['DU1'], authorizedAccounts: ['DU1'] };
  const refusal = expect.objectContaining({ name: 'NotSentError', reason: 'guard' });
  expect(() => assertMayTrade({ ...facts, allowLive: false })).toThrow(refusal);
  expect(() => assertMayTrade({ ...facts, allowLive: true })).not.toThrow();
  expect(() => assertMayTrade({ ...facts, port: port + 1, allowLive: false })).not.toThrow();
});

test.each([
  { code: 1101, asked: 2 },
  { code: 1102, asked: 1 },
])(
  '[BRK-1] changes of positions are asked for anew when $code says that subscriptions are gone, or not',
  async ({ code, asked }) => {
    const gateway = await gatewayWith();
    const { broker } = await ready(client(gateway.port));
    await until('the request', () => gateway.ofKind(POSITIONS_MULTI).length === 1);
    gateway.sessions[0]?.send(4, 2, -1, 1100, 'lost', '');
    gateway.sessions[0]?.send(4, 2, -1, code, 'restored', '');
    await until('the return', () => broker.state().reason.includes('back'));
    broker.declareSynced(broker.state().generation);
    // Asked for after it, and so told of after it.
    broker.watchQuote(SPY);
    await until('the request after it', () => gateway.ofKind('1').length === 1);
    expect(gateway.ofKind(POSITIONS_MULTI)).toHaveLength(asked);
  },
);
