/** A minimal JSON server on the loopback interface: routes by method and path, bounded bodies. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Far more than all prices of all symbols. */
const BODY_BYTES_MAX = 1_048_576;
const REQUEST_TIMEOUT_MS = 10_000;

/** An error whose text is the answer. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Takes the parsed body (undefined for GET), gives what is answered as JSON. */
export type Handler = (body: unknown) => unknown;

/** `GET /prices` → handler. */
export type Routes = Readonly<Record<string, Handler>>;

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > BODY_BYTES_MAX) throw new HttpError(413, `the body exceeds ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk as Buffer);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch (error) {
    throw new HttpError(400, `the body is not JSON: ${(error as Error).message}`);
  }
}

async function answer(routes: Routes, request: IncomingMessage): Promise<unknown> {
  // A web page must not steer the gateway through its visitor's browser.
  if (request.headers.origin) throw new HttpError(403, 'requests from web pages are refused');
  const method = request.method ?? 'GET';
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const handler = routes[`${method} ${path}`];
  if (handler) return handler(method === 'POST' ? await readBody(request) : undefined);
  const known = Object.keys(routes);
  if (known.some((route) => route.endsWith(` ${path}`))) {
    throw new HttpError(405, `${method} is not possible on ${path}; known: ${known.join(', ')}`);
  }
  throw new HttpError(404, `nothing at ${path}; known: ${known.join(', ')}`);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const payload = Buffer.from(JSON.stringify(body) + '\n');
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': payload.length,
  });
  response.end(payload);
}

/** Bad values throw RangeError everywhere in the gateway: those are the caller's mistakes. */
function failure(error: unknown): { status: number; message: string } {
  if (error instanceof HttpError) return { status: error.status, message: error.message };
  if (error instanceof RangeError) return { status: 400, message: error.message };
  return { status: 500, message: error instanceof Error ? error.message : String(error) };
}

/** A server for these routes, not yet listening. */
export function createJsonServer(routes: Routes): Server {
  const server = createServer((request, response) => {
    answer(routes, request).then(
      (body) => send(response, 200, body),
      (error: unknown) => {
        const { status, message } = failure(error);
        // The rest of a refused body is not read.
        response.setHeader('connection', 'close');
        send(response, status, { error: message });
      },
    );
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.headersTimeout = REQUEST_TIMEOUT_MS;
  return server;
}

/** Listens on 127.0.0.1 (0: a free port); gives the port. Rejects when the port is taken. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
