/**
 * The keys that encrypt what a Temporal server stores of a trade: `name=key` with commas between, each key 256 bits
 * in base64url. The first encrypts; all decrypt, so that a key is changed by putting a new one first.
 */
export interface PayloadKey {
  /** Written beside each payload, so that it is known which key opens it. */
  readonly name: string;
  /** 32 bytes in base64url. */
  readonly secret: string;
}

/** AES-256. */
export const PAYLOAD_KEY_BYTES = 32;
/** A name, and 32 bytes in base64url without padding. */
const KEY = '([a-z0-9][a-z0-9-]{0,31})=([A-Za-z0-9_-]{43})';
const ENTRY = new RegExp(`^${KEY}$`);
/** More keys than this were never retired; each is tried by its name alone. */
const KEYS_MAX = 16;

/** The setting, as a pattern. */
export const PAYLOAD_KEYS_PATTERN = new RegExp(`^${KEY}(\\s*,\\s*${KEY}){0,${KEYS_MAX - 1}}$`);

/**
 * Reads the setting. No text: no keys.
 * @throws Error when it is none of that shape, or names a key twice; the message shows no key
 */
export function parsePayloadKeys(text: string | undefined): readonly PayloadKey[] {
  if (text === undefined || text === '') return [];
  const keys = text.split(',').map((entry) => {
    const [, name, secret] = ENTRY.exec(entry.trim()) ?? [];
    if (name === undefined || secret === undefined) {
      throw new Error(
        'TEMPORAL_PAYLOAD_KEYS: an entry is not name=key; "ballast codec key" makes one',
      );
    }
    return { name, secret };
  });
  if (keys.length > KEYS_MAX)
    throw new Error(`TEMPORAL_PAYLOAD_KEYS: ${KEYS_MAX} keys at the most`);
  const names = new Set(keys.map(({ name }) => name));
  if (names.size < keys.length) throw new Error('TEMPORAL_PAYLOAD_KEYS names a key twice');
  return keys;
}
