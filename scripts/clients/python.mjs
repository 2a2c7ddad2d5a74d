/** Python virtual environments with what the tests let loose on the system, kept in the user's cache. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hashOf } from '../lib/files.mjs';
import { withLock } from '../lib/lock.mjs';
import { cacheDir, projectRoot } from '../lib/paths.mjs';

const run = promisify(execFile);

/**
 * @typedef {{
 *   name: string,
 *   requirements: string,
 *   minimum: [number, number],
 *   installs: string,
 * }} PythonTools `requirements` is a file of tools/; `minimum` the oldest Python that they run on
 */

/** @type {PythonTools} */
const CLIENTS = {
  name: 'clients',
  requirements: 'requirements-clients.txt',
  // What ib_async 2.1.0 asks for.
  minimum: [3, 10],
  installs: 'ib_async and ibapi',
};
const VERSION_LIMIT_MS = 10_000;
/** Some 30 MB over a slow line. */
const INSTALL_LIMIT_MS = 5 * 60_000;
const STAMP = '.ballast-complete';

/** Why they can't be run here; the run is then left out, not failed. */
export class Unavailable extends Error {}

/**
 * @param {[number, number]} minimum
 * @returns {Promise<{ command: string, version: string }>} a Python that is new enough
 */
async function findPython(minimum) {
  const found = [];
  for (const command of ['python3', 'python']) {
    try {
      const args = ['-c', 'import sys, venv, ensurepip; print("%d.%d.%d" % sys.version_info[:3])'];
      const { stdout } = await run(command, args, { timeout: VERSION_LIMIT_MS });
      const version = stdout.trim();
      const [major, minor] = version.split('.').map(Number);
      const [wantedMajor, wantedMinor] = minimum;
      if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) {
        return { command, version };
      }
      found.push(`${command} is ${version}`);
    } catch (error) {
      const text = String(error.stderr ?? '').trim() || error.message;
      found.push(`${command}: ${text.split('\n').at(-1)}`);
    }
  }
  throw new Unavailable(
    `no Python ${minimum.join('.')} or newer with venv and ensurepip (${found.join('; ')})`,
  );
}

/** @param {string} folder @returns {string} the environment's interpreter */
function interpreter(folder) {
  return process.platform === 'win32'
    ? join(folder, 'Scripts', 'python.exe')
    : join(folder, 'bin', 'python');
}

/** @param {string} command @param {string} folder @param {string} requirements @param {string} what */
async function install(command, folder, requirements, what) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await run(command, ['-m', 'venv', folder], { timeout: INSTALL_LIMIT_MS });
  const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r'];
  try {
    await run(interpreter(folder), [...args, requirements], { timeout: INSTALL_LIMIT_MS });
  } catch (error) {
    const text = String(error.stderr ?? '').trim() || error.message;
    throw new Unavailable(`pip could not install ${what}: ${text.split('\n').at(-1)}`);
  }
  writeFileSync(join(folder, STAMP), '');
}

/**
 * The interpreter of an environment that has the independent clients; made on first use.
 * @param {(text: string) => void} note
 * @returns {Promise<string>} path of its Python
 * @throws Unavailable when there is no Python, or the packages can't be had
 */
export function clientPython(note) {
  return pythonWith(CLIENTS, note);
}

/**
 * The same with other tools.
 * @param {PythonTools} tools
 * @param {(text: string) => void} note
 * @returns {Promise<string>} path of its Python
 * @throws Unavailable when there is no Python, or the packages can't be had
 */
export async function pythonWith({ name, requirements: file, minimum, installs }, note) {
  const { command, version } = await findPython(minimum);
  const requirements = join(projectRoot(), 'tools', file);
  const key = hashOf(readFileSync(requirements), version, process.platform, process.arch);
  const folder = join(cacheDir(), `${name}-${key.slice(0, 16)}`);
  await withLock(
    `${folder}.lock`,
    async () => {
      if (existsSync(join(folder, STAMP))) return;
      note(`installing ${installs}`);
      await install(command, folder, requirements, installs);
    },
    { timeoutMs: 2 * INSTALL_LIMIT_MS },
  );
  note(`Python ${version}`);
  return interpreter(folder);
}
