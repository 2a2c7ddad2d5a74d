/** Every endpoint of the document, by whoever may not use it: refused, and nothing is told. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseSignal } from '../../contract/signal.js';
import { SCOPES, type Scope } from '../../contract/tokens.js';
import { requestPreview } from '../../store/previews/request.js';
import { makePreview } from '../store/support/made-preview.js';
import { plannedTrade } from '../store/support/planned-trade.js';
import { ask, call, testApi, token, unsigned, type TestApi } from './support.js';

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
  tradeId = await plannedTrade(api.db, api.ready, { symbol: 'AAA', strategy_id: 'momentum' });
  const order = await api.db.order.findFirstOrThrow({ where: { tradeId } });
  orderId = order.id;
  previewId = randomUUID();
  const previewed = { ...signal, id: 'previewed', strategy_id: 'momentum' };
  const wanted = { previewId, userId: api.ready.ownerId, signal: parseSignal(previewed) };
  await requestPreview(api.db, wanted);
  await makePreview(api.db, previewId);
  const { signalRowId } = await api.db.trade.findUniqueOrThrow({ where: { id: tradeId } });
  await api.db.signal.update({ where: { id: signalRowId }, data: { signalId } });
}, 60_000);
afterAll(async () => api?.close());

/** Rows of the owner's, by what an address is about. */
const addressOf = (path: string) => {
  const ids = {
    ...{ orders: orderId, trades: tradeId, previews: previewId },
    ...{ strategies: 'momentum', signals: signalId },
  };
  const [, of = ''] = /\/(\w+)\/\{id\}/.exec(path) ?? [];
  return path.replace('{id}', ids[of as keyof typeof ids] ?? randomUUID());
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
  createHook: { name: 'never', template: 'plain', strategies: ['momentum'] },
};

const callOf = (endpoint: Endpoint, bearer: string | null) =>
  call(api, addressOf(endpoint.path), {
    ...{ method: endpoint.method, token: bearer },
    ...(endpoint.method !== 'GET' && { body: BODIES[endpoint.id] ?? {} }),
  });

/** What must stand in no answer to somebody it is not for. */
const secrets = () => new RegExp(`DU1000001|${tradeId.slice(9)}.*state|momentum.*mode`);

test('the endpoints were read at all', () => {
  expect(endpoints.length).toBeGreaterThan(30);
  expect(new Set(endpoints.map(({ id }) => id)).size).toBe(endpoints.length);
});

describe('[API-2] every endpoint', () => {
  const tokens: [string, () => Promise<string | null> | null | string][] = [
    ['no token', () => null],
    ['nobody’s signature (alg none)', () => unsigned()],
    ['another key', () => token({ secret: 'another-secret-of-more-than-32-chars' })],
    ['a time that is over', () => token({ expiresInS: -60 })],
    ['another audience', () => token({ audience: 'another' })],
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
    return {
      commands: await api.db.command.count(),
      // Who has no account trades on nobody's.
      trades: await api.db.trade.count(),
      modes: await api.db.installation.findMany({ select: { mode: true } }),
      accounts: await api.db.account.findMany({ select: { mode: true } }),
      strategies: await api.db.strategy.findMany({ select: { mode: true, settings: true } }),
    };
  }

  test('takes what is right: nothing is a 5xx but what needs Temporal', async () => {
    for (const endpoint of endpoints) {
      if (endpoint.method !== 'GET' || endpoint.id === 'followEvents') continue;
      const { status, text } = await callOf(endpoint, await token());
      const expected = /reconciliations\/\{id\}/.test(endpoint.path) ? 404 : 200;
      expect([endpoint.id, status, status === expected ? '' : text]).toEqual([
        endpoint.id,
        expected,
        '',
      ]);
    }
  });
});
