/** Logging in: the link's code leaves the address at once, and is exchanged for a cookie. */
import { answer, http, withinMs } from './client.js';
import type { Session } from './types.js';

const CODE_IN_HASH = /^#login=([A-Za-z0-9_-]+)$/;

/** Takes the code out of the page's address, so that no history, screenshot or other page has it. */
export function takeCode(): string | null {
  const [, code = null] = CODE_IN_HASH.exec(window.location.hash) ?? [];
  if (code !== null) {
    const { pathname, search } = window.location;
    window.history.replaceState(null, '', pathname + search);
  }
  return code;
}

/** The code of a link that a person pasted, or the code itself. */
export function codeIn(pasted: string): string {
  return pasted.trim().replace(/^.*#login=/, '');
}

/** @throws RefusedError for a code that was used, or is too old */
export function logIn(code: string): Promise<Session> {
  return answer(http.POST('/api/v1/session', { body: { code }, ...withinMs() }));
}

/** Who this browser is logged in as. @throws RefusedError (401) when it is not */
export function readSession(): Promise<Session> {
  return answer(http.GET('/api/v1/session', withinMs()));
}

export async function logOut(): Promise<void> {
  await answer(http.DELETE('/api/v1/session', withinMs()));
}
