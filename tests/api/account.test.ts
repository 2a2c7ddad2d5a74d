/** Accounts as they stand, and limits with what is taken of them, over HTTP. Real PostgreSQL. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DayView, ExposureView, StandingView } from '../../contract/views.js';
import { limitsOf } from '../../config/index.js';
import { USED_LIMITS } from '../../domain/risk/used.js';
import { plannedTrade, sendContext } from '../store/support/planned-trade.js';
import { ask, call, testApi, token, type TestApi } from './support.js';

interface Whole {
  readonly account: StandingView;
  readonly day: DayView | null;
  readonly exposures: readonly ExposureView[];
}
interface Limits {
  readonly items: readonly { readonly name: string; readonly exposures: readonly ExposureView[] }[];
}

let api: TestApi;
beforeAll(async () => {
  api = await testApi({ TRADING_ENABLED: 'true', MAX_TRADES_PER_DAY: '7' });
  await sendContext(api.db, api.ready, 1);
}, 60_000);
afterAll(async () => api?.close());

const whole = (query = '') => ask<Whole>(api, `/api/v1/account${query}`, 200);
const one = (exposures: readonly ExposureView[], limit: string) =>
  exposures.filter((each) => each.limit === limit);

describe('[API-1] /account', () => {
  test('values, mode, day, and what is taken of the limits', async () => {
    const before = await whole();
    expect(before.account).toMatchObject({
      ...{ account_id: 'DU1000001', broker: 'ibkr', mode: 'ACTIVE', net_liquidation: '1000000' },
      ...{ is_tradeable: true, denied_by: [] },
    });
    expect(before.day).toMatchObject({ account_id: 'DU1000001', loss_reached: false });
    const strategy_id = 'momentum';
    await plannedTrade(api.db, api.ready, { symbol: 'AAA', strategy_id });
    const { exposures } = await whole('?account_id=DU1000001');
    const [position] = one(exposures, 'MAX_POSITION_PCT');
    expect(position).toMatchObject({ of: 'AAA (momentum)', allowed: '200000', currency: 'USD' });
    expect(position?.share).toMatch(/^0\.00\d+$/);
    expect(one(exposures, 'MAX_TRADES_PER_DAY')).toMatchObject([
      { used: '1', allowed: '7', share: '0.1429', currency: null },
    ]);
    expect(one(exposures, 'MAX_ORDERS_PER_MINUTE')).toMatchObject([{ used: '2' }]);
    expect(one(exposures, 'MAX_OPEN_POSITIONS')).toMatchObject([{ used: '1', allowed: '10' }]);
  });

  test('the same stand beside the limits; each is one of the settings', async () => {
    const { exposures } = await whole();
    const { items } = await ask<Limits>(api, '/api/v1/limits', 200);
    expect(items.flatMap((limit) => limit.exposures)).toHaveLength(exposures.length);
    const names = limitsOf(api.shared.config).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...USED_LIMITS]));
  });

  test('one that nothing may be opened on says by which codes', async () => {
    const account = { kind: 'account', name: 'DU1000001' };
    const set = (mode: string) =>
      ask(api, '/api/v1/modes', 200, { method: 'POST', body: { ...account, mode } });
    await set('REDUCING');
    await api.db.connection.updateMany({ data: { ready: false } });
    const { items } = await ask<{ items: StandingView[] }>(api, '/api/v1/accounts', 200);
    expect(items).toMatchObject([
      { is_tradeable: false, denied_by: ['REDUCE_ONLY', 'BROKER_UNAVAILABLE'] },
    ]);
    await set('ACTIVE');
    await api.db.connection.updateMany({ data: { ready: true } });
  });

  test('of several one must be named; another user’s is nobody’s', async () => {
    const { ownerId: userId, connectionId } = api.ready;
    const other = await token({ user: 'other' });
    const theirs = await call(api, '/api/v1/account?account_id=DU1000001', { token: other });
    expect([theirs.status, theirs.body.code]).toEqual([404, 'NOT_FOUND']);
    const mine = await call(api, '/api/v1/account', { token: other });
    expect([mine.status, mine.body.detail]).toEqual([
      404,
      expect.stringContaining('no account yet'),
    ]);
    const second = { userId, connectionId, brokerAccountId: 'DU2', isPaper: true };
    await api.db.account.create({ data: second });
    const { status, body } = await call(api, '/api/v1/account');
    expect([status, body.errors?.[0]?.path]).toEqual([400, 'query.account_id']);
    expect((await whole('?account_id=DU2')).account.denied_by).toEqual(['ACCOUNT_NOT_AUTHORIZED']);
  });
});
