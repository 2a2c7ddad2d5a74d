/** What others wrote, as data: shown so that it changes nothing of what stands beside it. */

/** Characters that are not seen, and turn the direction of what follows them. */
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** JSON for the eye; what can't be seen in it is shown by its code, `\u202e`, which is the same JSON. */
export function jsonShown(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, null, indent) ?? '';
  return json.replace(TURNS, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
