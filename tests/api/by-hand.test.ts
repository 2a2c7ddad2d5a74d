/** What people settle by hand, over HTTP as on the command line: resolutions and cash. A real server and PostgreSQL. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inMembers } from '../../api/wording.js';
import type { ProposalView } from '../../contract/views.js';
import { ballast } from '../cli/support.js';
import { plannedTrade } from '../store/support/planned-trade.js';
import { ACCOUNT } from '../store/support/ready-account.js';
import { ask, call, testApi, token, type TestApi } from './support.js';

let api: TestApi;
let env: Record<string, string>;
beforeAll(async () => {
  api = await testApi();
  env = { DATABASE_URL: api.shared.config.databaseUrl!, TEMPORAL_ADDRESS: '127.0.0.1:1' };
}, 60_000);
afterAll(async () => api?.close());

const post = (body: object, headers: Record<string, string> = {}, bearer?: string) => ({
  ...{ method: 'POST', body, headers },
  ...(bearer !== undefined && { token: bearer }),
});
const run = async (...argv: string[]) => {
  const { code, out } = await ballast([...argv, '--json'], { env });
  return { code, json: JSON.parse(out) as Record<string, unknown> };
};

async function quarantined(symbol: string): Promise<void> {
  const { ownerId: userId, accountId } = api.ready;
  const pause = { userId, accountId, symbol, kind: 'quarantine', reason: 'unexplained 5 shares' };
  await api.db.pause.create({ data: pause });
}

type Shown = ProposalView & { readonly is_done: boolean };

describe('[TRD-11] POST /resolutions', () => {
  const of = (symbol: string) => ({ kind: 'quarantine', symbol });

  test('shows first, under the code that the command line shows; does it by that code, once', async () => {
    await quarantined('AAA');
    const shown = await ask<Shown>(api, '/api/v1/resolutions', 200, post(of('AAA')));
    expect(shown).toMatchObject({ is_done: false, does: expect.any(Array) });
    expect(await api.db.pause.count({ where: { symbol: 'AAA', liftedAt: null } })).toBe(1);
    const { json } = await run('resolve', 'quarantine', 'AAA');
    expect({ ...json, is_done: false }).toEqual(shown);

    const confirm = { ...of('AAA'), confirm: shown.code };
    const done = await ask<Shown>(api, '/api/v1/resolutions', 200, post(confirm));
    expect(done).toEqual({ ...shown, is_done: true });
    expect(await api.db.pause.count({ where: { symbol: 'AAA', liftedAt: null } })).toBe(0);
    const entry = await api.db.auditEntry.findFirstOrThrow({ orderBy: { id: 'desc' } });
    expect(entry).toMatchObject({ actor: 'api:owner', action: 'resolve.quarantine' });
    const again = await call(api, '/api/v1/resolutions', post(confirm));
    expect([again.status, again.body.code]).toEqual([409, 'REFUSED']);
  });

  test('a wrong code, and another user’s, do nothing', async () => {
    await quarantined('BBB');
    const wrong = await call(api, '/api/v1/resolutions', post({ ...of('BBB'), confirm: '000000' }));
    expect([wrong.status, wrong.body.code]).toEqual([409, 'REFUSED']);
    const other = await token({ user: 'other' });
    const theirs = await call(api, '/api/v1/resolutions', post(of('BBB'), {}, other));
    expect([theirs.status, theirs.body.code]).toEqual([409, 'REFUSED']);
    expect(theirs.body.detail).toContain('is not in quarantine');
    expect(await api.db.pause.count({ where: { symbol: 'BBB', liftedAt: null } })).toBe(1);
  });

  test('each kind is read as the command line reads it', async () => {
    const tradeId = await plannedTrade(api.db, api.ready);
    const order = { kind: 'order', trade_id: tradeId, order: 'entry', broker_order_id: null };
    const split = { kind: 'split', trade_id: tradeId, stop_price: '50', ratio: '2:1' };
    const cases: [object, string[]][] = [
      [order, ['order', tradeId, 'entry', '--absent']],
      [{ ...order, broker_order_id: '7' }, ['order', tradeId, 'entry', '--present', '7']],
      [{ kind: 'fill', execution_id: 'e.1', client_order_id: 'r.1' }, ['fill', 'e.1', 'r.1']],
      [
        {
          ...{ kind: 'missing_fill', trade_id: tradeId, order: 'stop', quantity: '5' },
          ...{ price: '99.5', executed_at: '2026-03-02T15:04:05Z' },
        },
        ['missing-fill', tradeId, 'stop', '--quantity', '5', '--price', '99.5'].concat([
          ...['--at', '2026-03-02T15:04:05Z'],
        ]),
      ],
      [
        { kind: 'difference', trade_id: tradeId, price: null },
        ['difference', tradeId, '--price-unknown'],
      ],
      [split, ['split', tradeId, '--stop', '50', '--ratio', '2:1']],
      [{ kind: 'position', symbol: 'AAA', stop_price: '90' }, ['position', 'AAA', '--stop', '90']],
    ];
    for (const [body, argv] of cases) {
      const { status, body: told } = await call(api, '/api/v1/resolutions', post(body));
      const { code, json } = await run('resolve', ...argv);
      const { error } = json as { error: { code: string; message: string } };
      expect([status, code, told.code, error.code]).toEqual([409, 1, 'REFUSED', 'REFUSED']);
      expect(told.detail).toBe(inMembers(error.message));
    }
  });

  test('what is no resolution is told by field; a trade of nobody is not there', async () => {
    const { status, body } = await call(api, '/api/v1/resolutions', post({ kind: 'magic' }));
    expect([status, body.code]).toEqual([400, 'INVALID_REQUEST']);
    const nothing = { kind: 'difference', trade_id: randomUUID(), price: null };
    expect((await call(api, '/api/v1/resolutions', post(nothing))).status).toBe(404);
    const guessed = await call(
      api,
      '/api/v1/resolutions',
      post({ ...of('BBB'), confirm: 'guess' }),
    );
    expect([guessed.status, guessed.body.detail]).toEqual([
      ...[409, expect.stringMatching(/is shown without `confirm`$/)],
    ]);
  });
});

describe('[RSK-8] POST /cash-movements', () => {
  const deposit = { account_id: ACCOUNT, kind: 'deposit', amount: '250.50' };

  test('is recorded once by its reference, whichever way it comes', async () => {
    const path = '/api/v1/cash-movements';
    const first = await call<{ movement: { amount: string } }>(
      ...([api, path, post(deposit, { 'idempotency-key': 'wire-1' })] as const),
    );
    expect([first.status, first.body]).toMatchObject([
      ...[201, { is_new: true, movement: { amount: '250.5', reference: 'wire-1' } }],
    ]);
    const entry = await api.db.auditEntry.findFirstOrThrow({ orderBy: { id: 'desc' } });
    expect(entry).toMatchObject({ actor: 'api:owner', action: 'deposit' });
    const again = await call(api, path, post({ ...deposit, reference: 'wire-1' }));
    expect([again.status, again.body]).toMatchObject([200, { is_new: false }]);
    const byHand = await run('account', 'deposit', ACCOUNT, '250.50', '--ref', 'wire-1');
    expect(byHand).toMatchObject({ code: 0, json: { kind: 'exists' } });
    const other = await call(api, path, post({ ...deposit, amount: '1', reference: 'wire-1' }));
    expect([other.status, other.body.code, other.body.errors?.map(({ path: at }) => at)]).toEqual([
      ...[409, 'REFUSED', ['amount']],
    ]);
    const listed = await ask<{ items: object[] }>(api, path, 200);
    expect(listed.items).toHaveLength(1);
  });

  test('an account of nobody, and what can’t be used, are refused', async () => {
    const path = '/api/v1/cash-movements';
    const nobody = await call(api, path, post({ ...deposit, account_id: 'DU9' }));
    expect([nobody.status, nobody.body.code]).toEqual([404, 'NOT_FOUND']);
    const future = new Date(Date.now() + 3_600_000).toISOString();
    const late = await call(api, path, post({ ...deposit, at: future }));
    expect([late.status, late.body.code]).toEqual([400, 'INVALID_REQUEST']);
    expect(late.body.detail).toContain('is not yet');
    const other = await token({ user: 'other' });
    expect((await call(api, path, post(deposit, {}, other))).status).toBe(404);
  });
});

describe('[API-1] Idempotency-Key', () => {
  const key = { 'idempotency-key': 'once' };

  test('is refused by a request that knows none, and nothing is done', async () => {
    const preview = { strategy_id: 's', symbol: 'AAA', side: 'BUY', stop_loss: '90' };
    const before = await api.db.preview.count();
    const made = await call(api, '/api/v1/previews', post(preview, key));
    expect([made.status, made.body.code]).toEqual([400, 'INVALID_REQUEST']);
    expect(made.body.errors?.map(({ path }) => path)).toEqual(['header.idempotency-key']);
    expect(await api.db.preview.count()).toBe(before);
    for (const path of ['/api/v1/reconciliations', '/api/v1/notifications/test']) {
      expect((await call(api, path, post({}, key))).status).toBe(400);
    }
  });

  test('is taken where a repeat changes nothing more, and by reads', async () => {
    const mode = { kind: 'account', name: ACCOUNT, mode: 'ACTIVE' };
    expect((await call(api, '/api/v1/modes', post(mode, key))).status).toBe(200);
    expect((await call(api, '/api/v1/trades', { headers: key })).status).toBe(200);
  });
});

describe('[NTF-1] POST /notifications/test', () => {
  const path = '/api/v1/notifications/test';

  test('is refused where no channel is configured, as "ballast notify test" is, and nothing is kept', async () => {
    const { status, body } = await call(api, path, post({}));
    expect([status, body.code]).toEqual([409, 'REFUSED']);
    expect(body.detail).toMatch(/^no channel is configured: .*docs\/notifications\.md/);
    expect(await api.db.notification.count({ where: { kind: 'test' } })).toBe(0);
  });

  test('is taken where there is one', async () => {
    const told = await testApi({ DISCORD_WEBHOOK_URL: 'http://127.0.0.1:1/' });
    await ask(told, path, 202, post({}));
    expect(await told.db.notification.count({ where: { kind: 'test' } })).toBe(1);
    await told.close();
  }, 60_000);
});
