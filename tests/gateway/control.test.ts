import type { Server } from 'node:http';
import { request } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { parseHours } from '../../broker/ibkr/hours.js';
import { createControl } from '../../gateway/control/control.js';
import type { ControlParts } from '../../gateway/control/control.js';
import { listen } from '../../gateway/control/http.js';
import { ListConflict } from '../../gateway/ledger/listed.js';
import { openTerminal } from '../../gateway/exchange/terminal.js';
import { FaultBook } from '../../gateway/faults.js';
import { createListings } from '../../gateway/market/listings.js';
import { createSessions } from '../../gateway/market/sessions.js';
import { createSimulatedMarket } from '../../gateway/market/simulated.js';

let server: Server | undefined;
let stopMarket: (() => void) | undefined;

afterEach(() => {
  stopMarket?.();
  server?.close();
  server?.closeAllConnections();
});

function liquidHours(answer: object): string {
  return (answer as { liquid_hours: string }).liquid_hours;
}

async function start(parts: Partial<ControlParts> = {}) {
  const listings = createListings();
  const market = createSimulatedMarket({ listings, seed: 1, speed: 1, paused: true });
  stopMarket = () => market.stop();
  const changes: string[] = [];
  server = createControl({
    market,
    listings,
    faults: new FaultBook(),
    accounts: () => ({ DU1000001: { cash: '100000' } }),
    ledgerReport: () => ({ orders: [] }),
    signals: { list: () => [], listed: () => [] },
    hours: createSessions('always'),
    terminal: openTerminal(),
    health: () => ({ status: 'ok' }),
    onChange: () => changes.push('changed'),
    ...parts,
  });
  const base = `http://127.0.0.1:${await listen(server, 0)}`;

  async function call(path: string, body?: unknown, init: RequestInit = {}) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const post = body === undefined ? {} : { method: 'POST', body: text };
    const response = await fetch(`${base}${path}`, { ...post, ...init });
    const answer = (await response.json()) as Record<string, Record<string, unknown> | string>;
    return { status: response.status, answer };
  }

  return { call, changes, base, market };
}

test('[GWY-5] GET /prices gives bid, ask and last of every symbol as decimal text', async () => {
  const { call } = await start();
  const { status, answer } = await call('/prices');
  expect(status).toBe(200);
  expect(Object.keys(answer).length).toBeGreaterThanOrEqual(100);
  expect(answer['AAPL']).toEqual({ bid: '229.99', ask: '230.01', last: '230' });
});

test('[GWY-5] POST /prices takes numbers and text, all or nothing', async () => {
  const { call, changes } = await start();
  const { answer } = await call('/prices', { AAPL: 123.45, IBM: '181.5' });
  expect(answer).toEqual({
    AAPL: { bid: '123.44', ask: '123.46', last: '123.45' },
    IBM: { bid: '181.49', ask: '181.51', last: '181.5' },
  });
  expect(changes).toHaveLength(1);
  const refused = await call('/prices', { AAPL: 1, NOPE: 2 });
  expect(refused).toEqual({ status: 400, answer: { error: 'unknown symbol "NOPE"' } });
  expect((await call('/prices')).answer['AAPL']).toMatchObject({ last: '123.45' });
});

test('[GWY-5] POST /prices with a size: the quote shows so many shares on each side', async () => {
  const { call, market } = await start();
  const set = { AAPL: { price: 123.45, size: 300 }, IBM: { price: '181.5' }, F: 11 };
  const { status, answer } = await call('/prices', set);
  expect([status, answer['AAPL']]).toEqual([200, { bid: '123.44', ask: '123.46', last: '123.45' }]);
  const shown = Object.keys(set).map((symbol) => market.quote(symbol)?.askSize.toFixed());
  expect(shown).toEqual(['300', '1000', '1000']);
});

test.each([
  ['/prices', '{"AAPL": {"size": 300}}', /price of AAPL must be a decimal/],
  ['/prices', '{"AAPL": {"price": 1, "size": 0}}', /size of AAPL must be a whole number from 1 to/],
  ['/prices', '{"AAPL": {"price": 1, "size": "x"}}', /size of AAPL must be a decimal, not "x"/],
  ['/prices', '{"AAPL": {"price": 1, "sise": 5}}', /unknown field "sise" of AAPL: price, size/],
  ['/prices', '{"AAPL": ', /not JSON/],
  ['/prices', '[1]', /JSON object like \{"AAPL": 123.45\}/],
  ['/prices', '{"AAPL": null}', /price of AAPL must be a decimal, not null/],
  ['/prices', '{"AAPL": "1e5"}', /price of AAPL must be a decimal, not "1e5"/],
  ['/prices', '{"AAPL": 1e300}', /must be from 0.01 to/],
  ['/prices', '{"AAPL": -1}', /must be from 0.01 to/],
  ['/prices', '{"AAPL": 0}', /must be from 0.01 to/],
  ['/market', '{"speed": "2"}', /"speed" must be a number/],
  ['/market', '{"speed": 0}', /speed must be from/],
  ['/market', '{"pause": true}', /unknown field "pause"/],
  ['/market', '{"at": "2013-10-08T09:35:00-04:00"}', /"at" needs a replay/],
  ['/market', '{"until": "2013-10-08T09:35:00-04:00"}', /"until" needs a replay/],
  ['/faults', '{"name": "nonsense"}', /no fault "nonsense"; known: order-dropped/],
  ['/faults', '{"name": "stall", "count": -1}', /"count"/],
])('[GWY-5] POST %s %s is answered with 400 and what is wrong', async (path, body, message) => {
  const { call } = await start();
  const { status, answer } = await call(path, body);
  expect(status).toBe(400);
  expect(answer['error']).toMatch(message);
});

test('[GWY-5] the market is held, let go and sped up', async () => {
  const { call } = await start();
  expect((await call('/market')).answer).toMatchObject({
    mode: 'simulated',
    paused: true,
    speed: 1,
  });
  const { answer } = await call('/market', { paused: false, speed: 2.5 });
  expect(answer).toMatchObject({ paused: false, speed: 2.5 });
});

test('[GWY-5] faults are armed by name and listed', async () => {
  const { call } = await start();
  expect((await call('/faults', { name: 'order-dropped', count: 2 })).status).toBe(200);
  const { answer } = await call('/faults');
  const menu = Object.values(answer) as unknown as { name: string; armed: unknown[] }[];
  expect(menu.find((each) => each.name === 'order-dropped')?.armed).toMatchObject([
    { remaining: 2 },
  ]);
  expect(menu.length).toBeGreaterThan(25);
});

const LISTED = { signal: 's-1', symbol: 'AAPL', side: 'BUY', orderRefPrefix: 's-1-' };

test.each([
  [{}, /the body must be a list of 1 to 5000 signals; send a list like \[\{"signal"/],
  [[], /must be a list of 1 to/],
  [[null], /signal 1: must be an object/],
  [[LISTED, { ...LISTED, size: '1' }], /signal 2: unknown field "size"/],
  [[{ ...LISTED, signal: '' }], /signal 1: "signal" must be 1 to 100 printable/],
  [[{ ...LISTED, signal: undefined }], /signal 1: "signal" must be/],
  [[{ ...LISTED, symbol: 'NOPE' }], /signal 1: unknown symbol "NOPE"/],
  [[{ ...LISTED, side: 'buy' }], /signal 1: "side" must be "BUY" or "SELL"/],
  [[{ ...LISTED, quantity: 133 }], /"quantity" must be shares as decimal text/],
  [[{ ...LISTED, quantity: '-1' }], /"quantity" must be shares as decimal text/],
  [[{ ...LISTED, quantity: '1e5' }], /"quantity" must be shares as decimal text/],
  [[{ ...LISTED, orderRefPrefix: 'x'.repeat(101) }], /"orderRefPrefix" must be 1 to 100/],
  [[{ ...LISTED, orderRefs: 's-1-e' }], /"orderRefs" must be a list of 1 to 500/],
  [[{ ...LISTED, orderRefs: ['a', 'b\n'] }], /"orderRefs"\[1\] must be 1 to 100 printable/],
])('[GWY-7] POST /signals %j is answered with 400 and what is wrong', async (body, message) => {
  const lists: unknown[] = [];
  const { call } = await start({
    signals: { list: (signals) => (lists.push(signals), []), listed: () => [] },
  });
  const { status, answer } = await call('/signals', body);
  expect(status).toBe(400);
  expect(answer['error']).toMatch(message);
  expect(lists).toEqual([]);
});

test('[GWY-7] a list that is fit is passed on whole; one that contradicts is answered with 409', async () => {
  const lists: unknown[] = [];
  const { call } = await start({
    signals: {
      list(signals) {
        if (lists.length > 0) throw new ListConflict('signal "s-1" is listed as SELL AAPL');
        lists.push(signals);
        return [];
      },
      listed: () => [],
    },
  });
  const signals = [{ ...LISTED, quantity: '133' }];
  expect(await call('/signals', signals)).toEqual({ status: 200, answer: [] });
  expect(lists).toEqual([signals]);
  const refused = await call('/signals', signals);
  expect(refused).toEqual({
    status: 409,
    answer: { error: 'signal "s-1" is listed as SELL AAPL' },
  });
});

test('the market is closed by hand until a minute, and the hours say so', async () => {
  const { call } = await start();
  const opensMs = Math.ceil(Date.now() / 60_000 + 5) * 60_000;
  const opens = new Date(opensMs).toISOString();
  expect((await call('/hours')).answer).toMatchObject({ closed_until: null });
  const closed = await call('/hours', { closed_until: opens });
  expect(closed.answer).toMatchObject({ closed_until: opens });
  expect(parseHours(liquidHours(closed.answer), 'US/Eastern', true)?.sessions[0]).toEqual(
    expect.objectContaining({ openMs: opensMs }),
  );
  expect((await call('/hours', { closed_until: '2026-11-23T14:30:01Z' })).status).toBe(400);
  expect((await call('/hours', { until: opens })).status).toBe(400);
  expect((await call('/hours', { closed_until: null })).answer).toMatchObject({
    closed_until: null,
  });
});

test('unknown paths and methods say what there is; web pages are refused', async () => {
  const { call } = await start();
  expect(await call('/nothing')).toMatchObject({ status: 404 });
  expect((await call('/ledger', {})).status).toBe(405);
  expect((await call('/health', undefined, { headers: { origin: 'http://evil' } })).status).toBe(
    403,
  );
  expect((await call('/health')).answer).toEqual({ status: 'ok' });
});

test('a body without end is cut off', async () => {
  const { base, call } = await start();
  const status = await new Promise((resolve, reject) => {
    const sent = request(`${base}/prices`, { method: 'POST' }, (response) =>
      resolve(response.statusCode),
    );
    sent.on('error', reject);
    sent.write('x'.repeat(1_100_000));
  });
  expect(status).toBe(413);
  expect((await call('/health')).status).toBe(200);
});

test('[GWY-5] POST /terminal sets what a person sets in its windows, each by itself', async () => {
  const { call } = await start();
  const open = { read_only: false, order_size_max: null };
  expect((await call('/terminal')).answer).toEqual(open);
  expect((await call('/terminal', { read_only: true })).answer).toMatchObject({ read_only: true });
  const both = { read_only: true, order_size_max: '100' };
  expect((await call('/terminal', { order_size_max: 100 })).answer).toEqual(both);
  for (const wrong of [{ read_only: 1 }, { order_size_max: 'x' }, { readonly: true }]) {
    expect((await call('/terminal', wrong)).status).toBe(400);
  }
  expect((await call('/terminal')).answer).toEqual(both);
  expect((await call('/terminal', open)).answer).toEqual(open);
});
