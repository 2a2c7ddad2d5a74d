/** What a call can end in, told apart by what to do next. */
import type { components } from './generated/api.js';

/** A refusal as the API writes it (RFC 9457). */
export type ProblemBody = components['schemas']['Problem'];

/** The API has refused: asked again in the same way it would refuse again. `message` says why. */
export class BallastProblem extends Error {
  override readonly name = 'BallastProblem';
  /** Of a closed set, such as `SIGNAL_CONFLICT`; `UNKNOWN` when the answer was no problem of Ballast's. */
  readonly code: ProblemBody['code'] | 'UNKNOWN';
  /** What is wrong, and where. */
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  /** With `SIGNAL_CONFLICT`: the trade of the signal that was known. */
  readonly tradeId: string | null;
  /** Also in the server's log. */
  readonly requestId: string | null;

  /**
   * @param request such as `POST /api/v1/signals`
   * @param body the answer's, parsed; anything that is no problem is told by its status alone
   */
  constructor(
    request: string,
    readonly status: number,
    body: unknown,
  ) {
    const known = isProblem(body) ? body : null;
    const places = known?.errors?.map(({ path, message }) => `${path}: ${message}`) ?? [];
    const what = known ? `${known.code}: ${known.detail}` : 'the answer is no problem of Ballast’s';
    super([`${request}: ${status} ${what}`, ...places].join('; '));
    this.code = known?.code ?? 'UNKNOWN';
    this.errors = known?.errors ?? [];
    this.tradeId = known?.trade_id ?? null;
    this.requestId = known?.request_id ?? null;
  }
}

/**
 * Nobody answered usably within the bounds of `RetryOptions`. Whether the request was carried out is not known:
 * the same request with the same id or key still does it only once.
 */
export class GaveUpError extends Error {
  override readonly name = 'GaveUpError';
  /** @param why how the last attempt ended */
  constructor(
    request: string,
    readonly attempts: number,
    readonly waitedMs: number,
    why: string,
    options?: ErrorOptions,
  ) {
    const tried = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
    const seconds = (waitedMs / 1_000).toFixed(1);
    super(`${request}: given up after ${tried} in ${seconds} s; the last: ${why}`, options);
  }
}

/**
 * A request that must not be repeated (no `Idempotency-Key`, no read) got no answer. Look whether it was done
 * before you ask again.
 */
export class OutcomeUnknownError extends Error {
  override readonly name = 'OutcomeUnknownError';
  constructor(request: string, why: string, options?: ErrorOptions) {
    super(
      `${request}: no answer (${why}), and nobody knows whether it was done: look before you ask again`,
      options,
    );
  }
}

/** A signal was taken, and not judged in the time that was given. It goes on by itself. */
export class NotJudgedError extends Error {
  override readonly name = 'NotJudgedError';
  constructor(
    readonly tradeId: string,
    timeoutMs: number,
  ) {
    super(
      `trade ${tradeId} was not judged within ${timeoutMs} ms; it goes on by itself: ask for it again by its id`,
    );
  }
}

function isProblem(body: unknown): body is ProblemBody {
  if (typeof body !== 'object' || body === null) return false;
  const { code, detail } = body as Partial<Record<string, unknown>>;
  return typeof code === 'string' && typeof detail === 'string';
}

/** What went wrong, in one line: `fetch` hides the reason in the cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
}
