/** One POST to somebody else's server: bounded in time and size, following no redirect. */
import { cut } from '../domain/text.js';
import { failed, SEND_TIMEOUT_MS, SENT, type Outcome } from './channel.js';

export interface Post {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** What must not be seen in an error. */
  readonly secrets: readonly string[];
  /** Where the channel tells in its body how long to wait, in seconds; its header is looked at first. */
  readonly retryAfterIn?: (body: unknown) => unknown;
  /** Where an answer of 200 says in its body that it was refused all the same: with which status; else null. */
  readonly refusedIn?: (body: unknown) => number | null;
}

/** The text of an answer that is read: enough for a reason. */
const ANSWER_MAX = 4_096;
const REASON_MAX = 300;
/** Nobody asks for longer in earnest; a wrong clock may. */
const RETRY_AFTER_MAX_MS = 3_600_000;

/** The server has read the message and doesn't want it: 400 bad, 413 too large, 422 not understood. */
const REFUSED = new Set([400, 413, 422]);
/** It says that it did not take it. */
const NOT_NOW = new Set([408, 425, 429, 503]);

/** Failed before a byte of the message left. */
const NEVER_LEFT = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['UND_ERR_CONNECT_TIMEOUT', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED'],
  ...[
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ],
]);

/** Sends it, and says what came of it. Never rejects. */
export async function post(what: Post): Promise<Outcome> {
  const { url, headers, body, secrets, retryAfterIn } = what;
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'ballast', ...headers },
      body,
      // What answers elsewhere was not meant, and a secret may stand in the address.
      redirect: 'manual',
      signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
    });
    if (answer.ok) {
      const { status, text } = await refusedAllTheSame(answer, what);
      if (status === null) return SENT;
      return refusalOf(answer, status, redacted(text, secrets), retryAfterIn);
    }
    const text = await beginningOf(answer);
    return refusalOf(answer, answer.status, redacted(text, secrets), retryAfterIn);
  } catch (error) {
    const { code, message } = causeOf(error);
    return failed(redacted(code === null ? message : `${code}: ${message}`, secrets), {
      isUnknown: code === null || !NEVER_LEFT.has(code),
    });
  }
}

/** An answer that breaks off, or is not read, has said 200: it counts as taken. */
async function refusedAllTheSame(
  answer: Response,
  { refusedIn }: Post,
): Promise<{ status: number | null; text: string }> {
  if (refusedIn === undefined) {
    await answer.body?.cancel().catch(() => undefined);
    return { status: null, text: '' };
  }
  const text = await beginningOf(answer).catch(() => '');
  const said = parsed(text);
  return { status: typeof said === 'object' && said !== null ? refusedIn(said) : null, text };
}

/** `status`: of the answer, or what its body says instead. */
function refusalOf(
  answer: Response,
  status: number,
  text: string,
  retryAfterIn: Post['retryAfterIn'],
): Outcome {
  const reason = cut(text.replace(/\s+/g, ' ').trim(), REASON_MAX);
  const error = `the answer was ${answer.status}${reason === '' ? '' : `: ${reason}`}`;
  return failed(error, {
    isFinal: REFUSED.has(status),
    // A server that fell over may have told it before.
    isUnknown: status >= 500 && !NOT_NOW.has(status),
    retryAfterMs: NOT_NOW.has(status) ? retryAfterMs(answer, text, retryAfterIn) : null,
  });
}

/** By the header, in seconds or as a date, or by the body; null when neither says. */
function retryAfterMs(answer: Response, text: string, inBody: Post['retryAfterIn']): number | null {
  const header = answer.headers.get('retry-after')?.trim() ?? '';
  const inHeader = /^\d+(\.\d+)?$/.test(header)
    ? Math.ceil(Number(header) * 1_000)
    : Date.parse(header) - Date.now();
  const askedMs = Number.isFinite(inHeader) ? inHeader : secondsIn(text, inBody);
  return askedMs === null ? null : Math.min(Math.max(askedMs, 0), RETRY_AFTER_MAX_MS);
}

function secondsIn(text: string, inBody: Post['retryAfterIn']): number | null {
  const body = parsed(text);
  const seconds = typeof body === 'object' && body !== null ? inBody?.(body) : null;
  return typeof seconds === 'number' && seconds >= 0 ? Math.ceil(seconds * 1_000) : null;
}

/** Null for what is no JSON, or no more than the beginning of it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** Reads no further than it needs: an answer may have no end. */
async function beginningOf(answer: Response): Promise<string> {
  if (answer.body === null) return '';
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= ANSWER_MAX) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, ANSWER_MAX);
}

/** What fetch hides in the cause of its error. */
function causeOf(error: unknown): { code: string | null; message: string } {
  const outer = error as { name?: string; message?: string; cause?: unknown };
  if (outer.name === 'TimeoutError') {
    return { code: null, message: `no answer within ${SEND_TIMEOUT_MS / 1_000} s` };
  }
  const cause = (outer.cause ?? outer) as { code?: unknown; message?: unknown; errors?: unknown[] };
  const inner = (cause.errors?.[0] ?? cause) as typeof cause;
  const message = typeof inner.message === 'string' ? inner.message : String(error);
  return { code: typeof inner.code === 'string' ? inner.code : null, message };
}

/** What of an address lets somebody in who knows it: all of it, and its path, which servers like to repeat. */
export function secretsOfUrl(url: string): string[] {
  const { href, pathname, search } = new URL(url);
  return [url, href, `${pathname}${search}`, pathname].filter((secret) => secret.length > 1);
}

/** Takes secrets out of a text that people and logs will see. */
export function redacted(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret !== '')
    .reduce((clean, secret) => clean.replaceAll(secret, '(secret)'), text);
}
