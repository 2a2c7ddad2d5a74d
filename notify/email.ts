/** Mail by SMTP: one connection for each message, so that one which broke harms no other. */
import { createTransport } from 'nodemailer';
import { failed, SEND_TIMEOUT_MS, type Channel, type Outcome } from './channel.js';
import { redacted } from './http.js';
import { subjectOf, textOf, type Message } from './message.js';

export interface EmailSettings {
  /** `smtp://user:password@host:587`, or `smtps://` for TLS from the first byte. */
  readonly url: string;
  readonly from: string;
  readonly to: readonly string[];
  /** A server on this machine may speak plain text; any other must take STARTTLS. */
  readonly isLoopback: boolean;
  /** One of another machine may speak plain text as well. */
  readonly isPlain?: boolean;
}

const CONNECT_TIMEOUT_MS = 10_000;
const SILENCE_MAX_MS = 12_000;
/** Failed before the message itself was sent: these are the steps of a connection up to it. */
const BEFORE_DATA = /^(CONN|EHLO|HELO|STARTTLS|AUTH.*|MAIL FROM|RCPT TO)$/;

export function emailChannel(settings: EmailSettings): Channel {
  const { url, from, to, isLoopback, isPlain = false } = settings;
  const transport = createTransport({
    ...connectionOf(url),
    requireTLS: !isLoopback && !isPlain,
    ignoreTLS: isLoopback && url.startsWith('smtp:'),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    dnsTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_MAX_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const secrets = secretsOf(url);
  return {
    name: 'email',
    paceMs: 0,
    send: (message) =>
      within(SEND_TIMEOUT_MS, async () => {
        try {
          const sent = (await transport.sendMail(mailOf(message, from, to))) as SentInfo;
          return { kind: 'sent', leftOut: leftOutOf(sent, secrets) };
        } catch (error) {
          return failureOf(error, secrets);
        }
      }),
  };
}

/** Submission with STARTTLS, and with TLS from the first byte. */
const SUBMISSION_PORT = 587;
const TLS_PORT = 465;

function connectionOf(url: string) {
  const { protocol, hostname, port, username, password } = new URL(url);
  const isSecure = protocol === 'smtps:';
  const auth = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (isSecure ? TLS_PORT : SUBMISSION_PORT) : Number(port),
    secure: isSecure,
    ...(username !== '' && { auth }),
  };
}

function mailOf(message: Message, from: string, to: readonly string[]) {
  const domain = /@([^\s@>]+)>?$/.exec(from)?.[1] ?? 'localhost';
  return {
    from,
    to: [...to],
    subject: subjectOf(message),
    text: textOf(message),
    date: new Date(message.at),
    // The same at every attempt: mail programs show one of them.
    messageId: `<${message.id}@${domain}>`,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Ballast-Kind': message.kind },
  };
}

/** More of it says no more to people. */
const LEFT_OUT_MAX = 600;

/** The recipients whom the server refused while it took the mail for others; null: none. */
function leftOutOf(
  { rejected = [], rejectedErrors = [] }: SentInfo,
  secrets: readonly string[],
): string | null {
  if (rejected.length === 0) return null;
  const said = rejectedErrors.map(({ response, message }) => response ?? message);
  return redacted(`${rejected.join(', ')}: ${said.join('; ')}`, secrets).slice(0, LEFT_OUT_MAX);
}

/** What nodemailer says of a mail that was taken, by one recipient at least. */
interface SentInfo {
  readonly rejected?: readonly string[] | undefined;
  readonly rejectedErrors?:
    readonly { readonly response?: string | undefined; readonly message: string }[] | undefined;
}

/** What nodemailer says of a failure. */
interface SmtpError {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
  readonly message?: string;
}

function failureOf(error: unknown, secrets: readonly string[]): Outcome {
  const { code = '', command = '', responseCode, message } = error as SmtpError;
  const text = redacted(`${code} ${message ?? String(error)}`.trim(), secrets);
  const wasAnswered = responseCode !== undefined;
  return failed(text, {
    // Refused for good after its text was read: for its size, or for what it says.
    isFinal: code === 'EMESSAGE' && wasAnswered && responseCode >= 500,
    isUnknown: !wasAnswered && !BEFORE_DATA.test(command) && !['EDNS', 'EAUTH'].includes(code),
  });
}

function secretsOf(url: string): string[] {
  const { password } = new URL(url);
  return [url, password, decodeURIComponent(password)];
}

/** Whatever hangs, the answer comes in time: what happens after it is of unknown outcome. */
async function within(limitMs: number, work: () => Promise<Outcome>): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Outcome>((resolve) => {
    const silent = failed(`no answer within ${limitMs / 1_000} s`, { isUnknown: true });
    timer = setTimeout(() => resolve(silent), limitMs);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
