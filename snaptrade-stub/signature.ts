/** Who may ask: the credentials in the query, and the signature that SnapTrade's SDK puts into a header. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Credentials } from './options.js';
import { ApiError } from './api-error.js';

/** SnapTrade's timestamps are seconds; a request that is older is refused. */
const AGE_MAX_SECONDS = 300;

export interface SignedRequest {
  /** Without the base path. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  /** Parsed; null without one. */
  readonly body: unknown;
  readonly signature: string | undefined;
}

/** @throws ApiError 401. */
export function requireSigned(
  request: SignedRequest,
  credentials: Credentials,
  nowMs: number,
): void {
  const query = new URLSearchParams(request.query);
  if (query.get('clientId') !== credentials.clientId) refuse('Invalid clientId', '1076');
  const age = Math.abs(nowMs / 1000 - Number(query.get('timestamp') ?? 'NaN'));
  if (!(age <= AGE_MAX_SECONDS)) refuse('Invalid timestamp', '1075');
  if (!isSame(request.signature ?? '', signatureOf(request, credentials.consumerKey))) {
    refuse('Unable to verify signature sent', '1076');
  }
  const { userId, userSecret } = credentials;
  if (query.get('userId') !== userId || query.get('userSecret') !== userSecret) {
    refuse('Invalid userID or userSecret provided', '1083');
  }
}

/** HMAC-SHA256 over content, path and query, keys in order of the alphabet, in base64. */
export function signatureOf(
  { path, query, body }: Pick<SignedRequest, 'path' | 'query' | 'body'>,
  consumerKey: string,
): string {
  const content = body === undefined || isEmpty(body) ? null : body;
  const signed = sortedJson({ content, path, query });
  return createHmac('sha256', encodeURI(consumerKey)).update(signed).digest('base64');
}

function isEmpty(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Object.keys(body).length === 0;
}

function sortedJson(value: unknown): string {
  const keys = new Set<string>();
  JSON.stringify(value, (key, inner: unknown) => {
    keys.add(key);
    return inner;
  });
  return JSON.stringify(value, [...keys].sort());
}

function isSame(given: string, wanted: string): boolean {
  const [first, second] = [Buffer.from(given), Buffer.from(wanted)];
  return first.length === second.length && timingSafeEqual(first, second);
}

function refuse(detail: string, code: string): never {
  throw new ApiError(401, detail, code);
}
