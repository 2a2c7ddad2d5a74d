/** Alerts of charting services over HTTP: a real server, a real PostgreSQL, no Temporal. */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditView, HookView } from '../../contract/views.js';
import { ask, call, testApi, token, type AnyBody, type TestApi } from './support.js';

interface Taken {
  readonly trade_id: string;
  readonly is_new: boolean;
  readonly link: string;
}
type Made = HookView & { readonly url: string };

const PER_MINUTE = 30;

let api: TestApi;
beforeAll(async () => {
  api = await testApi({ HOOK_REQUESTS_PER_MINUTE: String(PER_MINUTE) });
}, 60_000);
afterAll(async () => api?.close());

let count = 0;
/** Makes a webhook. @returns with its address as a path */
async function makeHook(change: Record<string, unknown> = {}): Promise<Made> {
  count += 1;
  const body = { name: `chart-${count}`, template: 'tradingview', strategies: ['momentum'] };
  return ask<Made>(api, '/api/v1/hooks', 201, { method: 'POST', body: { ...body, ...change } });
}

const alert = (change: Record<string, unknown> = {}) => ({
  ...{ ticker: 'NASDAQ:AAA', action: 'buy', price: '100.01', stop_loss_pct: '0.02' },
  ...{ timenow: '2026-11-23T14:30:05Z', order_id: 'Long Entry' },
  ...change,
});

/** As a charting service sends it: no token but in the address, no header of its own. */
const deliver = <T = AnyBody>(url: string, body: unknown, headers = {}) =>
  call<T>(api, url, { method: 'POST', token: null, body, headers });

describe('[SIG-6] POST /hooks/{token}', () => {
  test('[SIG-2] an alert is taken without Temporal, answered with its trade, and taken once', async () => {
    const { url } = await makeHook();
    const first = await deliver<Taken>(url, alert());
    expect([first.status, first.body.is_new]).toEqual([202, true]);
    expect(first.headers.get('location')).toBe(first.body.link);
    const again = await deliver<Taken>(url, alert());
    expect([again.status, again.body]).toEqual([202, { ...first.body, is_new: false }]);
    const trade = await ask<{ id: string }>(api, first.body.link, 200);
    expect(trade.id).toBe(first.body.trade_id);
    const row = await api.db.signal.findFirstOrThrow({ where: { trade: { id: trade.id } } });
    expect(row.body).toMatchObject({ symbol: 'AAA', side: 'BUY', strategy_id: 'momentum' });
  });

  test.each([
    ['text/plain; charset=utf-8'],
    ['application/json; charset=utf-8'],
    ['application/x-www-form-urlencoded'],
    ['xx'],
    ['xx/'],
    ['; charset=utf-8'],
    [''],
  ])('JSON is read whatever its type is called: %s', async (type) => {
    const { url } = await makeHook();
    const timenow = `2026-11-23T15:00:${String(10 + count)}Z`;
    const { status } = await deliver(url, alert({ timenow }), { 'content-type': type });
    expect(status).toBe(202);
  });

  test('bytes that are no text are refused, a mark before the text is none of it', async () => {
    const { url } = await makeHook();
    const send = async (bytes: Buffer) => {
      const answer = await fetch(`${api.url}${url}`, {
        method: 'POST',
        body: new Uint8Array(bytes),
      });
      return [answer.status, ((await answer.json()) as AnyBody).code];
    };
    const text = JSON.stringify(alert({ id: 'marked', name: '?' }));
    const broken = Buffer.from(text);
    broken[text.indexOf('?')] = 0xff;
    expect(await send(broken)).toEqual([400, 'INVALID_JSON']);
    expect(await send(Buffer.from(`\uFEFF${text}`))).toEqual([202, undefined]);
  });

  test('[SIG-2] the same id with another body is told, with the trade and what differs', async () => {
    const { url } = await makeHook();
    const first = await deliver<Taken>(url, alert({ id: 'by-chart' }));
    const { status, body } = await deliver(url, alert({ id: 'by-chart', price: '101' }));
    expect([status, body.code, body.trade_id]).toEqual([
      ...[409, 'SIGNAL_CONFLICT', first.body.trade_id],
    ]);
    expect(body.errors?.map(({ path }) => path)).toEqual(['entry_price']);
  });

  const OTHER = alert({ strategy_id: 'other' });
  const textOf = (member: string) => JSON.stringify(alert()).replace('{', `{${member},`);
  const LOST = textOf('"quantity":9007199254740993');
  const GONE = textOf('"context":{"__proto__":{"n":1}}');
  const refused: [string, unknown, number, string, string[]][] = [
    ['a missing field', alert({ ticker: undefined }), 400, 'INVALID_ALERT', ['ticker']],
    ['a wrong field', alert({ price: 'NaN' }), 400, 'INVALID_ALERT', ['price']],
    ['another strategy', OTHER, 403, 'STRATEGY_NOT_ALLOWED', ['strategy_id']],
    ['no JSON', 'AAA buy', 400, 'INVALID_JSON', []],
    ['a key twice', '{"ticker":"AAA","ticker":"BBB"}', 400, 'INVALID_JSON', ['ticker']],
    ['a number that loses digits', LOST, 400, 'INVALID_JSON', ['quantity']],
    ['a member that would be gone', GONE, 400, 'INVALID_ALERT', ['context.__proto__']],
    ['a list', '[]', 400, 'INVALID_ALERT', ['(alert)']],
    ['nothing', '', 400, 'INVALID_ALERT', ['(alert)']],
    ['null', 'null', 400, 'INVALID_REQUEST', []],
    ['more than is read', JSON.stringify({ a: 'x'.repeat(70_000) }), 413, 'BODY_TOO_LARGE', []],
  ];
  test.each(refused)('%s is refused by name, and nothing is stored', async (...row) => {
    const [, body, status, code, fields] = row;
    const { url } = await makeHook();
    const before = await api.db.signal.count();
    const answer = await deliver(url, body, { 'content-type': 'text/plain' });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect((answer.body.errors ?? []).map(({ path }) => path)).toEqual(fields);
    expect(await api.db.signal.count()).toBe(before);
  });

  test('a token of nobody and a revoked one are answered alike', async () => {
    const made = await makeHook();
    await ask(api, `/api/v1/hooks/${made.id}`, 200, { method: 'DELETE' });
    const told = async (url: string) => {
      const { status, body } = await deliver(url, alert());
      const { request_id: _, ...rest } = body;
      return { status, ...rest };
    };
    const revoked = await told(made.url);
    expect(revoked.status).toBe(404);
    const others = ['/hooks/nobody', `${made.url.slice(0, -1)}_`, `/hooks/${'x'.repeat(500)}`];
    for (const url of others) expect(await told(url)).toEqual(revoked);
  });

  test('a token of nobody has its body not even looked at', async () => {
    const { status } = await deliver('/hooks/nobody', '{"no": ');
    expect(status).toBe(404);
  });

  test('other methods are refused, and tell nothing of the token', async () => {
    const { url } = await makeHook();
    for (const path of [url, '/hooks/nobody']) {
      const { status, headers } = await call(api, path, { token: null });
      expect([status, headers.get('allow')]).toEqual([405, 'POST']);
    }
  });

  test('it is its user’s: nobody else’s rows are touched, and nobody else finds it', async () => {
    const other = await token({ user: 'other' });
    const made = await makeHook();
    const path = `/api/v1/hooks/${made.id}`;
    expect((await call(api, path, { method: 'DELETE', token: other })).status).toBe(404);
    const { items } = await ask<{ items: HookView[] }>(api, '/api/v1/hooks', 200, { token: other });
    expect(items).toEqual([]);
    expect((await deliver(made.url, alert({ id: 'still-there' }))).status).toBe(202);
  });
});

describe('[SIG-6] whoever sends alerts hangs up after 3 s', () => {
  test('a Temporal that takes the connection and says nothing is not waited for', async () => {
    let [reached, givenUp] = [0, 0];
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => {
      reached += 1;
      sockets.add(socket);
      socket.on('close', () => (givenUp += 1)).on('error', () => undefined);
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const slow = await testApi({ TEMPORAL_ADDRESS: `127.0.0.1:${port}` });
    const body = { name: 'chart', template: 'tradingview', strategies: ['momentum'] };
    const { url } = await ask<Made>(slow, '/api/v1/hooks', 201, { method: 'POST', body });
    const answer = await call(slow, url, { method: 'POST', token: null, body: alert() });
    // It is given up after 3 s: whoever waits for it answers later than that.
    expect([answer.status, givenUp]).toEqual([202, 0]);
    while (reached === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const socket of sockets) socket.destroy();
    silent.close();
    await slow.close();
  }, 60_000);

  test('a database that hangs is a 503, so that it comes again; and then it is one trade', async () => {
    const { url } = await makeHook();
    const held = async (table: 'hooks' | 'signals') => {
      let release = () => {};
      const until = new Promise<void>((resolve) => (release = resolve));
      let isHeld = () => {};
      const begun = new Promise<void>((resolve) => (isHeld = resolve));
      const holding = api.db.$transaction(
        async (tx) => {
          await tx.$executeRawUnsafe(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
          isHeld();
          await until;
        },
        { timeout: 60_000 },
      );
      await begun;
      const answer = await deliver(url, alert({ id: 'held' }));
      release();
      await holding;
      return answer;
    };
    const unread = await held('hooks');
    expect([unread.status, unread.body.code]).toEqual([503, 'UNAVAILABLE']);
    const unknown = await held('signals');
    expect([unknown.status, unknown.body.code]).toEqual([503, 'UNKNOWN_OUTCOME']);
    const again = await deliver<Taken>(url, alert({ id: 'held' }));
    expect(again.status).toBe(202);
    expect(await api.db.signal.count({ where: { signalId: 'held' } })).toBe(1);
  }, 60_000);
});

describe('[SIG-6] floods', () => {
  test('one webhook has its limit, and takes nothing from another', async () => {
    const [loud, quiet] = [await makeHook(), await makeHook()];
    const bodies = Array.from({ length: PER_MINUTE + 5 }, () => alert({ id: 'flood' }));
    const statuses: number[] = [];
    for (const body of bodies) statuses.push((await deliver(loud.url, body)).status);
    expect(statuses.filter((status) => status === 202).length).toBeGreaterThanOrEqual(PER_MINUTE);
    expect(statuses).toContain(429);
    const over = await deliver(loud.url, alert({ id: 'flood' }));
    expect(over.body.code).toBe('RATE_LIMITED');
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await deliver(quiet.url, alert({ id: 'flood' }))).status).toBe(202);
  });

  test('whoever guesses tokens is shut out, and nobody with one', async () => {
    const small = await testApi({ API_REQUESTS_PER_MINUTE: '10' });
    const post = (path: string, body: unknown, bearer: string | null = null) =>
      call<AnyBody & Made>(small, path, { method: 'POST', token: bearer, body });
    const body = { name: 'chart', template: 'plain', strategies: ['momentum'] };
    const { url } = (await post('/api/v1/hooks', body, await token())).body;
    const statuses: number[] = [];
    for (let guess = 0; guess < 15; guess += 1) {
      statuses.push((await post(`/hooks/guess-${guess}`, {})).status);
    }
    expect(statuses.slice(0, 5)).toEqual([404, 404, 404, 404, 404]);
    expect(statuses).toContain(429);
    const signal = { id: 'known', symbol: 'AAA', side: 'BUY', stop_loss: '99', quantity: '1' };
    expect((await post(url, signal)).status).toBe(202);
    await small.close();
  }, 60_000);
});

describe('[SIG-6] webhooks over the API', () => {
  test('[API-2] whoever may not trade makes none: it would trade without a token', async () => {
    const body = { name: 'no-trader', template: 'plain', strategies: ['momentum'] };
    const admin = await token({ scopes: ['admin'] });
    const refused = await call(api, '/api/v1/hooks', { method: 'POST', token: admin, body });
    expect([refused.status, refused.body]).toMatchObject([403, { code: 'SCOPE_MISSING' }]);
    expect(await api.db.hook.count({ where: { name: 'no-trader' } })).toBe(0);
    const trader = await token({ scopes: ['admin', 'trade'] });
    await ask(api, '/api/v1/hooks', 201, { method: 'POST', token: trader, body });
  });

  test('the token is told once and kept nowhere', async () => {
    const made = await makeHook({ strategies: ['momentum', 'momentum', 'breakout'] });
    const secret = made.url.replace('/hooks/', '');
    expect(secret).toMatch(/^bhook_[A-Za-z0-9_-]{43}$/);
    expect(made.strategies).toEqual(['momentum', 'breakout']);
    const { text } = await call(api, '/api/v1/hooks');
    expect(text).toContain(made.name);
    expect(text).not.toContain(secret);
    const rows = await api.db.$queryRaw<{ row: string }[]>`
      SELECT h::text AS row FROM hooks h UNION ALL SELECT a::text FROM audit_log a`;
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.filter(({ row }) => row.includes(secret))).toEqual([]);
  });

  test('a name stands once until it is revoked; who made and revoked it is on record', async () => {
    const made = await makeHook({ name: 'one' });
    const body = { name: 'one', template: 'plain', strategies: ['momentum'] };
    const again = await call(api, '/api/v1/hooks', { method: 'POST', body });
    expect([again.status, again.body.code]).toEqual([409, 'REFUSED']);
    const path = `/api/v1/hooks/${made.id}`;
    const revoked = await ask<HookView>(api, path, 200, { method: 'DELETE' });
    expect(revoked).toMatchObject({ revoked_by: 'api:owner' });
    expect((await call(api, path, { method: 'DELETE' })).status).toBe(404);
    await makeHook({ name: 'one' });
    const { items } = await ask<{ items: AuditView[] }>(api, '/api/v1/audit?limit=3', 200);
    expect(items.map(({ action, subject }) => `${action} ${subject}`)).toEqual([
      'hook.create hook one',
      'hook.revoke hook one',
      'hook.create hook one',
    ]);
  });

  test('of several that are made at once under one name there is one', async () => {
    const body = { name: 'raced', template: 'plain', strategies: ['momentum'] };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => call(api, '/api/v1/hooks', { method: 'POST', body })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  });

  test('it is seen when one was last used', async () => {
    const made = await makeHook();
    const find = async () =>
      (await ask<{ items: HookView[] }>(api, '/api/v1/hooks', 200)).items.find(
        ({ id }) => id === made.id,
      );
    expect((await find())?.last_used_at).toBeNull();
    await deliver(made.url, 'no JSON');
    expect(Date.parse((await find())?.last_used_at ?? '')).not.toBeNaN();
  });

  test('a dry run shows the signal, or which field is wrong, and stores nothing', async () => {
    const made = await makeHook();
    const path = `/api/v1/hooks/${made.id}/test`;
    const before = await api.db.signal.count();
    const shown = await ask<{ signal: object }>(api, path, 200, { method: 'POST', body: alert() });
    expect(shown.signal).toMatchObject({ symbol: 'AAA', side: 'BUY', entry_price: '100.01' });
    const wrong = await call(api, path, { method: 'POST', body: alert({ action: 'hold' }) });
    expect([wrong.status, wrong.body.errors?.[0]?.path]).toEqual([400, 'action']);
    expect(await api.db.signal.count()).toBe(before);
  });
});
