/**
 * Runs a foreign program that knows nothing of us, and ends it when our standard input closes: so
 * it never outlives the process that wanted it, even if that one is killed.
 *
 * node tether.mjs '{"command": …, "args": […], "stopSignal": "SIGINT", "graceMs": 5000, …}'
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';

/**
 * @typedef {{
 *   command: string,
 *   args: string[],
 *   stopSignal: NodeJS.Signals,
 *   graceMs: number,
 *   pidFile?: string,
 *   uid?: number,
 *   gid?: number,
 *   cwd?: string,
 * }} TetherOptions `graceMs`: how long the program may take to stop before it is killed
 */

const options = /** @type {TetherOptions} */ (JSON.parse(process.argv[2] ?? '{}'));
const { command, args, stopSignal, graceMs, pidFile, uid, gid, cwd } = options;

const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], uid, gid, cwd });

child.on('error', (error) => {
  console.error(`${command} could not be started: ${error.message}`);
  process.exit(127);
});
child.on('spawn', () => {
  if (pidFile) writeFileSync(pidFile, String(child.pid));
});
child.on('exit', (code, signal) => {
  if (signal) console.error(`${command} was ended by ${signal}`);
  process.exit(code ?? 1);
});

let stopping = false;
function stop() {
  if (stopping) return;
  stopping = true;
  child.kill(stopSignal);
  setTimeout(() => child.kill('SIGKILL'), graceMs);
}

process.stdin.on('end', stop);
process.stdin.on('close', stop);
process.stdin.on('error', stop);
process.stdin.resume();
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.on('SIGHUP', stop);
