/** Starting a foreign server (PostgreSQL, Temporal) so that it cannot outlive this process. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, fstatSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../lib/paths.mjs';

export interface TetheredOptions {
  /** How messages call it. */
  name: string;
  command: string;
  args: string[];
  /** Both of its output streams are appended here. */
  logFile: string;
  /** Its process id is written here while it runs. */
  pidFile: string;
  stopSignal: NodeJS.Signals;
  /** How long it may take to stop before it is killed. */
  graceMs: number;
  uid?: number | undefined;
  gid?: number | undefined;
  cwd?: string | undefined;
}

export interface Tethered {
  name: string;
  /** The server's own process id, once it is spawned. */
  pid(): number | undefined;
  exited: Promise<number>;
  hasExited(): boolean;
  /** Where its log begins, in bytes: earlier runs stand before that. */
  logFrom: number;
  stop(): Promise<void>;
}

/** Time for the tether itself to notice and exit, on top of the server's own grace. */
const TETHER_MARGIN_MS = 2_000;

const HEALTH_POLL_MS = 20;

/** Lines of a log that an error message carries. */
const TAIL_LINES = 15;

/**
 * @param from where the run begins that is asked for, in bytes: what runs before it said explains nothing
 * @returns the last lines of a log file, '' when there is none
 */
export function tailOf(logFile: string, from = 0): string {
  if (!existsSync(logFile)) return '';
  const said = readFileSync(logFile).subarray(from).toString();
  return said.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
}

/**
 * Resolves once the child is gone, at the latest after `limitMs`, when it is killed.
 * The process group is its own, so a Ctrl-C on the terminal reaches only us.
 */
async function endWithin(child: ChildProcess, exited: Promise<number>, limitMs: number) {
  child.stdin?.destroy();
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  await exited;
  clearTimeout(timer);
}

/** Starts a program under the tether. It stops when `stop` is called or when this process ends. */
export function startTethered(options: TetheredOptions): Tethered {
  const { name, logFile, ...tether } = options;
  rmSync(options.pidFile, { force: true });
  const log = openSync(logFile, 'a');
  const logFrom = fstatSync(log).size;
  const script = join(projectRoot(), 'scripts', 'tether.mjs');
  const child = spawn(process.execPath, [script, JSON.stringify(tether)], {
    stdio: ['pipe', log, log],
    detached: true,
  });
  closeSync(log);
  child.stdin?.on('error', () => undefined);
  let gone = false;
  const exited = new Promise<number>((resolve) => {
    child.on('error', () => resolve(127));
    child.on('exit', (code) => resolve(code ?? 1));
  }).then((code) => {
    gone = true;
    rmSync(options.pidFile, { force: true });
    return code;
  });
  return {
    name,
    exited,
    hasExited: () => gone,
    logFrom,
    pid: () => {
      const text = existsSync(options.pidFile) ? readFileSync(options.pidFile, 'utf8') : '';
      return text === '' ? undefined : Number(text);
    },
    stop: () => endWithin(child, exited, options.graceMs + TETHER_MARGIN_MS),
  };
}

/**
 * Waits until `check` passes.
 * @throws Error with the end of the log when the server exits first or the time is up
 */
export async function waitHealthy(
  server: Tethered,
  logFile: string,
  limitMs: number,
  check: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    if (await check()) return;
    const late = Date.now() > deadline;
    if (server.hasExited() || late) {
      await server.stop();
      const what = late ? `was not ready after ${limitMs / 1000} s` : 'ended while starting';
      const tail = tailOf(logFile, server.logFrom);
      throw new Error(`${server.name} ${what}. The end of ${logFile}:\n${tail}`);
    }
    await sleep(HEALTH_POLL_MS);
  }
}
