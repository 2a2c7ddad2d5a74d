/** Pages of lists whose rows change while they are read. A real PostgreSQL. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeTrade, makeWorld, type World } from '../cli/rows.js';
import { call, testApi, type TestApi } from './support.js';

interface Page {
  readonly items: readonly { readonly id: string; readonly trade?: { readonly id: string } }[];
  readonly next_cursor: string | null;
}

let api: TestApi;
let world: World;

beforeAll(async () => {
  api = await testApi();
  world = await makeWorld(api.db, 'owner', 7001);
}, 60_000);
afterAll(async () => api?.close());

const page = async (path: string) => (await call<Page>(api, path)).body;

describe.each(['trades', 'signals'])('[API-1] GET /%s', (list) => {
  const idOf = (item: Page['items'][number]) => item.trade?.id ?? item.id;

  test('leaves none out when the last one of a page leaves the filter', async () => {
    const strategy = `paged-${list}`;
    const { userId, accountId } = world;
    const made = await api.db.strategy.create({ data: { userId, accountId, name: strategy } });
    const ids: string[] = [];
    for (const n of [1, 2, 3, 4, 5]) {
      const columns = { strategyId: made.id, createdAt: new Date(n * 1_000), state: 'OPEN' };
      ids.unshift(await makeTrade(api.db, world, `${list}-${n}`, columns));
    }
    const path = `/api/v1/${list}?status=live&strategy_id=${strategy}&limit=2`;
    const first = await page(path);
    expect(first.items.map(idOf)).toEqual(ids.slice(0, 2));
    await api.db.trade.update({ where: { id: ids[1]! }, data: { state: 'CLOSED' } });
    const second = await page(`${path}&cursor=${first.next_cursor}`);
    expect(second.items.map(idOf)).toEqual(ids.slice(2, 4));
    const third = await page(`${path}&cursor=${second.next_cursor}`);
    expect([third.items.map(idOf), third.next_cursor]).toEqual([ids.slice(4), null]);
  });
});

test('[API-1] GET /notifications leaves none out when the last one of a page has arrived', async () => {
  const { userId } = world;
  const tell = async (n: number) => {
    const row = { userId, kind: 'test', dedupeKey: `page-${n}`, body: {} };
    return (await api.db.notification.create({ data: row })).id;
  };
  const ids: string[] = [];
  for (const n of [1, 2, 3, 4]) ids.unshift(await tell(n));
  const path = '/api/v1/notifications?undelivered=true&limit=2';
  const first = await page(path);
  expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
  await api.db.notification.update({ where: { id: ids[1]! }, data: { routedAt: new Date() } });
  const second = await page(`${path}&cursor=${first.next_cursor}`);
  expect(second.items.map(({ id }) => id)).toEqual(ids.slice(2));
});
