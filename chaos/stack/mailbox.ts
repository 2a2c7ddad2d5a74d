/** A real mail server, by SMTP: for the judge's cases, and for the notifier's tests. */
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
  /** Addresses that it takes no mail for. */
  readonly refused: Set<string>;
  close(): Promise<void>;
}

export const USER = 'ballast';
export const PASSWORD = 'pa%ss/word';

/** What a notifier is told of the server on that port, with the password in it. */
export function mailUrl(port: number): string {
  return `smtp://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`;
}

/** Starts a mail server that asks for a password. A port may be given, to come back on the same. */
export async function startMailbox(port = 0): Promise<Mailbox> {
  const mails: Email[] = [];
  const answers: Mailbox['answers'] = [];
  const refused = new Set<string>();
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === USER && password === PASSWORD
        ? done(null, { user: USER })
        : done(new Error('wrong password')),
    onRcptTo: ({ address }, _session, done) =>
      done(refused.has(address) ? smtpRefusal(550, 'no such user')() : null),
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
  return {
    ...{ mails, answers, refused, port: taken },
    url: mailUrl(taken),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A refusal as a mail server words it. */
export function smtpRefusal(responseCode: number, text: string): () => Error {
  return () => Object.assign(new Error(text), { responseCode });
}
