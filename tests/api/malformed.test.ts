/** What is no HTTP request, byte by byte over a connection. A real server. */
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testApi, type AnyBody, type TestApi } from './support.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
}, 60_000);
afterAll(async () => api?.close());

/** All that is answered until the connection ends. */
function answerTo(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (text += chunk));
    socket.on('end', () => socket.end());
    socket.on('close', () => resolve(text)).on('error', reject);
  });
}

const HOST = 'Host: 127.0.0.1';

test.each([
  ['a request line that is none', 'HELLO\r\n\r\n', 400, 'INVALID_REQUEST'],
  ['a version that is none', `GET /health HTTP/9.9\r\n${HOST}\r\n\r\n`, 400, 'INVALID_REQUEST'],
  [
    'a head without end',
    `GET /health HTTP/1.1\r\n${HOST}\r\nX-Long: ${'x'.repeat(70_000)}\r\n\r\n`,
    431,
    'HEADERS_TOO_LARGE',
  ],
  [
    'two words on where the body ends',
    `POST /hooks/x HTTP/1.1\r\n${HOST}\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
    'INVALID_REQUEST',
  ],
])('[API-1] %s is a problem as every refusal is', async (_, bytes, status, code) => {
  const answer = await answerTo(bytes);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toContain(`HTTP/1.1 ${status} `);
  expect(head.toLowerCase()).toContain('content-type: application/problem+json');
  const told = JSON.parse(body) as AnyBody;
  expect(told).toMatchObject({ code, status });
  expect(head).toContain(`X-Request-Id: ${told.request_id}`);
});
