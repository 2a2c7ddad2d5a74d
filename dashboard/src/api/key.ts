/** The key by which a command that is sent twice is one command. */

const KEY_BYTES = 16;

/** Anew each time, in hex. `crypto.randomUUID` is there only for pages of this machine or by TLS; this is there for all. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
