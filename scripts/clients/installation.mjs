/** An installation of its own for a run: `npm start` over a folder that goes with it, and the command beside it. */
import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { projectRoot } from '../lib/paths.mjs';

const run = promisify(execFile);

/** A database is made, and eight processes started, on a busy machine. */
const READY_LIMIT_MS = 240_000;
const READY_POLL_MS = 200;
const STOP_LIMIT_MS = 60_000;
const COMMAND_LIMIT_MS = 60_000;
const TAIL_CHARS = 20_000;

/**
 * @typedef {{
 *   url: string,
 *   ballast: (...args: string[]) => Promise<string>,
 *   stop: () => Promise<void>,
 * }} Installation `url` is the HTTP API's; `ballast` gives what a command prints
 */

/**
 * @param {string} folder its state; to be removed by the caller
 * @param {Record<string, string>} settings
 * @returns {Promise<Installation>}
 */
export async function startInstallation(folder, settings) {
  const env = { ...process.env, ...settings, BALLAST_STATE_DIR: folder };
  const script = join(projectRoot(), 'scripts', 'start.mjs');
  const child = spawn(process.execPath, [script, '--no-demo'], {
    ...{ env, cwd: projectRoot(), stdio: ['ignore', 'pipe', 'pipe'] },
  });
  let output = '';
  const take = (chunk) => (output = (output + chunk).slice(-TAIL_CHARS));
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await exited;
    clearTimeout(kill);
  };
  const deadline = Date.now() + READY_LIMIT_MS;
  let url = addressIn(folder);
  while (url === undefined) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`the installation did not come up:\n${output}`);
    }
    await sleep(READY_POLL_MS);
    url = addressIn(folder);
  }
  const ballast = async (...args) => {
    const command = join(projectRoot(), 'bin', 'ballast.mjs');
    const options = { env, timeout: COMMAND_LIMIT_MS };
    return (await run(process.execPath, [command, ...args], options)).stdout.trim();
  };
  return { url, ballast, stop };
}

/** @param {string} folder @returns {string | undefined} the API's address, once all is up */
function addressIn(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'runtime.json'), 'utf8')).urls.api;
  } catch {
    // Not written yet.
    return undefined;
  }
}
