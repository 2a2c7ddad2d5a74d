/** Variables that are no settings and look like one: what somebody believes to have set counts for nothing. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { projectRoot } from '../scripts/lib/paths.mjs';
import { metaOf } from './fields.js';
import { settings, type SettingName } from './schema.js';

/** A letter that is wrong, missing or too much, or two that changed places. */
const EDITS_MAX = 2;
/** Of short names other words are as near: a shell's BROWSER is no BROKER. */
const SHORT = 8;
const SHORT_EDITS_MAX = 1;

/** One variable that counts for nothing. */
export interface Misspelt {
  readonly name: string;
  /** The setting that it nearly names; null: nothing is near. */
  readonly meant: string | null;
  /** The file that it stands in; null: the environment. */
  readonly file: string | null;
}

const names = Object.keys(settings) as SettingName[];
/** Made when it is asked for: most commands never do. */
let known: ReadonlySet<string> | undefined;
const isKnown = (name: string) => (known ??= knownNames()).has(name);

function knownNames(): ReadonlySet<string> {
  const forms = (name: SettingName) =>
    metaOf(settings[name]).secret ? [name, `${name}_FILE`] : [name];
  return new Set(names.flatMap(forms));
}

/** Variables of the environment that are nearly settings; empty ones count as unset, as everywhere. */
export function misspeltIn(env: NodeJS.ProcessEnv): Misspelt[] {
  return Object.keys(env)
    .filter((name) => env[name]?.trim() && !isKnown(name))
    .map((name) => ({ name, meant: nearest(name), file: null }))
    .filter(({ meant }) => meant !== null);
}

/**
 * Every name in a file of settings that is neither one nor named by the compose file beside it.
 * @param folder where `.env` and `docker-compose.yml` are, if they are
 */
export function unknownInFile(folder: string = projectRoot()): Misspelt[] {
  const file = join(folder, '.env');
  if (!existsSync(file)) return [];
  const compose = new Set(textOf(join(folder, 'docker-compose.yml')).match(/[A-Z][A-Z0-9_]+/g));
  return Object.keys(parseEnv(textOf(file)))
    .filter((name) => !isKnown(name) && !compose.has(name))
    .map((name) => ({ name, meant: nearest(name), file }));
}

/** In a sentence. */
export function misspeltText({ name, meant, file }: Misspelt): string {
  const where = file === null ? name : `${name} in ${file}`;
  return `${where} is no setting, and counts for nothing${meant === null ? '' : `: ${meant} is one`}`;
}

/** A file that can't be read says nothing: who starts with it is told so. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function nearest(name: string): string | null {
  const upper = name.toUpperCase();
  const most = upper.length < SHORT ? SHORT_EDITS_MAX : EDITS_MAX;
  let found: { readonly name: string; readonly edits: number } | null = null;
  for (const one of (known ??= knownNames())) {
    if (Math.abs(one.length - upper.length) > most) continue;
    const edits = editsBetween(upper, one);
    if (edits <= most && edits < (found?.edits ?? Infinity)) found = { name: one, edits };
  }
  return found?.name ?? null;
}

/** Levenshtein's distance. */
function editsBetween(one: string, other: string): number {
  let before = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      current.push(
        Math.min(
          before[column]! + 1,
          current[column - 1]! + 1,
          before[column - 1]! + (isSame ? 0 : 1),
        ),
      );
    }
    before = current;
  }
  return before[other.length]!;
}
