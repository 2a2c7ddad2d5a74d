/** Real servers that messages go to: mail by SMTP, and HTTP that answers as it is told, or not at all. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface Mailbox {
  readonly url: string;
  readonly port: number;
  /** In the order they arrived. */
  readonly mails: Email[];
  /** What the next mails are answered with, one each; null takes it. */
  readonly answers: ((() => Error) | null)[];
  close(): Promise<void>;
}

export const USER = 'ballast';
export const PASSWORD = 'pa%ss/word';

/** Starts a mail server that asks for a password. A port may be given, to come back on the same. */
export async function startMailbox(port = 0): Promise<Mailbox> {
  const mails: Email[] = [];
  const answers: Mailbox['answers'] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === USER && password === PASSWORD
        ? done(null, { user: USER })
        : done(new Error('wrong password')),
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const refusal = answers.shift() ?? null;
        if (refusal) return done(refusal());
        void PostalMime.parse(Buffer.concat(chunks)).then((mail) => {
          mails.push(mail);
          done();
        });
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const taken = (server.server.address() as AddressInfo).port;
  const password = encodeURIComponent(PASSWORD);
  return {
    ...{ mails, answers, port: taken },
    url: `smtp://${USER}:${password}@127.0.0.1:${taken}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A refusal as a mail server words it. */
export function smtpRefusal(responseCode: number, text: string): () => Error {
  return () => Object.assign(new Error(text), { responseCode });
}

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
