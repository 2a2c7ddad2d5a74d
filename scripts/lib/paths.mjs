/** Where things are: the checkout, the user's cache and this checkout's state. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The checkout's root, found upwards from this file, so that it is the same from source and from
 * `dist/`.
 * @returns {string} absolute path
 */
export function projectRoot() {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (dirname(folder) !== folder) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'ballast') {
      return folder;
    }
    folder = dirname(folder);
  }
  throw new Error('the root of the checkout was not found: no package.json of "ballast" above');
}

/**
 * What is kept per user and shared by all checkouts: server binaries and port claims.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string} absolute path, not necessarily existing
 */
export function cacheDir(env = process.env) {
  if (env.BALLAST_CACHE_DIR) return resolve(env.BALLAST_CACHE_DIR);
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ballast');
}

/**
 * This checkout's state: databases, logs, the claimed ports. `npm start -- --fresh` drops it.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string} absolute path, not necessarily existing
 */
export function stateDir(env = process.env) {
  return resolve(projectRoot(), env.BALLAST_STATE_DIR || '.ballast');
}
