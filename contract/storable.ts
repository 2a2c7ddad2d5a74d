/**
 * What a body from outside may hold so that it can be kept at all: the database takes no U+0000 and no half
 * characters in JSON, every reader of it walks it by recursion, and one name is dropped by what reads and writes objects.
 */

/** Deeper than anybody writes by hand, far below what a recursive reader can take. */
const JSON_DEPTH_MAX = 32;
/** As many as a person mends at once. */
const PROBLEMS_MAX = 50;

/** One thing that can't be kept: where, and why. */
export interface Unstorable {
  /** Empty: the body itself. */
  readonly path: string;
  readonly message: string;
}

export interface Looked {
  readonly found: readonly Unstorable[];
  /** False: it is too deep to be walked by recursion, or was not walked to its end. */
  readonly isWhole: boolean;
}

const DEPTH = `nested deeper than ${JSON_DEPTH_MAX} levels`;
const TEXT = 'holds U+0000 or half a character (a lone surrogate), which can not be stored';
const KEY = `its name ${TEXT}`;
/** It would be gone without a word, and two bodies that differ in it would be the same. */
const DROPPED_NAME = '__proto__';
const DROPPED = 'no member can be kept under this name: give it another';
// eslint-disable-next-line no-control-regex -- it is the very character that is looked for
const NEVER_STORED = /\u0000|\p{Surrogate}/u;

/**
 * Finds what can't be kept, in the order of the body; a cycle counts as nested too deep.
 * @param body JSON, or what a program gave for it
 * @returns the first of them with their paths; none when all of it can be kept
 */
export function unstorable(body: unknown): Looked {
  const found: Unstorable[] = [];
  look(body, [], found);
  const isWhole = found.length < PROBLEMS_MAX && found.every(({ message }) => message !== DEPTH);
  return { found, isWhole };
}

function look(value: unknown, path: readonly string[], found: Unstorable[]): void {
  if (found.length >= PROBLEMS_MAX) return;
  const add = (message: string, at = path) => void found.push({ path: at.join('.'), message });
  if (typeof value === 'string') return NEVER_STORED.test(value) ? add(TEXT) : undefined;
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= JSON_DEPTH_MAX) return add(DEPTH);
  for (const [key, member] of Object.entries(value)) {
    const at = [...path, shown(key)];
    if (NEVER_STORED.test(key)) add(KEY, at);
    if (key === DROPPED_NAME) add(DROPPED, at);
    look(member, at, found);
  }
}

/** A key as JSON writes it: what can't be stored can't be read on a screen either. */
const shown = (key: string) => JSON.stringify(key).slice(1, -1);
