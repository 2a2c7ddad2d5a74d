/** How a request to SnapTrade can fail, and what that says of a write: the one table of it (BRK-4). */
import type { ErrorClass } from '../../domain/broker/fact.js';

/**
 *  - `not_sent`: nobody was reached; nothing was done.
 *  - `no_answer`: the connection broke, or the time was over: it may have been done.
 *  - `server`: SnapTrade or the brokerage had a failure of its own: it may have been done.
 *  - `throttled`: too many requests; nothing was done.
 *  - `login`: the credentials or the connection to the brokerage are refused; nothing was done.
 *  - `refused`: what was asked for is not taken; nothing was done.
 */
export type FailureKind = 'not_sent' | 'no_answer' | 'server' | 'throttled' | 'login' | 'refused';

export interface FailureRow {
  readonly status: number | 'other 4xx' | '5xx';
  readonly kind: FailureKind;
  /** Of an order, a cancel or a modification that was answered so; null: nothing is known of it. */
  readonly errorClass: ErrorClass | null;
  /** Whether it is about the order, or about this one message only. */
  readonly isAboutOrder: boolean;
  readonly meaning: string;
}

export const FAILURE_TABLE: readonly FailureRow[] = [
  row(400, 'refused', 'rejection', true, 'SnapTrade or the brokerage does not take it'),
  row(401, 'login', 'rejection', false, 'the credentials or the signature are refused'),
  row(402, 'login', 'rejection', false, 'the connection is disabled: a person must log in again'),
  row(403, 'refused', 'rejection', true, 'not allowed, or not part of the plan'),
  row(404, 'refused', 'rejection', true, 'no such account, order or symbol'),
  row(408, 'server', null, false, 'time over: it may have been done'),
  row(425, 'throttled', 'rejection', false, 'too early: the account is still being read'),
  row(429, 'throttled', 'rejection', false, 'too many requests'),
  row(501, 'refused', 'rejection', true, 'the brokerage does not have it'),
  row(
    '5xx',
    'server',
    null,
    false,
    'a failure at SnapTrade or the brokerage: it may have been done',
  ),
  row('other 4xx', 'refused', 'unknown', true, 'not listed: an alert, and nothing changes'),
];

function row(
  status: FailureRow['status'],
  kind: FailureKind,
  errorClass: ErrorClass | null,
  isAboutOrder: boolean,
  meaning: string,
): FailureRow {
  return { status, kind, errorClass, isAboutOrder, meaning };
}

/** The row of an HTTP status that is no success. */
export function failureRow(status: number): FailureRow {
  const wanted = status >= 500 ? '5xx' : 'other 4xx';
  const exact = FAILURE_TABLE.find((one) => one.status === status);
  return exact ?? FAILURE_TABLE.find((one) => one.status === wanted)!;
}

/** A request that failed. Its text names no secret: addresses carry them. */
export class SnapTradeFailure extends Error {
  override readonly name = 'SnapTradeFailure';
  constructor(
    readonly kind: FailureKind,
    /** The HTTP status; 0 without an answer. */
    readonly status: number,
    message: string,
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }
}

/** What a login takes, by the status that asked for one. */
const LOGIN: Readonly<Record<number, string>> = {
  401: "check SNAPTRADE_CLIENT_ID, SNAPTRADE_CONSUMER_KEY, SNAPTRADE_USER_ID and SNAPTRADE_USER_SECRET, and this machine's clock",
  402: "log in to the brokerage again on SnapTrade's pages",
  200: "connect one on SnapTrade's pages, or name another in SNAPTRADE_ACCOUNT",
};

/**
 * Why the link is down, and what a person does about it.
 * @param basePath the address that was asked; unset: SnapTrade's own
 */
export function reasonFrom({ kind, status, message }: SnapTradeFailure, basePath?: string): string {
  if (kind === 'login') return `login needed: ${message}: ${LOGIN[status] ?? LOGIN[401]}`;
  const way = "check SNAPTRADE_URL, and this machine's way there";
  const host = hostOf(basePath);
  if (kind === 'not_sent') return `SnapTrade can't be reached at ${host}: ${message}: ${way}`;
  return kind === 'no_answer' ? `no answer from ${host}: ${message}` : message;
}

/** Nothing but host and port: an address may carry a password. */
function hostOf(basePath: string | undefined): string {
  if (basePath === undefined) return 'its own address';
  return URL.canParse(basePath) ? new URL(basePath).host : 'SNAPTRADE_URL';
}

/** These errors come before a byte of the request was sent. */
const NEVER_REACHED: readonly string[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'];

/** An answer that is no success, as the SDK hands it over. */
export interface Answer {
  readonly status: number;
  readonly data: unknown;
  readonly headers: unknown;
}

/** `Expected available in 7 seconds.` */
const AVAILABLE_IN = /available in (\d{1,4}) second/;
const DETAIL_MAX = 300;

/**
 * What an answer without success means.
 * @param operation the SDK's name for it.
 */
export function failureFrom(
  operation: string,
  { status, data, headers }: Answer,
): SnapTradeFailure {
  const detail = detailOf(data);
  const told = `${operation} was answered ${status}${detail === '' ? '' : `: ${detail}`}`;
  const seconds = retryAfter(headers) ?? AVAILABLE_IN.exec(detail)?.[1];
  const retryAfterMs = seconds === undefined ? null : Number(seconds) * 1000;
  return new SnapTradeFailure(failureRow(status).kind, status, told, retryAfterMs);
}

/** Whatever else the SDK throws: no answer came. Its own text has addresses in it, and those have secrets. */
export function noAnswer(operation: string, error: unknown): SnapTradeFailure {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: string };
  const kind = NEVER_REACHED.includes(String(code)) ? 'not_sent' : 'no_answer';
  const word = typeof code === 'string' ? code : (name ?? 'unknown');
  return new SnapTradeFailure(kind, 0, `${operation} got no answer (${word})`);
}

function retryAfter(headers: unknown): string | undefined {
  const told = (headers as Readonly<Record<string, unknown>> | null)?.['retry-after'];
  return typeof told === 'string' && /^\d{1,4}$/.test(told) ? told : undefined;
}

function detailOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return '';
  const { detail } = body as { detail?: unknown };
  return typeof detail === 'string' ? detail.slice(0, DETAIL_MAX) : '';
}
