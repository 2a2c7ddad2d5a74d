/** A real HTTP server that messages go to: it answers as it is told, or not at all. For mail: chaos/stack/mailbox.ts. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly atMs: number;
  readonly status: number | null;
}

/** Answers a request; null leaves it without an answer. */
export type Answer = ((response: ServerResponse) => void) | null;

export interface HttpReceiver {
  readonly url: string;
  readonly received: Received[];
  /** What the next requests are answered with, one each; then 200. */
  readonly answers: Answer[];
  close(): Promise<void>;
}

/** An answer of that status. */
export function answerOf(
  status: number,
  body: unknown = {},
  headers: Record<string, string> = {},
): Answer {
  return (response) => response.writeHead(status, headers).end(JSON.stringify(body));
}

export async function startHttpReceiver(): Promise<HttpReceiver> {
  const received: Received[] = [];
  const answers: Answer[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = answers.length > 0 ? answers.shift()! : answerOf(200);
      answer?.(response);
      const [path, headers] = [request.url ?? '', request.headers];
      const status = answer === null ? null : response.statusCode;
      received.push({
        path,
        headers,
        body: Buffer.concat(chunks).toString(),
        atMs: Date.now(),
        status,
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ received, answers, url: `http://127.0.0.1:${port}` },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
