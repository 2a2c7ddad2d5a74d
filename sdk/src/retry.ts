/**
 * A `fetch` that asks again, where asking again can't do anything twice: reads, and what carries an
 * `Idempotency-Key`. What is refused (4xx) is never asked again, but for 429.
 */
import { GaveUpError, OutcomeUnknownError, reasonOf } from './errors.js';
import { within } from './within.js';

/** Bounds of asking again. All times in milliseconds. */
export interface RetryOptions {
  /** Attempts at the most. Default 10. */
  readonly attemptsMax?: number;
  /** From the first attempt to the last's begin. Default 60,000: longer than a restart of the server takes. */
  readonly totalMs?: number;
  /** An attempt that takes longer is given up. Default 30,000: more than the server itself waits (`wait_ms`). */
  readonly attemptMs?: number;
  /** Before the second attempt; doubled for each one after it. Default 200. */
  readonly firstDelayMs?: number;
  /** Between attempts at the most, unless the server asks for more (`Retry-After`). Default 10,000. */
  readonly delayMaxMs?: number;
}

export type Bounds = Required<RetryOptions>;
export type Fetch = (request: Request) => Promise<Response>;

export const RETRY_DEFAULTS: Bounds = {
  attemptsMax: 10,
  totalMs: 60_000,
  attemptMs: 30_000,
  firstDelayMs: 200,
  delayMaxMs: 10_000,
};

/** What may be asked twice with the effect of once. */
const REPEATABLE_METHODS = new Set(['GET', 'HEAD', 'PUT']);
const KEY_HEADER = 'idempotency-key';
const TOO_MANY = 429;
/** Answers of these have no body; a Response with one can't be made. */
const BODILESS = new Set([101, 204, 205, 304]);

/** Makes it. @param send the fetch below; each attempt is read to its end, so a body that breaks off is asked for again */
export function retryingFetch(send: Fetch, options: RetryOptions = {}): Fetch {
  const bounds = { ...RETRY_DEFAULTS, ...options };
  return async (request) => {
    const name = nameOf(request);
    const startedAtMs = Date.now();
    const mayRepeat = isRepeatable(request);
    for (let attempts = 1; ; attempts += 1) {
      const outcome = await attempt(send, request, bounds.attemptMs);
      request.signal.throwIfAborted();
      if (outcome.answer && !isWorthRepeating(outcome.answer.status)) return outcome.answer;
      if (!mayRepeat) {
        // A 429 was not carried out, other answers speak for themselves: the caller decides.
        if (outcome.answer) return outcome.answer;
        throw new OutcomeUnknownError(name, outcome.why, { cause: outcome.cause });
      }
      const waitedMs = Date.now() - startedAtMs;
      const waitMs = delayMs(bounds, attempts, outcome.answer);
      if (attempts >= bounds.attemptsMax || waitedMs + waitMs > bounds.totalMs) {
        throw new GaveUpError(name, attempts, waitedMs, outcome.why, { cause: outcome.cause });
      }
      await pause(waitMs, request.signal);
    }
  };
}

/** `POST /api/v1/signals`: without its query, which may hold what belongs in no log. */
export function nameOf({ method, url }: Request): string {
  return `${method} ${new URL(url).pathname}`;
}

function isRepeatable({ method, headers }: Request): boolean {
  return REPEATABLE_METHODS.has(method) || Boolean(headers.get(KEY_HEADER));
}

export function isWorthRepeating(status: number): boolean {
  return status === TOO_MANY || status >= 500;
}

interface Outcome {
  /** Null: none came. */
  readonly answer: Response | null;
  readonly why: string;
  readonly cause?: unknown;
}

async function attempt(send: Fetch, request: Request, attemptMs: number): Promise<Outcome> {
  const stop = new AbortController();
  const bounds = {
    ms: attemptMs,
    late: `no answer within ${attemptMs} ms`,
    signal: request.signal,
  };
  try {
    return await within(sendWhole(send, request, stop.signal), bounds);
  } catch (cause) {
    stop.abort(cause);
    return { answer: null, why: reasonOf(cause), cause };
  }
}

async function sendWhole(send: Fetch, request: Request, signal: AbortSignal): Promise<Outcome> {
  const answer = await send(new Request(request.clone(), { signal }));
  const body = BODILESS.has(answer.status) ? null : await answer.arrayBuffer();
  const { status, statusText, headers } = answer;
  const whole = new Response(body, { status, statusText, headers: plain(headers) });
  return { answer: whole, why: whyOf(status, body) };
}

/** The body is decoded by now: what told of its encoding and length is no longer so. */
function plain(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) kept.delete(name);
  return kept;
}

function whyOf(status: number, body: ArrayBuffer | null): string {
  try {
    const { code, detail } = JSON.parse(new TextDecoder().decode(body ?? undefined)) as {
      code?: string;
      detail?: string;
    };
    return [status, code, detail].filter((part) => part !== undefined).join(' ');
  } catch {
    return String(status);
  }
}

/** What the server asks for, else twice as long each time; with chance, so that many clients don't come at once. */
export function delayMs(bounds: Bounds, attempts: number, answer: Response | null): number {
  const askedMs = retryAfterMs(answer?.headers.get('retry-after') ?? null, Date.now());
  const { firstDelayMs, delayMaxMs } = bounds;
  const growingMs = Math.min(firstDelayMs * 2 ** (attempts - 1), delayMaxMs);
  // From half of it to all of it; on top of what was asked for, never below.
  const ownMs = growingMs * (0.5 + Math.random() / 2);
  return askedMs === null ? ownMs : askedMs + Math.min(ownMs, 1_000);
}

/** Seconds, or an HTTP date. @returns null when it says neither */
export function retryAfterMs(value: string | null, nowMs: number): number | null {
  if (value === null) return null;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1_000;
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}

/** @throws the signal's reason when it is aborted meanwhile */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const done = (): void => {
      signal?.removeEventListener('abort', aborted);
      resolve();
    };
    const timer = setTimeout(done, ms);
    const aborted = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', aborted, { once: true });
  });
}
