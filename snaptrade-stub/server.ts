/** The API over HTTP: who asks is checked, then how often, then what is armed to go wrong, then answered. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { ApiError } from './api-error.js';
import type { Book } from './book.js';
import type { Faults } from './faults.js';
import type { StubOptions } from './options.js';
import { OPERATIONS } from './routes.js';
import type { Operation } from './routes.js';
import { requireSigned } from './signature.js';

const BODY_BYTES_MAX = 65_536;
const WINDOW_MS = 60_000;

/** What was asked, for a test to look at: never a secret. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  status: number | null;
}

/** Most requests that are kept. */
const ASKED_MAX = 10_000;

export interface Api {
  readonly server: Server;
  readonly asked: readonly Asked[];
}

export function createApi(options: StubOptions, book: Book, faults: Faults): Api {
  const asked: Asked[] = [];
  const times: number[] = [];
  const server = createServer((request, response) => {
    void handle(request, response).catch((error: unknown) => {
      if (response.destroyed) return;
      send(response, new ApiError(500, error instanceof Error ? error.message : 'unexpected'));
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '/', query = ''] = (request.url ?? '/').split('?');
    const body = await bodyOf(request);
    const one: Asked = { method: request.method ?? '', path, body, status: null };
    asked.push(one);
    if (asked.length > ASKED_MAX) asked.shift();
    if (faults.strikes('cut')) return void request.socket.destroy();
    const answer = answerOf(request, path, query, body);
    if (answer === null) return void request.socket.destroy();
    if (answer === 'silence') return;
    one.status = answer instanceof ApiError ? answer.status : 200;
    send(response, answer, options.requestsPerMinute - times.length);
  }

  /** Null: the connection is closed; `silence`: nothing is ever said. */
  function answerOf(
    request: IncomingMessage,
    path: string,
    query: string,
    body: unknown,
  ): ApiError | { readonly value: unknown } | 'silence' | null {
    try {
      if (faults.isUnavailable) throw new ApiError(503, 'Brokerage is unavailable', '3000');
      const { operation, accountId } = operationOf(request.method, path);
      const signature = request.headers['signature'];
      const signed = { path, query, body, signature: String(signature ?? '') };
      if (!operation.isPublic) requireSigned(signed, options.credentials, Date.now());
      throttle();
      const call = { accountId, query: new URLSearchParams(query), body };
      if (operation.isPlacing) return placed(() => operation.answer(book, call));
      return { value: operation.answer(book, call) };
    } catch (error) {
      if (error instanceof ApiError) return error;
      throw error;
    }
  }

  function placed(answer: () => unknown): ApiError | { value: unknown } | 'silence' | null {
    if (faults.strikes('cut-before-order')) return null;
    if (faults.strikes('order-swallowed')) return 'silence';
    const value = answer();
    if (faults.strikes('cut-after-order')) return null;
    if (faults.strikes('order-unanswered')) return 'silence';
    if (faults.strikes('order-error')) return new ApiError(500, 'Unexpected exception', '1000');
    return { value };
  }

  function throttle(): void {
    const now = Date.now();
    while (times.length > 0 && times[0]! <= now - WINDOW_MS) times.shift();
    if (faults.strikes('throttled')) throw throttled(1);
    if (times.length >= options.requestsPerMinute) {
      throw throttled(Math.ceil((times[0]! + WINDOW_MS - now) / 1000));
    }
    times.push(now);
  }

  return { server, asked };
}

function throttled(seconds: number): ApiError {
  const told = `Request was throttled. Expected available in ${seconds} seconds.`;
  return new ApiError(429, told, '0000', seconds);
}

function operationOf(
  method: string | undefined,
  path: string,
): { operation: Operation; accountId: string } {
  for (const operation of OPERATIONS) {
    const found = operation.method === method ? operation.path.exec(path) : null;
    if (found) return { operation, accountId: decodeURIComponent(found[1] ?? '') };
  }
  throw new ApiError(404, `Nothing at ${path}`, '0000');
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > BODY_BYTES_MAX) throw new ApiError(400, 'the body is too large');
    chunks.push(chunk as Buffer);
  }
  if (size === 0) return undefined;
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
}

function send(
  response: ServerResponse,
  answer: ApiError | { readonly value: unknown },
  left?: number,
): void {
  const isError = answer instanceof ApiError;
  const payload = Buffer.from(JSON.stringify(isError ? answer.body : answer.value));
  const retry = isError ? answer.retryAfterSeconds : null;
  response.writeHead(isError ? answer.status : 200, {
    'content-type': 'application/json',
    'content-length': payload.length,
    ...(left !== undefined && { 'x-ratelimit-remaining': String(Math.max(0, left)) }),
    ...(retry !== null && { 'retry-after': String(retry) }),
  });
  response.end(payload);
}
