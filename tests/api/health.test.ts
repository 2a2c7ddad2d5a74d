/** `GET /health`, the document and its page, and refusals. A real server, a real PostgreSQL. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { HealthView } from '../../app/health.js';
import { call, testApi, token, type TestApi } from './support.js';

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, unknown>;
}

let api: TestApi;
beforeAll(async () => {
  api = await testApi({ API_BODY_BYTES_MAX: '20480' });
}, 60_000);
afterAll(async () => api?.close());

describe('[API-1] GET /health', () => {
  test('says without a token what is up and what is not, and names no account and no address', async () => {
    const { status, body, text } = await call<HealthView>(api, '/health', { token: null });
    expect(status).toBe(200);
    expect(body.status).toBe('degraded');
    const states = Object.fromEntries(body.parts.map(({ name, state }) => [name, state]));
    expect(states).toEqual({
      database: 'up',
      'broker link': 'up',
      temporal: 'down',
      'trade worker': 'unknown',
    });
    expect(text).not.toMatch(/DU1|127\.0\.0\.1|postgres:/);
  });

  test('is 503 when the database does not answer, and tells nothing of where it is', async () => {
    const gone = await testApi({ DATABASE_URL: 'postgresql://secretuser:pw@127.0.0.1:1/x' });
    try {
      const { status, body, text } = await call(gone, '/health', { token: null });
      expect(status).toBe(503);
      expect(body.status).toBe('down');
      expect(text).not.toMatch(/secretuser|127\.0\.0\.1/);
      const refused = await call(gone, '/api/v1/nothing');
      expect(refused.status).toBe(503);
      expect(refused.body.code).toBe('UNAVAILABLE');
      expect(refused.text).not.toMatch(/secretuser|127\.0\.0\.1/);
    } finally {
      await gone.close();
    }
  });
});

describe('[API-1] the document', () => {
  test('is OpenAPI 3.1, and a page shows it', async () => {
    const { status, body } = await call<Document>(api, '/openapi.json', { token: null });
    expect(status).toBe(200);
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths)).toContain('/health');
    const page = await call(api, '/docs/', { token: null });
    expect(page.status).toBe(200);
    expect(page.type).toMatch(/html/);
  });
});

describe('[API-1] refusals are problems', () => {
  test('an address that is not known: 401 without a token, 404 with one', async () => {
    const none = await call(api, '/api/v1/nothing', { token: null });
    expect(none.status).toBe(401);
    expect(none.type).toMatch(/^application\/problem\+json/);
    const { status, body, headers } = await call(api, '/api/v1/nothing');
    expect([status, body.code, body.status]).toEqual([404, 'NOT_FOUND', 404]);
    expect(headers.get('x-request-id')).toBe(body.request_id);
  });

  test('a method that is not known: 405, with those that are', async () => {
    const { status, headers } = await call(api, '/health', { method: 'DELETE' });
    expect(status).toBe(405);
    expect(headers.get('allow')).toContain('GET');
  });

  test('a method with a body of its own rules is not known either', async () => {
    const { status, body } = await call(api, '/health', { method: 'QUERY' });
    expect([status, body.code]).toEqual([405, 'METHOD_NOT_ALLOWED']);
    expect((await call(api, '/api/v1/trades', { method: 'QUERY', token: null })).status).toBe(401);
  });

  test('[API-2] without a token no more than so many are judged from one address', async () => {
    const narrow = await testApi({ API_REQUESTS_PER_MINUTE: '10' });
    try {
      const statuses: number[] = [];
      for (let count = 0; count < 14; count += 1) {
        const wrong = await token({ secret: 'another-secret-of-more-than-32-chars' });
        statuses.push((await call(narrow, '/api/v1/nothing', { token: wrong })).status);
      }
      expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
      expect(statuses.slice(11)).toEqual([429, 429, 429]);
      // Whoever has a token is not shut out by whoever has none.
      expect((await call(narrow, '/api/v1/nothing')).status).toBe(404);
    } finally {
      await narrow.close();
    }
  });
});
