/** What is no request at all: no route, no hook and no handler ever sees it, so it is answered here, as everything else is. */
import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Problem, problemBody, PROBLEM_TYPE } from './problems.js';

type Answering = Socket & { readonly _httpMessage?: ServerResponse | null };

/** Answers on the connection itself, and ends it: nobody knows where another request would begin. */
export function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  const isGone = error.code === 'ECONNRESET' || socket.destroyed || !socket.writable;
  // In the midst of an answer a second one would be read as the rest of it. Node looks at the same where nobody else does.
  const isAnswering = (socket as Answering)._httpMessage?.headersSent === true;
  if (isGone || isAnswering) return void socket.destroy(error);
  socket.end(answer(problemOf(error)));
}

function problemOf({ code }: NodeJS.ErrnoException): Problem {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new Problem('REQUEST_TIMEOUT', 'send the head and the body of a request at once');
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new Problem('HEADERS_TOO_LARGE', 'send fewer headers, or shorter ones');
  }
  return new Problem('INVALID_REQUEST', 'this is no HTTP request that can be read');
}

function answer(problem: Problem): string {
  const id = randomUUID();
  const body = JSON.stringify(problemBody(problem, id));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${id}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
