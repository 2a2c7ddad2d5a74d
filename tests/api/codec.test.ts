/** The codec endpoint: whoever knows its address has payloads opened, nobody else (OPS-5). */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { codecPath } from '../../app/payload-codec.js';
import { createPayloadCodec } from '../../client/payload-codec.js';
import { testApi, type TestApi } from './support.js';

const secret = randomBytes(32).toString('base64url');
const codec = createPayloadCodec([{ name: 'k1', secret }]);

let api: TestApi;
beforeAll(async () => {
  api = await testApi({ TEMPORAL_PAYLOAD_KEYS: `k1=${secret}` });
}, 60_000);
afterAll(() => api?.close());

const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64');

async function sealed(text: string) {
  const plain = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(text) };
  const [payload] = await codec.encode([plain], undefined);
  const entries = Object.entries(payload!.metadata!).map(([name, value]) => [name, base64(value)]);
  return { metadata: Object.fromEntries(entries) as object, data: base64(payload!.data!) };
}

function ask(path: string, payloads: readonly object[]) {
  return fetch(`${api.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-namespace': 'default' },
    body: JSON.stringify({ payloads }),
  });
}

test('[OPS-5] the Temporal UI has payloads opened, from its own origin', async () => {
  const path = codecPath(api.shared.config);
  const answer = await ask(`${path}/decode`, [await sealed('"AAPL"')]);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(await answer.json()).toEqual({
    payloads: [{ metadata: { encoding: base64('json/plain') }, data: base64('"AAPL"') }],
  });
  const asked = await fetch(`${api.url}${path}/decode`, { method: 'OPTIONS' });
  expect(asked.status).toBe(204);
  expect(asked.headers.get('access-control-allow-headers')).toContain('x-namespace');
});

test('[OPS-5] what it encodes it decodes', async () => {
  const path = codecPath(api.shared.config);
  const plain = { metadata: { encoding: base64('json/plain') }, data: base64('{"a":1}') };
  const { payloads } = (await (await ask(`${path}/encode`, [plain])).json()) as {
    payloads: object[];
  };
  expect(JSON.stringify(payloads)).not.toContain(plain.data);
  expect(await (await ask(`${path}/decode`, payloads)).json()).toEqual({ payloads: [plain] });
});

test('[OPS-5] who does not know the address gets nothing; what was changed is a refusal', async () => {
  const payload = await sealed('"AAPL"');
  for (const wrong of ['/codec/x/decode', `/codec/${'A'.repeat(43)}/decode`, '/codec/decode']) {
    const answer = await ask(wrong, [payload]);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain(base64('"AAPL"'));
  }
  // It is told before a body is read, so nobody keeps the API busy with one.
  const large = await fetch(`${api.url}/codec/x/decode`, {
    ...{ method: 'POST', headers: { 'content-type': 'text/html' } },
    body: 'x'.repeat(4 * 1_024 * 1_024),
  }).catch(() => null);
  if (large !== null) expect(large.status).toBe(404);
  expect((await fetch(`${api.url}/codec/x/decode`, { method: 'OPTIONS' })).status).toBe(404);
  const path = codecPath(api.shared.config);
  const changed = { ...payload, data: base64(randomBytes(64)) };
  const refused = await ask(`${path}/decode`, [changed]);
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('k1') });
  expect((await ask(`${path}/drop`, [payload])).status).toBe(400);
});
