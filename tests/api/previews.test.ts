/** Previews and `/execute` over HTTP. A real server, a real PostgreSQL, no Temporal: rows are made by hand. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseSignal } from '../../contract/signal.js';
import type { AuditView, PreviewView } from '../../contract/views.js';
import { requestPreview } from '../../store/previews/request.js';
import { acceptSignal } from '../../store/signals.js';
import { makePreview } from '../store/support/made-preview.js';
import { plan } from '../store/support/planned-trade.js';
import { ask, call, testApi, token, type TestApi } from './support.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
}, 60_000);
afterAll(async () => api?.close());

let count = 0;
const signal = (change: Record<string, unknown> = {}) => {
  count += 1;
  const named = { id: `of-preview-${count}`, strategy_id: `of-preview-${count}` };
  return { ...named, symbol: 'AAA', side: 'BUY', quantity: '10', stop_loss: '90', ...change };
};

async function previewed(change: Record<string, unknown> = {}): Promise<string> {
  const previewId = randomUUID();
  const wanted = { previewId, userId: api.ready.ownerId, signal: parseSignal(signal(change)) };
  await requestPreview(api.db, wanted);
  await makePreview(api.db, previewId);
  return previewId;
}

interface Executed {
  readonly trade_id: string;
  readonly is_new: boolean;
  readonly starts_later: boolean;
  readonly state: string;
}
const post = (body: unknown = {}, bearer?: string) => ({
  ...{ method: 'POST', body },
  ...(bearer !== undefined && { token: bearer }),
});
const execute = (id: string, bearer?: string) =>
  call<Executed & { code?: string; detail: string }>(
    ...([api, `/api/v1/previews/${id}/execute`, post({}, bearer)] as const),
  );

describe('[API-1] [PRV-1] POST /previews', () => {
  test('without Temporal nobody can make one; nothing is kept from others', async () => {
    const before = await api.db.signal.count();
    const { status, body, text } = await call(api, '/api/v1/previews', post(signal()));
    expect([status, body.code]).toEqual([503, 'UNAVAILABLE']);
    expect(text).not.toContain('127.0.0.1');
    expect(await api.db.signal.count()).toBe(before);
  });

  test('what is wrong is told by path; an id may be left out', async () => {
    const wrong = { symbol: 'aaa', side: 'BUY', strategy_id: 'x' };
    const { status, body } = await call(api, '/api/v1/previews', post(wrong));
    expect([status, body.code]).toEqual([400, 'INVALID_SIGNAL']);
    expect(body.errors?.map(({ path }) => path)).toEqual(['symbol']);
  });

  test('[SIG-2] a signal that was taken in is refused with its trade', async () => {
    const taken = signal();
    const { tradeId } = await acceptSignal(api.db, api.ready.ownerId, parseSignal(taken));
    const { status, body } = await call(api, '/api/v1/previews', post(taken));
    expect([status, body.code, body.trade_id]).toEqual([409, 'SIGNAL_KNOWN', tradeId]);
  });

  test('one of a user who makes too many waits, and says so', async () => {
    const other = await token({ user: 'other' });
    const { id } = await api.db.user.findFirstOrThrow({ where: { name: 'other' } });
    const { connectionId } = api.ready;
    const account = await api.db.account.create({
      data: { userId: id, connectionId, brokerAccountId: 'DU7', isPaper: true },
    });
    const body = parseSignal(signal());
    const row = { userId: id, accountId: account.id, body: body as object };
    await api.db.preview.createMany({
      data: Array.from({ length: 10 }, () => ({ ...row, id: randomUUID() })),
    });
    const {
      status,
      body: told,
      headers,
    } = await call(
      ...([api, '/api/v1/previews', post(signal({ account_id: 'DU7' }), other)] as const),
    );
    expect([status, told.code]).toEqual([429, 'PREVIEWS_BUSY']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('[API-1] [PRV-2] POST /previews/{id}/execute', () => {
  test('it is one trade, however often it is asked for', async () => {
    const id = await previewed();
    const shown = await ask<PreviewView>(api, `/api/v1/previews/${id}`, 200);
    expect(shown).toMatchObject({ preview_id: id, state: 'approved', trade_id: null });
    const first = await execute(id);
    expect([first.status, first.body.is_new, first.body.starts_later]).toEqual([202, true, true]);
    expect(first.headers.get('location')).toBe(`/api/v1/trades/${first.body.trade_id}`);
    const again = await execute(id);
    expect([again.status, again.body.is_new]).toEqual([200, false]);
    expect(again.body.trade_id).toBe(first.body.trade_id);
    const after = await ask<PreviewView>(api, `/api/v1/previews/${id}`, 200);
    expect([after.state, after.trade_id]).toEqual(['executed', first.body.trade_id]);
  });

  test('[PRV-3] to another user it does not exist', async () => {
    const id = await previewed();
    const other = await token({ user: 'other' });
    expect((await execute(id, other)).status).toBe(404);
    expect((await call(api, `/api/v1/previews/${id}`, { token: other })).status).toBe(404);
    expect((await execute(id)).status).toBe(202);
  });

  test('what is refused is a 409 with its code, and nothing is sent', async () => {
    const before = await api.db.trade.count();
    const old = await previewed();
    await api.db.$executeRaw`UPDATE previews SET expires_at = made_at WHERE id = ${old}::uuid`;
    expect(await execute(old)).toMatchObject({ status: 409, body: { code: 'PREVIEW_EXPIRED' } });
    const denied = await previewed({ stop_loss: '110' });
    const told = await execute(denied);
    expect(told).toMatchObject({ status: 409, body: { code: 'PREVIEW_DENIED' } });
    expect(told.body.detail).toContain('STOP_WRONG_SIDE');
    expect(await api.db.trade.count()).toBe(before);
  });
});

describe('[API-1] POST /execute', () => {
  const executed = (signalId: string, bearer?: string, headers = {}) =>
    call<Executed & { code?: string; detail: string }>(api, '/api/v1/execute', {
      ...post({ signal_id: signalId, reason: 'seen' }, bearer),
      headers,
    });

  async function waiting(): Promise<{ signalId: string; tradeId: string }> {
    const given = parseSignal(signal());
    const { tradeId } = await acceptSignal(api.db, api.ready.ownerId, given);
    await plan(api.db, api.ready, tradeId, { approval: 'required' });
    return { signalId: given.id, tradeId };
  }

  test('[SIG-3] it is the word that a signal waits for, given once', async () => {
    const { signalId, tradeId } = await waiting();
    const first = await executed(signalId);
    expect([first.status, first.body]).toEqual([
      202,
      { trade_id: tradeId, state: 'AWAITING_APPROVAL', is_new: true },
    ]);
    const again = await executed(signalId);
    expect([again.status, again.body.is_new]).toEqual([202, false]);
    const { items } = await ask<{ items: AuditView[] }>(api, '/api/v1/audit?limit=1', 200);
    expect(items[0]).toMatchObject({
      ...{ actor: 'api:owner', action: 'approve', subject: `trade ${tradeId}` },
      body: { reason: 'seen' },
    });
  });

  test('[API-2] that word needs the scope approve beside trade', async () => {
    const { signalId, tradeId } = await waiting();
    const { status, body } = await executed(signalId, await token({ scopes: ['trade'] }));
    expect([status, body.code]).toEqual([403, 'SCOPE_MISSING']);
    const row = await api.db.approval.findUniqueOrThrow({ where: { tradeId } });
    expect(row.verdict).toBeNull();
    const both = await token({ scopes: ['trade', 'approve'] });
    expect((await executed(signalId, both)).status).toBe(202);
  });

  test('what goes on by itself is left to it; what came to nothing is refused with why', async () => {
    const given = parseSignal(signal({ stop_loss: '110' }));
    const { tradeId } = await acceptSignal(api.db, api.ready.ownerId, given);
    const trades = await token({ scopes: ['trade'] });
    expect(await executed(given.id, trades)).toMatchObject({
      ...{ status: 202, body: { trade_id: tradeId, state: 'RECEIVED', is_new: false } },
    });
    await plan(api.db, api.ready, tradeId);
    const { status, body } = await executed(given.id, trades);
    expect([status, body.code]).toEqual([409, 'REFUSED']);
    expect(body.detail).toContain('STOP_WRONG_SIDE');
    expect((await executed('never-sent', trades)).status).toBe(404);
  });

  test('[SIG-3] one that was rejected stays rejected', async () => {
    const { signalId } = await waiting();
    await ask(api, `/api/v1/signals/${signalId}/reject`, 202, post());
    const { status, body } = await executed(signalId);
    expect([status, body.code]).toEqual([409, 'REFUSED']);
    expect(body.detail).toContain('rejected by api:owner');
  });
});
