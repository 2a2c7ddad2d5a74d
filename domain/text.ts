/** Words of others, where only so many of them are kept. */

/** Half of a character that takes two places, with nothing behind it. */
const HALF_AT_END = /[\uD800-\uDBFF]$/;

/**
 * The beginning of a text, at most so many UTF-16 code units. It never ends in half a character: no database stores
 * that, and neither what it stands in.
 */
export function cut(text: string, unitsMax: number): string {
  return text.slice(0, unitsMax).replace(HALF_AT_END, '');
}
