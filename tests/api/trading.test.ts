/** Signals, lists and commands over HTTP. A real server, a real PostgreSQL, no Temporal: rows are the command. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type {
  AuditView,
  ListedOrder,
  SignalView,
  TradeDetail,
  TradeSummary,
} from '../../contract/views.js';
import { plan, plannedTrade } from '../store/support/planned-trade.js';
import { ask, call, testApi, token, type TestApi } from './support.js';

interface Taken {
  readonly trade_id: string;
  readonly is_new: boolean;
  readonly starts_later: boolean;
  readonly trade: TradeDetail | null;
}
interface Items<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

let api: TestApi;
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-api-'));
  api = await testApi({ HALT_FILE: join(folder, 'HALT'), BALLAST_STATE_DIR: folder });
}, 60_000);
afterAll(async () => {
  await api?.close();
  rmSync(folder, { recursive: true, force: true });
});

const signal = (id: string, change: Record<string, unknown> = {}) => ({
  ...{ id, strategy_id: 'momentum', symbol: 'BBB', side: 'BUY', stop_loss: '99', quantity: '10' },
  ...change,
});
const post = (body: unknown, headers = {}) => ({ method: 'POST', body, headers });

describe('[API-1] POST /signals', () => {
  test('[SIG-2] is taken without Temporal, and is the same trade when it comes again', async () => {
    const first = await call<Taken>(api, '/api/v1/signals', post(signal('once')));
    expect([first.status, first.body.is_new, first.body.starts_later]).toEqual([202, true, true]);
    expect(first.headers.get('location')).toBe(`/api/v1/trades/${first.body.trade_id}`);
    const again = await call<Taken>(api, '/api/v1/signals', post(signal('once')));
    expect([again.status, again.body.is_new]).toEqual([200, false]);
    expect(again.body.trade_id).toBe(first.body.trade_id);
  });

  test('[SIG-2] with another body is refused, and names what differs and the trade', async () => {
    const first = await ask<Taken>(api, '/api/v1/signals', 202, post(signal('other-body')));
    const { status, body } = await call(
      api,
      '/api/v1/signals',
      post(signal('other-body', { quantity: '11' })),
    );
    expect([status, body.code, body.trade_id]).toEqual([409, 'SIGNAL_CONFLICT', first.trade_id]);
    expect(body.errors?.map(({ path }) => path)).toEqual(['quantity']);
  });

  test('Idempotency-Key stands for the id; two that differ are refused', async () => {
    const { id: _, ...unnamed } = signal('');
    const key = { 'idempotency-key': 'by-header' };
    const first = await ask<Taken>(api, '/api/v1/signals', 202, post(unnamed, key));
    const again = await ask<Taken>(api, '/api/v1/signals', 200, post(signal('by-header'), key));
    expect(again.trade_id).toBe(first.trade_id);
    const { status, body } = await call(api, '/api/v1/signals', post(signal('another'), key));
    expect([status, body.code]).toEqual([400, 'INVALID_REQUEST']);
  });

  test('[SIG-1] what is wrong is told by path, and nothing is stored', async () => {
    const before = await api.db.signal.count();
    const bad = signal('bad', { stop_loss: '-1', unknown_field: 1, symbol: 'aaa' });
    const { status, body } = await call(api, '/api/v1/signals', post(bad));
    expect([status, body.code]).toEqual([400, 'INVALID_SIGNAL']);
    const paths = body.errors?.map(({ path }) => path) ?? [];
    expect([...paths].sort()).toEqual(['stop_loss', 'symbol', 'unknown_field']);
    expect(await api.db.signal.count()).toBe(before);
  });

  const broken: [string, string, number, string][] = [
    ['no JSON', '{"id": ', 400, 'INVALID_JSON'],
    ['a side that stands twice', '{"id":"x","side":"BUY","side":"SELL"}', 400, 'INVALID_JSON'],
    ['nothing', '', 400, 'INVALID_SIGNAL'],
    [
      'a number that loses digits',
      '{"id":"x","context":{"n":9007199254740993}}',
      400,
      'INVALID_JSON',
    ],
    ['blanks', ' \t\n', 400, 'INVALID_JSON'],
    ['null', 'null', 400, 'INVALID_REQUEST'],
    ['a list', '[]', 400, 'INVALID_SIGNAL'],
    ['more than is read', `"${'x'.repeat(70_000)}"`, 413, 'BODY_TOO_LARGE'],
    ['depth without end', '['.repeat(20_000) + ']'.repeat(20_000), 400, 'INVALID_JSON'],
  ];
  test.each(broken)('%s is refused', async (_, body, status, code) => {
    const answer = await call(api, '/api/v1/signals', { method: 'POST', body });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test('blanks are no body that was left out: also where none is needed they are refused', async () => {
    const blank = { method: 'POST', body: '\t' };
    const { status, body } = await call(api, '/api/v1/halt', blank);
    expect([status, body.code]).toEqual([400, 'INVALID_JSON']);
  });

  test('another type than JSON is refused', async () => {
    const headers = { 'content-type': 'text/plain' };
    const { status, body } = await call(api, '/api/v1/signals', post('x', headers));
    expect([status, body.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });

  test('?wait=verdict answers with the trade once it was judged', async () => {
    const waiting = call<Taken>(api, '/api/v1/signals?wait=verdict', post(signal('judged')));
    let tradeId: string | undefined;
    while (tradeId === undefined) {
      const row = await api.db.signal.findFirst({
        where: { signalId: 'judged' },
        include: { trade: true },
      });
      tradeId = row?.trade?.id;
    }
    await plan(api.db, api.ready, tradeId);
    const { status, body } = await waiting;
    expect([status, body.trade_id]).toEqual([200, tradeId]);
    expect(body.trade?.decisions.map(({ verdict }) => verdict)).toEqual(['approved']);
  });

  test('?wait=verdict that nobody answers in time is still taken', async () => {
    const path = '/api/v1/signals?wait=verdict&wait_ms=50';
    const { status, body } = await call<Taken>(api, path, post(signal('unjudged')));
    expect([status, body.trade?.state]).toEqual([202, 'RECEIVED']);
  });
});

describe('[API-1] lists', () => {
  test('pages give every trade once, also those of one microsecond, and tell their end', async () => {
    for (let count = 0; count < 5; count += 1) {
      await ask(api, '/api/v1/signals', 202, post(signal(`page-${count}`, { symbol: 'PAGE' })));
    }
    await api.db.$executeRaw`UPDATE trades SET created_at = now() WHERE symbol = 'PAGE'`;
    const seen: string[] = [];
    let cursor = '';
    do {
      const path = `/api/v1/trades?symbol=PAGE&limit=2${cursor && `&cursor=${cursor}`}`;
      const page = await ask<Items<TradeSummary>>(api, path, 200);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor ?? '';
    } while (cursor !== '');
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
    const { items } = await ask<Items<TradeSummary>>(api, '/api/v1/trades?symbol=PAGE', 200);
    expect(items.map(({ id }) => id)).toEqual(seen);
  });

  test('a cursor of nobody’s, an unknown filter and a wrong number are refused', async () => {
    const path = '/api/v1/trades?cursor=6ba7b810-9dad-41d1-80b4-00c04fd430c8';
    expect((await call(api, path)).body.code).toBe('INVALID_CURSOR');
    expect((await call(api, '/api/v1/trades?sybmol=AAA')).body.code).toBe('INVALID_REQUEST');
    expect((await call(api, '/api/v1/trades?limit=0')).body.code).toBe('INVALID_REQUEST');
    expect((await call(api, '/api/v1/trades/%00')).body.code).toBe('INVALID_REQUEST');
  });

  test('filters by state, strategy, side and time; signals are told with what became of them', async () => {
    const of = async (query: string) =>
      (await ask<Items<TradeSummary>>(api, `/api/v1/trades?${query}`, 200)).items.length;
    expect(await of('strategy_id=momentum&side=SELL')).toBe(0);
    expect(await of('strategy_id=momentum&side=BUY')).toBeGreaterThan(5);
    expect(await of('until=2020-01-01T00:00:00Z')).toBe(0);
    expect(await of('from=2020-01-01T01:00:00%2B01:00&status=live')).toBeGreaterThan(5);
    const { items } = await ask<Items<SignalView>>(api, '/api/v1/signals?symbol=PAGE', 200);
    expect(items[0]?.signal['strategy_id']).toBe('momentum');
    expect(items[0]?.trade.signal_id).toBe(items[0]?.id);
  });

  test('CSV has all that the filters let through, and no cell is a formula', async () => {
    await api.db.$executeRaw`UPDATE trades SET failure = '=1+1, "x"' WHERE symbol = 'PAGE'`;
    const { type, text } = await call(api, '/api/v1/trades.csv?symbol=PAGE');
    expect(type).toMatch(/^text\/csv/);
    const lines = text.trimEnd().split('\r\n');
    expect(lines).toHaveLength(6);
    expect(lines[0]).toMatch(/^id,signal_id,strategy_id/);
    expect(lines[1]).toContain(`"'=1+1, ""x"""`);
  });
});

describe('[TRD-5] commands', () => {
  test('a command is taken once by its key, with who gave it in the audit log', async () => {
    const id = await plannedTrade(api.db, api.ready, { symbol: 'CCC' });
    const key = { 'idempotency-key': 'cancel-1' };
    const path = `/api/v1/trades/${id}/cancel`;
    const first = await ask<{ key: string }>(api, path, 202, { method: 'POST', headers: key });
    expect(first.key).toBe('cancel-1');
    await ask(api, path, 202, { method: 'POST', headers: key });
    expect(await api.db.command.count({ where: { tradeId: id } })).toBe(1);
    const other = await call(api, `/api/v1/trades/${id}/close`, { method: 'POST', headers: key });
    expect([other.status, other.body.code]).toEqual([409, 'REFUSED']);
    const { items } = await ask<Items<AuditView>>(api, '/api/v1/audit?limit=1', 200);
    expect([items[0]?.actor, items[0]?.subject]).toEqual(['api:owner', `trade ${id}`]);
  });

  test('one that can’t be is refused with its reason', async () => {
    const id = await plannedTrade(api.db, api.ready, { symbol: 'CCC' });
    const body = { stop_price: '98' };
    const { status, body: told } = await call(api, `/api/v1/trades/${id}`, {
      method: 'PATCH',
      body,
    });
    expect([status, told.code]).toEqual([409, 'REFUSED']);
    expect(told.detail).not.toBe('');
    for (const wrong of [{}, { stop_price: '98', target_price: '105' }, { widen: true }]) {
      const answer = await call(api, `/api/v1/trades/${id}`, { method: 'PATCH', body: wrong });
      expect([answer.status, answer.body.code]).toEqual([400, 'INVALID_REQUEST']);
    }
  });

  test('[API-1] its reason is told in the words of a body, not in those of the command line', async () => {
    const id = await plannedTrade(api.db, api.ready, { symbol: 'CCC' });
    const headers = { 'idempotency-key': 'wider' };
    const move = { method: 'PATCH', body: { stop_price: '90' }, headers };
    expect((await call(api, `/api/v1/trades/${id}`, move)).status).toBe(409);
    const reason = 'a stop at 90 risks more: say --widen if that is meant';
    await api.db.command.updateMany({ where: { tradeId: id, key: 'wider' }, data: { reason } });
    const { body } = await call(api, `/api/v1/trades/${id}`, move);
    expect(body.detail).toBe('a stop at 90 risks more: say `widen: true` if that is meant');
  });

  test.each([[{ amount: '1', percent: '0.1' }], [{}], [{ price: '1' }]])(
    '[API-1] a trail that is not one of its two kinds is told which there are: %j',
    async (trail) => {
      const path = '/api/v1/trades/00000000-0000-4000-8000-000000000000';
      const { status, body } = await call(api, path, { method: 'PATCH', body: { trail } });
      expect([status, body.errors]).toEqual([
        400,
        [
          {
            path: 'body.trail',
            message: 'expected {"amount": "1.50"} or {"percent": "0.02"}, one of the two',
          },
        ],
      ]);
    },
  );

  test('an entry is cancelled by its order, an exit is not', async () => {
    const id = await plannedTrade(api.db, api.ready, { symbol: 'DDD' });
    const { items } = await ask<Items<ListedOrder>>(api, '/api/v1/orders?symbol=DDD', 200);
    const orders = items.filter(({ trade_id: of }) => of === id);
    const [entry, stop] = ['ENTRY', 'STOP'].map((role) => orders.find((one) => one.role === role));
    const cancel = (order: string) =>
      call(api, `/api/v1/orders/${order}/cancel`, { method: 'POST' });
    expect((await cancel(stop!.id)).body.code).toBe('EXIT_PROTECTS');
    expect((await cancel(entry!.id)).status).toBe(202);
  });

  test('[SIG-3] a word on what does not wait for one is refused', async () => {
    await ask(api, '/api/v1/signals', 202, post(signal('not-asked')));
    const { status, body } = await call(api, '/api/v1/signals/not-asked/approve', post({}));
    expect([status, body.code]).toEqual([409, 'REFUSED']);
    expect((await call(api, '/api/v1/signals/never-sent/reject', post({}))).status).toBe(404);
  });
});

describe('[RSK-5] switches', () => {
  test('a halt writes the file at once; where no engine looks at it, the mode holds', async () => {
    const halted = await ask<{ by: string }>(api, '/api/v1/halt', 200, post({ reason: 'a test' }));
    expect(halted.by).toBe('mode');
    expect(existsSync(join(folder, 'HALT'))).toBe(true);
    const found = await ask<{ halted_by: string[]; modes: { mode: string }[] }>(
      ...([api, '/api/v1/modes', 200] as const),
    );
    expect(found.halted_by[0]).toMatch(/api:owner: a test/);
    expect(found.modes[0]?.mode).toBe('HALTED');
    const resumed = await ask<{ was_halted: boolean; mode: string }>(
      ...([api, '/api/v1/resume', 200, { method: 'POST' }] as const),
    );
    expect(resumed).toMatchObject({ was_halted: true, mode: 'HALTED' });
    expect(existsSync(join(folder, 'HALT'))).toBe(false);
    const body = { kind: 'installation', mode: 'ACTIVE' };
    await ask(api, '/api/v1/modes', 200, post(body));
  });

  test('the installation is its owner’s alone', async () => {
    const other = await token({ user: 'other' });
    for (const [path, body] of [
      ['/api/v1/halt', {}],
      ['/api/v1/modes', { kind: 'installation', mode: 'HALTED' }],
    ] as const) {
      const answer = await call(api, path, { ...post(body), token: other });
      expect([answer.status, answer.body.code]).toEqual([403, 'OWNER_ONLY']);
    }
    expect(existsSync(join(folder, 'HALT'))).toBe(false);
  });

  test('a flatten wants its own confirmation, and an account of the user’s', async () => {
    const flatten = (body: object) => call(api, '/api/v1/flatten', post(body));
    for (const body of [{}, { confirm: false }, { confirm: 'true' }]) {
      const { status, body: told } = await flatten(body);
      expect([status, told.errors?.[0]?.path]).toEqual([400, 'body.confirm']);
    }
    const none = await flatten({ confirm: true, account_id: 'DU404' });
    expect([none.status, none.body.code]).toEqual([404, 'NOT_FOUND']);
    const { accounts } = await ask<{ accounts: { mode: string }[] }>(
      ...([api, '/api/v1/flatten', 202, post({ confirm: true })] as const),
    );
    expect(accounts.map(({ mode }) => mode)).toEqual(['REDUCING']);
    const back = { kind: 'account', name: 'DU1000001', mode: 'ACTIVE' };
    await ask(api, '/api/v1/modes', 200, post(back));
  });

  test('a strategy is paused, let go, and made to wait for a person', async () => {
    const strategy = '/api/v1/strategies/momentum';
    expect(await ask(api, `${strategy}/pause`, 200, post({}))).toMatchObject({ mode: 'HALTED' });
    expect(await ask(api, `${strategy}/resume`, 200, post({}))).toMatchObject({ mode: 'ACTIVE' });
    const body = { approval: 'required' };
    expect(await ask(api, `${strategy}/approval`, 200, { method: 'PUT', body })).toMatchObject(
      body,
    );
    expect((await call(api, '/api/v1/strategies/none/pause', post({}))).status).toBe(404);
  });
});
