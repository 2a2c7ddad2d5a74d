/** What the dashboard asks of the API: a link's code, what stands now, prices around a trade (UI-1). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeLogin, takeLogin } from '../../app/logins.js';
import type { NowView, PriceBarsView } from '../../contract/views.js';
import { BAR_MS } from '../../domain/price-bars.js';
import { saveBars } from '../../store/price-bars.js';
import { manyTrades } from '../dashboard/rows.js';
import { ask, call, testApi, token, type TestApi } from './support.js';

let api: TestApi;
let tradeId: string;
beforeAll(async () => {
  api = await testApi();
  tradeId = await manyTrades(api.db, api.ready, 5);
}, 60_000);
afterAll(() => api?.close(), 60_000);

const appOf = async () => (await api.shared.as('owner', 'test'))!.app;

describe('[UI-1] a link’s code', () => {
  test('is taken once, by one of many who try, and stands nowhere as it is', async () => {
    const { code } = await makeLogin(await appOf(), ['read']);
    const kept = JSON.stringify(await api.db.loginCode.findMany());
    expect(kept).not.toContain(code);
    const taken = await Promise.all([1, 2, 3, 4].map(() => takeLogin(api.shared, code)));
    const [login, ...more] = taken.filter((each) => each !== null);
    expect([login, more]).toMatchObject([{ user: 'owner', scopes: ['read'] }, []]);
    expect(await api.db.session.count({ where: { id: login!.sessionId } })).toBe(1);
  });

  test('is over after its minutes, and dropped when another is made', async () => {
    const { code } = await makeLogin(await appOf(), ['read']);
    await api.db.loginCode.updateMany({ data: { expiresAt: new Date(Date.now() - 1_000) } });
    expect(await takeLogin(api.shared, code)).toBeNull();
    await makeLogin(await appOf(), ['read']);
    expect(await api.db.loginCode.count()).toBe(1);
  });

  test.each(['', 'short', 'x'.repeat(300), "'; drop table users", 'é'.repeat(30)])(
    'that nobody made is refused: %j',
    async (code) => {
      const { status } = await call(api, '/api/v1/session', {
        ...{ method: 'POST', token: null, body: { code }, headers: { 'x-ballast-dashboard': '1' } },
      });
      expect([400, 401]).toContain(status);
    },
  );

  test('is made and used on the record, without the code', async () => {
    const { code } = await makeLogin(await appOf(), ['read']);
    await takeLogin(api.shared, code);
    const entries = await api.db.auditEntry.findMany({ orderBy: { id: 'desc' }, take: 2 });
    expect(entries.map(({ action }) => action)).toEqual(['dashboard.login', 'dashboard.link']);
    expect(JSON.stringify(entries.map(({ body }) => body))).not.toContain(code);
  });
});

test('[UI-1] what stands now is told in one look, to each user their own', async () => {
  const now = await ask<NowView>(api, '/api/v1/now', 200);
  expect(now.accounts).toHaveLength(1);
  expect(now.connections).toHaveLength(1);
  expect(now).toMatchObject({ positions: [], open: [], halted_by: [], approvals: 0 });
  expect(Math.abs(Date.parse(now.at) - Date.now())).toBeLessThan(60_000);
  const other = await ask<NowView>(api, '/api/v1/now', 200, {
    token: await token({ user: 'other' }),
  });
  expect(other).toMatchObject({ accounts: [], connections: [], positions: [], attention: [] });
});

describe('[UI-1] prices around a trade', () => {
  test('are those of its contract and its time; what is told twice is one bar', async () => {
    const { createdAt, instrument } = await api.db.trade.findFirstOrThrow({
      where: { id: tradeId },
    });
    const { brokerContractId } = instrument as { brokerContractId: number };
    const startsAtMs = Math.floor(createdAt.getTime() / BAR_MS) * BAR_MS;
    const bar = { brokerContractId, startsAtMs, open: '10', high: '11', low: '9', close: '10.5' };
    const { connectionId } = api.ready;
    await saveBars(api.db, connectionId, [bar]);
    await saveBars(api.db, connectionId, [{ ...bar, high: '10.8', low: '8.5', close: '10.2' }]);
    const longBefore = { ...bar, startsAtMs: startsAtMs - 86_400_000 };
    const elsewhere = { ...bar, brokerContractId: brokerContractId + 1 };
    await saveBars(api.db, connectionId, [longBefore, elsewhere]);
    const found = await ask<PriceBarsView>(api, `/api/v1/trades/${tradeId}/bars`, 200);
    expect(found).toEqual({
      ...{ trade_id: tradeId, bar_ms: BAR_MS },
      bars: [
        {
          at: new Date(startsAtMs).toISOString(),
          ...{ open: '10', high: '11', low: '8.5', close: '10.2' },
        },
      ],
    });
  });

  test('are nobody else’s', async () => {
    const other = { token: await token({ user: 'other' }) };
    expect((await call(api, `/api/v1/trades/${tradeId}/bars`, other)).status).toBe(404);
  });
});
