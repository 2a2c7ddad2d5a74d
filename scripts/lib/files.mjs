/** Content hashes and file walks, the basis of every "only when something changed". */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @param {...(string | Buffer)} parts @returns {string} hex */
export function hashOf(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}

/**
 * All files under a folder, sorted, without hidden ones and dependencies.
 * @param {string} folder @returns {string[]} paths that begin with `folder`
 */
export function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...filesUnder(path));
    else if (entry.isFile()) found.push(path);
  }
  return found.sort();
}

/** @param {string[]} paths files or folders @returns {string} hash over names and contents */
export function hashOfFiles(paths) {
  const parts = paths.flatMap((path) => {
    const files = filesUnderOrSelf(path);
    return files.flatMap((file) => [file, readFileSync(file)]);
  });
  return hashOf(...parts);
}

/** @param {string} path */
function filesUnderOrSelf(path) {
  if (!existsSync(path)) return [];
  try {
    return filesUnder(path);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOTDIR') return [path];
    throw error;
  }
}

/** So that the account that PostgreSQL runs under may pass through; what is secret says so itself. */
const PASSABLE = 0o755;

/**
 * A new folder for what is thrown away.
 * @param {string} prefix of its name
 * @returns {string} absolute path
 */
export function openTemporaryFolder(prefix) {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(folder, PASSABLE);
  return folder;
}

/** @param {string} file @returns {any} parsed JSON, undefined when absent or broken */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
