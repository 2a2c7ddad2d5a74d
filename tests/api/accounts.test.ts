/** A user's signals and the accounts of others (API-2). A real server, a real PostgreSQL. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { plan } from '../store/support/planned-trade.js';
import { call, testApi, token, type TestApi } from './support.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
}, 60_000);
afterAll(async () => {
  await api?.close();
});

const signal = (id: string, change: Record<string, unknown> = {}) => ({
  ...{ id, strategy_id: 'theirs', symbol: 'BBB', side: 'BUY', stop_loss: '99', quantity: '10' },
  ...change,
});

describe('[API-2] a user who has no account', () => {
  test.each([
    ['that names no account', 'unnamed', { strategy_id: 'theirs' }],
    ["that names the owner's account", 'named', { account_id: 'DU1000001', symbol: 'AAA' }],
  ])('a signal %s opens nothing on the account of somebody else', async (_, id, change) => {
    const other = await token({ user: 'other', scopes: ['trade'] });
    const body = signal(id, change);
    const answer = await call<{ trade_id?: string }>(api, '/api/v1/signals', {
      ...{ method: 'POST', body, token: other },
    });
    const { trade_id: tradeId } = answer.body;
    if (tradeId === undefined) return expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await plan(api.db, api.ready, tradeId)).not.toMatchObject({ kind: 'approved' });
    const kept = await api.db.reservation.findMany({
      where: { tradeId, accountId: api.ready.accountId },
    });
    expect(kept).toEqual([]);
  });

  test('is told why, and a strategy that stands on the account of somebody else sends nothing', async () => {
    const other = await token({ user: 'other', scopes: ['trade'] });
    const send = (id: string) =>
      call(api, '/api/v1/signals', { method: 'POST', body: signal(id), token: other });
    expect(await send('told')).toMatchObject({
      ...{ status: 503, body: { code: 'UNAVAILABLE' } },
      text: expect.stringContaining('no account of yours is known yet'),
    });
    const { id: userId } = await api.db.user.findUniqueOrThrow({ where: { name: 'other' } });
    const { accountId, connectionId } = api.ready;
    // As an earlier version made it.
    await api.db.strategy.create({ data: { userId, accountId, name: 'theirs' } });
    const own = { userId, connectionId, brokerAccountId: 'DU9000009', isPaper: true };
    await api.db.account.create({ data: own });
    expect((await send('elsewhere')).text).toContain('stands on an account of another user');
    expect(await api.db.trade.count({ where: { userId } })).toBe(0);
  });
});
