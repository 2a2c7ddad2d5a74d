/** Tokens of the HTTP API: what they may allow, and who signs them for whom. */

/**
 * What a token allows; none contains another. `read` shows, `trade` sends signals and commands to trades,
 * `approve` decides on what waits for a person, `admin` turns switches and changes settings.
 */
export const SCOPES = ['read', 'trade', 'approve', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who signs what `ballast token` makes, and for whom; the API checks both. */
export const TOKEN_ISSUER = 'ballast';
export const TOKEN_AUDIENCE = 'ballast-api';

/** Whether a word is the name of a scope. */
export function isScope(word: string): word is Scope {
  return (SCOPES as readonly string[]).includes(word);
}
