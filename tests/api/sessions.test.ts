/** Who is let in, one by one: listed, and called back at once, also out of a stream (UI-1, API-2). */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import { mint } from '../../cli/commands/token.js';
import { makeLogin } from '../../app/logins.js';
import { makeTokenSession, sessionGate } from '../../app/sessions.js';
import { loadConfig } from '../../config/index.js';
import { SCOPES } from '../../contract/tokens.js';
import type { SessionView } from '../../contract/views.js';
import { execute } from '../../scripts/infra/postgres.js';
import { ask as askService } from '../support/services.js';
import { ask, call, SECRET, testApi, token, type Call, type TestApi } from './support.js';

const MARK = { 'x-ballast-dashboard': '1' };
const config = loadConfig({ JWT_SECRET: SECRET });

let api: TestApi;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-sessions-'));
  api = await testApi({ API_REQUESTS_PER_MINUTE: '100000', BALLAST_STATE_DIR: folder });
}, 60_000);
afterAll(async () => {
  await api?.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const appOf = async () => (await api.shared.as('owner', 'test'))!.app;
const rows = async () =>
  (await ask<{ items: (SessionView & { is_this: boolean })[] }>(api, '/api/v1/sessions', 200))
    .items;
const live = async () => (await rows()).filter(({ revoked_at: at }) => at === null);

/** Logs a browser in. @returns its cookie, and the id of its session */
async function logIn(agent = 'a browser') {
  const { code } = await makeLogin(await appOf(), SCOPES);
  const given = await call(api, '/api/v1/session', {
    ...{ method: 'POST', token: null, body: { code }, headers: MARK },
  });
  const cookie = given.headers.get('set-cookie')!.split(';')[0]!;
  const as: Call = { token: null, headers: { cookie, ...MARK, 'user-agent': agent } };
  expect((await call(api, '/api/v1/session', as)).status).toBe(200);
  const [{ id } = { id: '' }] = await live();
  return { cookie, id, as };
}

async function makeToken() {
  const expiresAt = new Date(Date.now() + 600_000);
  const wanted = { user: 'owner', scopes: SCOPES, expiresAt };
  const id = await makeTokenSession(await appOf(), wanted);
  return { id, text: await mint(config, 'owner', SCOPES, expiresAt, id) };
}

describe('[UI-1] a session of the dashboard', () => {
  test('that is not there is told in words of a browser, a token that is not there in those of a program', async () => {
    const page = await call(api, '/api/v1/now', { token: null, headers: MARK });
    expect([page.status, page.body.detail]).toEqual([
      401,
      'you are signed out here: open a new link, "ballast dashboard" prints one',
    ]);
    const program = await call(api, '/api/v1/now', { token: null });
    expect(program.body.detail).toContain('Authorization');
  });

  test('is listed with who made it, since when, and what used it last from where', async () => {
    const { id, as } = await logIn('Browser/1.0 (é)');
    const found = await call<{ items: { id: string; is_this: boolean }[] }>(
      ...([api, '/api/v1/sessions', as] as const),
    );
    expect(found.body.items.find((each) => each.id === id)).toMatchObject({
      ...{ kind: 'dashboard', created_by: 'test', is_this: true, revoked_at: null },
      ...{ used_from: '127.0.0.1', used_by: 'Browser/1.0 (?)', scopes: [...SCOPES] },
    });
    expect(JSON.stringify(found.body)).not.toContain('ey');
  });

  test('is signed out by itself, at once; the others stay', async () => {
    const [one, other] = [await logIn(), await logIn()];
    await ask(api, `/api/v1/sessions/${one.id}`, 200, { method: 'DELETE' });
    const refused = await call(api, '/api/v1/trades', one.as);
    expect([refused.status, refused.body.code]).toEqual([401, 'UNAUTHENTICATED']);
    expect(refused.body.detail).toContain('signed out');
    expect((await call(api, '/api/v1/trades', other.as)).status).toBe(200);
    const again = await call(api, `/api/v1/sessions/${one.id}`, { method: 'DELETE' });
    expect(again.status).toBe(404);
    const [entry] = await api.db.auditEntry.findMany({ orderBy: { id: 'desc' }, take: 1 });
    expect(entry).toMatchObject({ action: 'session.revoke', subject: one.id });
  });

  test('is over for a copy of its cookie too, once its browser logs out', async () => {
    const { as } = await logIn();
    await ask(api, '/api/v1/session', 200, { ...as, method: 'DELETE' });
    expect((await call(api, '/api/v1/trades', as)).status).toBe(401);
  });

  test('stays when all others are signed out', async () => {
    const [one, other] = [await logIn(), await logIn()];
    const path = '/api/v1/sessions?kind=dashboard';
    const { body } = await call<{ revoked: number }>(api, path, { ...one.as, method: 'DELETE' });
    expect(body.revoked).toBeGreaterThan(0);
    expect((await call(api, '/api/v1/trades', other.as)).status).toBe(401);
    expect((await call(api, '/api/v1/trades', one.as)).status).toBe(200);
    await ask(api, `${path}&except_this=false`, 200, { method: 'DELETE' });
    expect((await call(api, '/api/v1/trades', one.as)).status).toBe(401);
  });

  test('without a row is none, whoever signed it', async () => {
    const { cookie } = await logIn();
    const [name] = cookie.split('=');
    const signed = (jti: string | null) => {
      const made = new SignJWT({ scope: 'read' }).setProtectedHeader({ alg: 'HS256' });
      if (jti !== null) made.setJti(jti);
      return made
        .setIssuer('ballast')
        .setAudience('ballast-dashboard')
        .setSubject('owner')
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(new TextEncoder().encode(SECRET));
    };
    for (const jti of [null, randomUUID(), "'; drop table"]) {
      const headers = { cookie: `${name}=${await signed(jti)}` };
      expect([jti, (await call(api, '/api/v1/trades', { token: null, headers })).status]).toEqual([
        ...[jti, 401],
      ]);
    }
  });

  test('hears no more of its stream', async () => {
    const { id, as } = await logIn();
    const stream = await fetch(`${api.url}/api/v1/events`, { headers: as.headers! });
    expect(stream.status).toBe(200);
    await ask(api, `/api/v1/sessions/${id}`, 200, { method: 'DELETE' });
    // It ends; a stream that goes on would be waited for until the test is given up.
    const told = await stream.text();
    expect(told).toContain('retry');
  }, 30_000);
});

describe('[API-2] a token', () => {
  test('is called back one by one; others are taken as before', async () => {
    const [one, other] = [await makeToken(), await makeToken()];
    expect((await call(api, '/api/v1/trades', { token: one.text })).status).toBe(200);
    await ask(api, `/api/v1/sessions/${one.id}`, 200, { method: 'DELETE', token: other.text });
    const refused = await call(api, '/api/v1/trades', { token: one.text });
    expect([refused.status, refused.body.detail]).toEqual([
      ...[401, expect.stringContaining('called back')],
    ]);
    expect((await call(api, '/api/v1/trades', { token: other.text })).status).toBe(200);
    // What others sign with the same key has no row, and needs none.
    expect((await call(api, '/api/v1/trades', { token: await token() })).status).toBe(200);
  });

  test('is nobody else’s to see or to call back', async () => {
    const { id } = await makeToken();
    const other = await token({ user: 'other' });
    const found = await ask<{ items: unknown[] }>(api, '/api/v1/sessions', 200, { token: other });
    expect(found.items).toEqual([]);
    const path = `/api/v1/sessions/${id}`;
    expect((await call(api, path, { method: 'DELETE', token: other })).status).toBe(404);
    await ask(api, '/api/v1/sessions?kind=token', 200, { method: 'DELETE', token: other });
    expect((await live()).map((each) => each.id)).toContain(id);
  });
});

describe('[API-2] what is kept of them', () => {
  test('is dropped when it is over, a while later', async () => {
    const { id } = await makeToken();
    const hoursAgo = new Date(Date.now() - 2 * 3_600_000);
    await api.db.session.update({ where: { id }, data: { expiresAt: hoursAgo } });
    await makeToken();
    expect(await api.db.session.count({ where: { id } })).toBe(0);
  });

  test('marks a use once a minute, and what can’t be asked is asked again', async () => {
    const { id } = await makeToken();
    const gate = sessionGate(api.db);
    const use = { from: '10.0.0.1', by: null };
    expect(await gate.isLive({ id, kind: 'token' }, use)).toBe(true);
    gate.forget([id]);
    expect(await gate.isLive({ id, kind: 'token' }, { ...use, from: '10.0.0.2' })).toBe(true);
    const kept = await api.db.session.findUniqueOrThrow({ where: { id } });
    expect(kept.usedFrom).toBe('10.0.0.1');
    await expect(gate.isLive({ id: 'no uuid', kind: 'token' }, use)).rejects.toThrow();
    await expect(gate.isLive({ id: 'no uuid', kind: 'token' }, use)).rejects.toThrow();
  });
});

test('[RSK-5] a halt is made while the database can’t say whether a token counts; nothing else is', async () => {
  // Never used before: nothing is remembered of it.
  const as = { token: (await makeToken()).text };
  const { adminUrl } = await askService<{ adminUrl: string }>('postgres');
  const [{ name } = { name: '' }] = await api.db.$queryRaw<{ name: string }[]>`
    SELECT current_database() AS name`;
  await execute(adminUrl, `alter database ${name} allow_connections false`);
  try {
    await execute(
      adminUrl,
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
    );
    const read = await call(api, '/api/v1/trades', as);
    expect([read.status, read.body.code]).toEqual([503, 'UNAVAILABLE']);
    const resumed = await call(api, '/api/v1/resume', { ...as, method: 'POST' });
    expect(resumed.status).toBe(503);
    await call(api, '/api/v1/halt', { ...as, method: 'POST', body: {} });
    expect(existsSync(join(folder, 'HALT'))).toBe(true);
  } finally {
    await execute(adminUrl, `alter database ${name} allow_connections true`);
  }
}, 60_000);
