/** Every endpoint of the document, by whoever may not use it: refused, and nothing is told. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { PAGE_URL } from '../../api/document.js';
import { makeTokenSession } from '../../app/sessions.js';
import { parseSignal } from '../../contract/signal.js';
import { SCOPES, TOKEN_AUDIENCE, TOKEN_ISSUER, type Scope } from '../../contract/tokens.js';
import { requestPreview } from '../../store/previews/request.js';
import { makePreview } from '../store/support/made-preview.js';
import { plannedTrade } from '../store/support/planned-trade.js';
import { ask, call, SECRET, testApi, token, unsigned, type TestApi } from './support.js';

interface Operation {
  readonly operationId: string;
  readonly security?: readonly { readonly bearer: readonly Scope[] }[];
  readonly responses: Record<string, { readonly content?: Record<string, unknown> }>;
}

interface Endpoint {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly scope: Scope;
  readonly operation: Operation;
}

let api: TestApi;
let endpoints: Endpoint[] = [];
let tradeId = '';
let orderId = '';
let previewId = '';
let hookId = '';
let sessionId = '';
const reconciliationId = randomUUID();
const signalId = 'of-the-owner';

beforeAll(async () => {
  api = await testApi({ API_REQUESTS_PER_MINUTE: '100000' });
  const document = await ask<{ paths: Record<string, Record<string, Operation>> }>(
    ...([api, '/openapi.json', 200] as const),
  );
  endpoints = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      const scope = operation.security?.[0]?.bearer[0];
      if (scope === undefined) return [];
      return [{ id: operation.operationId, method: method.toUpperCase(), path, scope, operation }];
    }),
  );
  // It stands in no document, and is asked with the same tokens.
  const operation = { operationId: 'mcp', responses: { '200': {} } };
  endpoints.push({ id: 'mcp', method: 'POST', path: '/mcp', scope: 'read', operation });
  tradeId = await plannedTrade(api.db, api.ready, { symbol: 'AAA', strategy_id: 'momentum' });
  const order = await api.db.order.findFirstOrThrow({ where: { tradeId } });
  orderId = order.id;
  previewId = randomUUID();
  const previewed = { ...signal, id: 'previewed', strategy_id: 'momentum' };
  const wanted = { previewId, userId: api.ready.ownerId, signal: parseSignal(previewed) };
  await requestPreview(api.db, wanted);
  await makePreview(api.db, previewId);
  await makeRest();
  const { signalRowId } = await api.db.trade.findUniqueOrThrow({ where: { id: tradeId } });
  await api.db.signal.update({ where: { id: signalRowId }, data: { signalId } });
}, 60_000);
afterAll(async () => api?.close());

/** A webhook, a token and a reconciliation of the owner's. */
async function makeRest(): Promise<void> {
  const body = { name: 'of-the-owner', template: 'plain', strategies: ['momentum'] };
  ({ id: hookId } = await ask<{ id: string }>(api, '/api/v1/hooks', 201, { method: 'POST', body }));
  const { app } = (await api.shared.as('owner', 'test'))!;
  const expiresAt = new Date(Date.now() + 600_000);
  sessionId = await makeTokenSession(app, { user: 'owner', scopes: SCOPES, expiresAt });
  const { ownerId: userId, accountId } = api.ready;
  await api.db.reconciliation.create({
    data: { id: reconciliationId, userId, accountId, cause: 'demand' },
  });
}

/** Rows of the owner's, by what an address is about: of a kind that is not named here the test fails. */
const addressOf = (path: string) => {
  const ids: Record<string, string> = {
    ...{ orders: orderId, trades: tradeId, previews: previewId, hooks: hookId },
    sessions: sessionId,
    ...{ strategies: 'momentum', signals: signalId, reconciliations: reconciliationId },
  };
  return path.replace(/\/(\w+)\/\{id\}/, (_, kind: string) => {
    const id = ids[kind];
    if (id === undefined) throw new Error(`${path}: give the test a row of the owner's for it`);
    return `/${kind}/${id}`;
  });
};

const signal = { symbol: 'AAA', side: 'BUY', stop_loss: '99' };

/** Bodies that would be taken, so that a refusal is the token's. */
const BODIES: Record<string, unknown> = {
  submitSignal: { ...signal, id: 'never', strategy_id: 'momentum' },
  makePreview: { ...signal, strategy_id: 'momentum' },
  executeSignal: { signal_id: signalId },
  flatten: { confirm: true },
  moveExits: { stop_price: '99' },
  setMode: { kind: 'account', name: 'DU1000001', mode: 'HALTED' },
  setApproval: { approval: 'required' },
  mcp: { jsonrpc: '2.0', id: 1, method: 'tools/list' },
  resolve: { kind: 'quarantine', symbol: 'AAA' },
  tellCashMovement: { account_id: 'DU1000001', kind: 'deposit', amount: '1' },
  createHook: { name: 'never', template: 'plain', strategies: ['momentum'] },
  testHook: { ...signal, id: 'never', strategy_id: 'momentum' },
};

/** What nobody does without Temporal, or without a worker. */
const OF_WORKERS = ['makePreview', 'reconcile'];
/** What asks for no token: the address of the second holds one, the others log a browser in and out (dashboard.test.ts). */
const OPEN = ['getHealth', 'deliverAlert', 'beginSession', 'endSession'];
/** By routes that stand in no document: why, and where it is tested who may use them. */
const UNDOCUMENTED: Record<string, string> = {
  '/openapi.json': 'the document itself',
  [PAGE_URL]: 'the page over it, and what it loads',
  '/codec/:secret/:operation': 'the address is the key (codec.test.ts)',
  '/': 'leads to the dashboard',
  '/dashboard': 'leads to its page',
  '/dashboard/*': 'files that anybody may have: what they show is asked for by a session',
  '/mcp': 'it has a protocol of its own; below with the others',
};

/** Of reads that are right: nobody is there to be asked. */
const EXPECTED: Record<string, number> = { listSchedules: 503 };

const callOf = (endpoint: Endpoint, bearer: string | null) =>
  call(api, addressOf(endpoint.path), {
    ...{ method: endpoint.method, token: bearer },
    ...(endpoint.method !== 'GET' && { body: BODIES[endpoint.id] ?? {} }),
    ...(endpoint.id === 'mcp' && { headers: { accept: 'application/json, text/event-stream' } }),
  });

/** A token by this installation's key, with claims that are told. */
function signed(
  change: (made: SignJWT) => SignJWT,
  expires: string | null = null,
  alg = 'HS256',
): Promise<string> {
  const made = change(new SignJWT({ scope: SCOPES.join(' ') }))
    .setProtectedHeader({ alg, typ: 'JWT' })
    .setIssuer(TOKEN_ISSUER)
    .setAudience(TOKEN_AUDIENCE)
    .setSubject('owner');
  if (expires !== null) made.setExpirationTime(expires);
  return made.sign(new TextEncoder().encode(SECRET));
}

/** One that names its own key, as a provider's does. */
async function ofOwnKeys(): Promise<string> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = await exportJWK(publicKey);
  return new SignJWT({ scope: SCOPES.join(' ') })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', jwk })
    .setIssuer(TOKEN_ISSUER)
    .setAudience(TOKEN_AUDIENCE)
    .setSubject('owner')
    .setExpirationTime('5m')
    .sign(privateKey);
}

/** What must stand in no answer to somebody it is not for. */
const secrets = () => new RegExp(`DU1000001|${tradeId.slice(9)}.*state|momentum.*mode`);

test('[API-2] every route of the server is in this table, or named as one that is not', () => {
  expect(endpoints.length).toBeGreaterThan(30);
  expect(new Set(endpoints.map(({ id }) => id)).size).toBe(endpoints.length);
  const known = new Set(endpoints.map(({ method, path }) => `${method} ${path}`));
  const isKnown = (method: string, url: string) =>
    known.has(`${method === 'HEAD' ? 'GET' : method} ${url.replace(/:(\w+)/g, '{$1}')}`);
  const unknown = api.routes.flatMap(({ method, url, schema }) => {
    const { operationId = '' } = (schema ?? {}) as { operationId?: string };
    if (OPEN.includes(operationId) || Object.keys(UNDOCUMENTED).some((of) => url === of)) return [];
    if (url.startsWith(`${PAGE_URL}/`)) return [];
    return [method].flat().flatMap((one) => (isKnown(one, url) ? [] : [`${one} ${url}`]));
  });
  expect(unknown).toEqual([]);
});

describe('[API-2] every endpoint', () => {
  const tokens: [string, () => Promise<string | null> | null | string][] = [
    ['no token', () => null],
    ['nobody’s signature (alg none)', () => unsigned()],
    ['another key', () => token({ secret: 'another-secret-of-more-than-32-chars' })],
    ['a time that is over', () => token({ expiresInS: -60 })],
    ['another audience', () => token({ audience: 'another' })],
    ['another issuer', () => token({ issuer: 'another' })],
    ['no time of expiry', () => signed((made) => made)],
    ['a time that has not come', () => signed((made) => made.setNotBefore('1h'), '2h')],
    ['another algorithm over the same key', () => signed((made) => made, '5m', 'HS512')],
    ['a key pair of its own', ofOwnKeys],
    ['a user that is none', () => token({ user: 'nobody-here' })],
  ];
  test.each(tokens)('refuses %s with 401, and tells nothing', async (_, make) => {
    const bearer = await make();
    for (const endpoint of endpoints) {
      const { status, body, text } = await callOf(endpoint, bearer);
      expect([endpoint.id, status, body.code]).toEqual([endpoint.id, 401, 'UNAUTHENTICATED']);
      expect(text).not.toMatch(secrets());
    }
  });

  test('refuses a token that lacks its scope with 403', async () => {
    for (const endpoint of endpoints) {
      const others = SCOPES.filter((scope) => scope !== endpoint.scope);
      const { status, body } = await callOf(endpoint, await token({ scopes: others }));
      expect([endpoint.id, status, body.code]).toEqual([endpoint.id, 403, 'SCOPE_MISSING']);
    }
  });

  test('shows and changes nothing of another user’s, and documents what it answers', async () => {
    const other = await token({ user: 'other' });
    const before = await stateOf();
    for (const endpoint of endpoints) {
      // A stream does not end (events.test.ts).
      if (endpoint.id === 'followEvents') continue;
      const { status, text } = await callOf(endpoint, other);
      expect([endpoint.id, Object.keys(endpoint.operation.responses)]).toEqual([
        endpoint.id,
        expect.arrayContaining([String(status)]),
      ]);
      const isNamed = /\{id\}/.test(endpoint.path) || endpoint.id === 'executeSignal';
      if (isNamed) expect([endpoint.id, status]).toEqual([endpoint.id, 404]);
      // What was sent is no secret.
      const sent = JSON.stringify(BODIES[endpoint.id] ?? {});
      const told = sent.includes('DU1000001') ? text.replaceAll('DU1000001', '') : text;
      expect([endpoint.id, told]).toEqual([endpoint.id, expect.not.stringMatching(secrets())]);
    }
    expect(await stateOf()).toEqual(before);
  });

  async function stateOf() {
    const own = { userId: api.ready.ownerId };
    return {
      commands: await api.db.command.count(),
      // Who has no account trades on nobody's.
      trades: await api.db.trade.count(),
      modes: await api.db.installation.findMany({ select: { mode: true } }),
      accounts: await api.db.account.findMany({ select: { mode: true } }),
      strategies: await api.db.strategy.findMany({ select: { mode: true, settings: true } }),
      // Who is another user may make webhooks and previews of their own.
      hooks: await api.db.hook.findMany({ where: own, select: { id: true, revokedAt: true } }),
      sessions: await api.db.session.findMany({ where: own }),
      previews: await api.db.preview.findMany({ where: own }),
      reconciliations: await api.db.reconciliation.count(),
    };
  }

  test('takes what is right: whatever is read is a 200', async () => {
    for (const endpoint of endpoints) {
      if (endpoint.method !== 'GET' || endpoint.id === 'followEvents') continue;
      const { status, text } = await callOf(endpoint, await token());
      const expected = EXPECTED[endpoint.id] ?? 200;
      expect([endpoint.id, status, status === expected ? '' : text]).toEqual([
        endpoint.id,
        expected,
        '',
      ]);
    }
  });

  test('the bodies above are such that are taken: what was refused was the token', async () => {
    // What takes a row away comes last.
    const isLast = ({ method }: Endpoint) => Number(method === 'DELETE');
    for (const endpoint of [...endpoints].sort((one, other) => isLast(one) - isLast(other))) {
      if (endpoint.method === 'GET') continue;
      const { status, body } = await callOf(endpoint, await token());
      // Nothing of what was planned is at the broker.
      const may = [200, 201, 202, 409, ...(OF_WORKERS.includes(endpoint.id) ? [503] : [])];
      expect([endpoint.id, status, may.includes(status) ? '' : body.detail]).toEqual([
        ...[endpoint.id, status, ''],
      ]);
    }
  });
});
