/**
 * What the HTTP API refuses with, as RFC 9457 has it: a closed set of codes, each with its status. The
 * OpenAPI document is written from this table.
 */
import type { PreviewView } from '../contract/views.js';

interface Kind {
  readonly status: number;
  readonly title: string;
}

export const PROBLEMS = {
  INVALID_REQUEST: { status: 400, title: 'The request is not valid' },
  INVALID_JSON: { status: 400, title: 'The body is no JSON, or its values are not what it says' },
  INVALID_SIGNAL: { status: 400, title: 'The signal is not valid' },
  INVALID_ALERT: { status: 400, title: 'The alert is no signal' },
  INVALID_CURSOR: { status: 400, title: 'The cursor is of no page' },
  UNAUTHENTICATED: { status: 401, title: 'A valid token is needed' },
  SCOPE_MISSING: { status: 403, title: 'The token does not allow this' },
  OWNER_ONLY: { status: 403, title: 'Only the owner of the installation may do this' },
  STRATEGY_NOT_ALLOWED: { status: 403, title: 'The webhook is not of this strategy' },
  CROSS_SITE: { status: 403, title: 'The session is used by another page than the dashboard' },
  NOT_FOUND: { status: 404, title: 'There is no such thing' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'The method is not known here' },
  REQUEST_TIMEOUT: { status: 408, title: 'The request did not come in time' },
  SIGNAL_CONFLICT: { status: 409, title: 'The id is known with another body' },
  SIGNAL_KNOWN: { status: 409, title: 'The signal was taken in before' },
  PREVIEW_CHANGED: { status: 409, title: 'Price or size have moved: a new preview is given' },
  PREVIEW_EXPIRED: { status: 409, title: 'The preview is too old' },
  PREVIEW_DENIED: { status: 409, title: 'The preview shows a denial' },
  PREVIEW_NOT_MADE: { status: 409, title: 'There is nothing to execute, or to compare with' },
  ACCOUNT_CHANGED: { status: 409, title: 'The strategy trades on another account now' },
  EXIT_PROTECTS: { status: 409, title: 'An exit is not cancelled alone' },
  REFUSED: { status: 409, title: 'It can not be done now' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'The body is of a type that is not read' },
  NOT_STORED: { status: 422, title: 'The database refuses what stands in the body' },
  RATE_LIMITED: { status: 429, title: 'Too many requests' },
  PREVIEWS_BUSY: { status: 429, title: 'Too many previews are being made' },
  TOO_MANY_STREAMS: { status: 429, title: 'Too many streams are open' },
  HEADERS_TOO_LARGE: { status: 431, title: 'The head of the request is too large' },
  INTERNAL: { status: 500, title: 'Something went wrong here' },
  UNAVAILABLE: { status: 503, title: 'A part that is needed does not answer' },
  UNKNOWN_OUTCOME: { status: 503, title: 'Nobody knows yet whether it was stored' },
} as const satisfies Record<string, Kind>;

export type ProblemCode = keyof typeof PROBLEMS;
export const PROBLEM_CODES = Object.keys(PROBLEMS) as ProblemCode[];

/** One thing that is wrong with a request: where, and what. */
export interface ProblemIssue {
  readonly path: string;
  readonly message: string;
}

export interface ProblemMore {
  readonly errors?: readonly ProblemIssue[];
  /** Of a signal that is known: its trade. */
  readonly trade_id?: string;
  /** What may be executed instead. */
  readonly preview?: PreviewView;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal; `message` is its detail, for people: what happened, and what to do. */
export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    readonly code: ProblemCode,
    detail: string,
    readonly more: ProblemMore = {},
  ) {
    super(detail);
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }
}

export const PROBLEM_TYPE = 'application/problem+json';

/** The body of a refusal. */
export interface ProblemBody {
  /** Names the kind: `urn:ballast:problem:signal-conflict`. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  /** Also in the header X-Request-Id, and in the log. */
  readonly request_id: string;
  readonly errors?: readonly ProblemIssue[];
  readonly trade_id?: string;
  readonly preview?: PreviewView;
}

/** A refusal as it is sent. */
export function problemBody({ code, message, more }: Problem, requestId: string): ProblemBody {
  const { status, title } = PROBLEMS[code];
  const type = `urn:ballast:problem:${code.toLowerCase().replaceAll('_', '-')}`;
  const { errors, trade_id, preview } = more;
  return {
    ...{ type, title, status, detail: message, code, request_id: requestId },
    ...(errors && { errors }),
    ...(trade_id !== undefined && { trade_id }),
    ...(preview && { preview }),
  };
}
