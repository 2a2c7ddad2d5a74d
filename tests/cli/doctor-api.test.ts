/** [OPS-3] The HTTP API, its tokens, its codec endpoint, webhooks: each broken for real, with doctor's line and remedy. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ask, SECRET, servedApi, testApi, type ServedApi, type TestApi } from '../api/support.js';
import { temporalAddress } from '../support/temporal.js';
import { told } from './doctor-lines.js';
import { ballast } from './support.js';

const KEYS = `k1=${'A'.repeat(43)}`;
const OTHER_KEYS = `k1=${'B'.repeat(42)}A`;

let api: TestApi;
let plain: ServedApi;
let folder: string;
/** Answers with what stands in `page`. */
let other: Server;
let page = '';
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  api = await testApi({ TEMPORAL_PAYLOAD_KEYS: KEYS });
  const { databaseUrl = '' } = api.shared.config;
  plain = await servedApi({ DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: '127.0.0.1:1' });
  folder = mkdtempSync(join(tmpdir(), 'ballast-doctor-'));
  // One that answers: what is away is waited for.
  const temporal = await temporalAddress();
  other = createServer((_request, response) => response.end(page));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  env = {
    ...{ BALLAST_STATE_DIR: folder, JWT_SECRET: SECRET, TEMPORAL_PAYLOAD_KEYS: KEYS },
    ...{ DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: temporal },
    ...{ API_PORT: portOf(api), IBKR_PORT: '4002' },
  };
}, 60_000);
afterAll(async () => {
  other?.close();
  await plain?.close();
  await api?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const portOf = ({ url }: ServedApi) => new URL(url).port;
const otherPort = () => String((other.address() as AddressInfo).port);

test('[OPS-3] with all as it must be it says so', async () => {
  expect(await told(env, 'HTTP API')).toBe(`ok: answers at ${api.url} → null`);
  expect(await told(env, 'API tokens')).toMatch(/^ok/);
  expect(await told(env, 'MCP')).toMatch(/^ok/);
  expect(await told(env, 'codec endpoint')).toMatch(/^ok/);
});

test('[OPS-3] an API that is not there, and a port that something else has', async () => {
  const away = await told({ ...env, API_PORT: '1' }, 'HTTP API');
  expect(away).toMatch(/^wrong: no answer at http:\/\/127.0.0.1:1: .* → .*API_HOST and API_PORT/);
  page = '<html>another program</html>';
  const taken = await told({ ...env, API_PORT: otherPort() }, 'HTTP API');
  expect(taken).toMatch(
    /^wrong: something else answers .*the port is taken → .*API_PORT that is free/,
  );
  const beyond = await told({ ...env, API_HOST: '0.0.0.0' }, 'HTTP API');
  expect(beyond).toContain(`ok: answers at ${api.url}`);
  expect(beyond).toMatch(/note: it listens beyond this machine .*→ unset API_HOST/);
});

test('[API-2] a secret, an issuer or an audience that the API does not have', async () => {
  for (const wrong of [
    { JWT_SECRET: 'another-secret-of-more-than-32-chars' },
    { JWT_ISSUER: 'somebody' },
    { JWT_AUDIENCE: 'something' },
  ]) {
    const line = await told({ ...env, ...wrong }, 'API tokens');
    expect(line).toMatch(/^wrong: one that is made here is not taken: .* → .*the same JWT_SECRET/);
  }
});

test('[API-2] keys of an identity provider that can not be had', async () => {
  const provider = (url: string) => told({ ...env, JWT_JWKS_URL: url }, 'token keys');
  expect(await provider('http://127.0.0.1:1/keys')).toMatch(/^wrong: no answer .*JWT_JWKS_URL/);
  const url = `http://127.0.0.1:${otherPort()}/keys`;
  page = '<html>';
  expect(await provider(url)).toMatch(/^wrong: .*holds no keys → check JWT_JWKS_URL/);
  page = JSON.stringify({ keys: [{ kty: 'oct', k: 'AAAA' }] });
  expect(await provider(url)).toMatch(/^wrong: .*holds no public key/);
  page = JSON.stringify({ keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }] });
  expect(await provider(url)).toMatch(/^note: JWT_ISSUER and JWT_AUDIENCE still as/);
  const own = { JWT_JWKS_URL: url, JWT_ISSUER: 'https://l.example', JWT_AUDIENCE: 'b' };
  expect(await told({ ...env, ...own }, 'token keys')).toMatch(/^ok: 1 at/);
  const foreign = { ...env, ...own, JWT_SECRET: '' };
  expect(await told(foreign, 'API tokens')).toMatch(/^skipped: the identity provider's alone/);
});

test('[OPS-5] keys that differ between the API and this shell', async () => {
  const codec = (wrong: NodeJS.ProcessEnv) => told({ ...env, ...wrong }, 'codec endpoint');
  expect(await codec({ TEMPORAL_PAYLOAD_KEYS: OTHER_KEYS })).toMatch(
    /^wrong: it does not open what is sealed here: .*k1.* → .*same TEMPORAL_PAYLOAD_KEYS/,
  );
  expect(await codec({ API_PORT: portOf(plain) })).toMatch(
    /^wrong: .*the API has no keys, or another JWT_SECRET → /,
  );
  expect(await codec({ TEMPORAL_PAYLOAD_KEYS: '' })).toMatch(
    /^wrong: the API encrypts, and TEMPORAL_PAYLOAD_KEYS is not set here → /,
  );
  expect(await codec({ TEMPORAL_PAYLOAD_KEYS: '', API_PORT: portOf(plain) })).toBe('');
});

test('[OPS-5] the codec endpoint is printed, and said so where nothing answers at it', async () => {
  const there = await ballast(['codec', 'endpoint'], { env });
  expect(there).toMatchObject({ code: 0, err: '' });
  expect(there.out).toContain(`${api.url}/`);
  const away = await ballast(['codec', 'endpoint'], { env: { ...env, API_PORT: '1' } });
  expect(away.code).toBe(3);
  expect(away.out).toMatch(/^http:\/\/127.0.0.1:1\//);
  expect(away.err).toContain('nothing answers there');
  expect(away.err).toContain('API_PORT');
});

test('[SIG-6] webhooks that no charting service reaches', async () => {
  expect(await told(env, 'webhooks')).toBe('');
  const body = { name: 'chart', template: 'plain', strategies: ['momentum'] };
  await ask(api, '/api/v1/hooks', 201, { method: 'POST', body });
  const at = (url: string) => told({ ...env, API_PUBLIC_URL: url }, 'webhooks');
  expect(await at('')).toMatch(/^note: one is open, and API_PUBLIC_URL is not set/);
  expect(await at('http://127.0.0.1:8484')).toMatch(/^note: .*this machine alone/);
  expect(await at('http://ballast.example')).toMatch(/^wrong: .*plain text → .*https:/);
  expect(await at('https://ballast.example')).toMatch(/^ok/);
});
