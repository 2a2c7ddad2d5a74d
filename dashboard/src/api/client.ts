/** The typed client of the HTTP API, by the session's cookie: no token ever reaches a script. */
import createClient from 'openapi-fetch';
import type { paths } from '../../../sdk/src/generated/api.js';
import { RefusedError, UnreachableError } from './problem.js';

/** What takes longer hangs, and is told so: an answer takes milliseconds. */
const ANSWER_TIMEOUT_MS = 6_000;
/** A preview asks the broker; a reconciliation looks twice. */
export const SLOW_TIMEOUT_MS = 45_000;

/** Shows that a request is this page's: no other origin can send it. */
const MARK = { 'x-ballast-dashboard': '1' };

export const http = createClient<paths>({ baseUrl: '', headers: MARK, credentials: 'same-origin' });

/** The signal of a request that may take so long. */
export function withinMs(ms: number = ANSWER_TIMEOUT_MS): { signal: AbortSignal } {
  return { signal: AbortSignal.timeout(ms) };
}

/**
 * What a request came to.
 * @throws RefusedError when it was refused, UnreachableError when nobody answered
 */
export async function answer<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>) {
  const { data, error, response } = await asked.catch((cause: unknown) => {
    throw new UnreachableError(cause);
  });
  if (response.ok) return data as T;
  const isProblem = typeof error === 'object' && error !== null;
  throw new RefusedError(response.status, isProblem ? error : {});
}
