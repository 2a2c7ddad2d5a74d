/** How many requests a user may make: what ends or protects has a limit of its own. A real server and database. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { plannedTrade } from '../store/support/planned-trade.js';
import { call, testApi, token, type TestApi } from './support.js';

const PER_MINUTE = 10;
const NOBODY = '00000000-0000-4000-8000-000000000000';

let api: TestApi;
let bearer = '';
beforeAll(async () => {
  api = await testApi({ API_REQUESTS_PER_MINUTE: String(PER_MINUTE) });
  bearer = await token();
}, 60_000);
afterAll(async () => api?.close());

const send = (method: string, path: string, body?: unknown) =>
  call(api, `/api/v1${path}`, { method, token: bearer, ...(body !== undefined && { body }) });

/** As a loop that nobody stops. @returns the last status */
async function poll(): Promise<number> {
  let last = 0;
  for (let count = 0; count <= PER_MINUTE; count += 1) last = (await send('GET', '/trades')).status;
  return last;
}

test('[API-2] a poller that has used up its requests keeps nobody from ending or protecting', async () => {
  const tradeId = await plannedTrade(api.db, api.ready, { symbol: 'AAA' });
  expect(await poll()).toBe(429);
  expect((await send('POST', `/trades/${tradeId}/cancel`)).status).toBe(202);
  const ending: [string, string, unknown?][] = [
    ['POST', `/trades/${NOBODY}/close`],
    ['PATCH', `/trades/${NOBODY}`, { stop_price: '98' }],
    ['POST', `/orders/${NOBODY}/cancel`],
    ['POST', '/modes', { kind: 'strategy', name: 'nobody', mode: 'HALTED' }],
    ['POST', '/strategies/nobody/pause'],
    ['POST', `/signals/nobody/reject`],
    ['DELETE', `/hooks/${NOBODY}`],
    ['DELETE', `/sessions/${NOBODY}`],
  ];
  for (const [method, path, body] of ending) {
    expect([path, (await send(method, path, body)).status]).toEqual([path, 404]);
  }
  expect((await send('DELETE', '/sessions')).status).toBe(200);
  // What lets more in waits as everything else.
  expect((await send('POST', '/strategies/nobody/resume')).status).toBe(429);
  expect((await send('POST', '/signals/nobody/approve')).status).toBe(429);
  expect((await send('GET', '/trades')).status).toBe(429);
}, 30_000);

test('[API-2] that limit ends too, for each by itself', async () => {
  const statuses: number[] = [];
  for (let count = 0; count <= PER_MINUTE; count += 1) {
    statuses.push((await send('POST', `/trades/${NOBODY}/close`)).status);
  }
  expect(statuses).toContain(429);
  const { body, headers } = await send('POST', `/trades/${NOBODY}/close`);
  expect([body.code, Number(headers.get('retry-after')) > 0]).toEqual(['RATE_LIMITED', true]);
  expect((await send('PATCH', `/trades/${NOBODY}`, { stop_price: '98' })).status).toBe(404);
}, 30_000);
