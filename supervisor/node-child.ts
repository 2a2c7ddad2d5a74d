/** A Node process of this project as a child: it ends with us, says when it is ready, and logs. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../scripts/lib/paths.mjs';
import { tailOf } from '../scripts/infra/tethered.js';

export interface NodeChildOptions {
  name: string;
  /** Compiled entry, absolute. */
  script: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  logFile: string;
  /** How long it may take until it prints its `ready` line. */
  readyLimitMs: number;
  /** What it waits for, out of what it has written so far; null where that does not say. */
  whyNot?: (output: string) => string | null;
  /** For one that sends beats: how it is seen that it moves no more. */
  silence?: Silence;
}

/** A child that sends nothing for so long, of our own running time, is killed, and its worker with it. */
export interface Silence {
  limitMs: number;
  /** Told which process is killed. */
  onSilent: (pid: number) => void;
}

/** Something that runs beside us, ours or foreign. */
export interface RunningPart {
  /**
   * The process that does the work, the leader of its group: where a small parent watches over it, the
   * one below that parent. Whoever freezes or kills the part means this one.
   */
  pid(): number | undefined;
  /** All of it: that one, and the parent that watches over it. */
  pids?(): number[];
  exited: Promise<number>;
  hasExited(): boolean;
  stop(): Promise<void>;
}

const READY_POLL_MS = 25;

/** A worker lets running activities end and closes its connection. */
const STOP_GRACE_MS = 10_000;

const READY_LINE = /^ready\b/m;

/** A parent that runs the worker proper says so first of all. */
const WORKING_LINE = /^working \{"pid":(\d+)\}$/m;
/** More than stands before and in that line. */
const WORKING_LINE_WITHIN = 4_096;

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

async function waitReady(part: RunningPart, options: NodeChildOptions, from: number) {
  const deadline = Date.now() + options.readyLimitMs;
  for (;;) {
    const output = readFileSync(options.logFile).subarray(from).toString();
    if (READY_LINE.test(output)) return;
    const late = Date.now() > deadline;
    if (part.hasExited() || late) {
      await part.stop();
      const seconds = options.readyLimitMs / 1000;
      const what = late ? `was not ready after ${seconds} s` : 'ended while starting';
      const tail = tailOf(options.logFile, from);
      const why = options.whyNot?.(output) ?? null;
      const told = why === null ? what : `${what}: ${why}`;
      throw new Error(`${options.name} ${told}. The end of ${options.logFile}:\n${tail}`);
    }
    await sleep(READY_POLL_MS);
  }
}

/** The process that the part's own one has named as the one that works; undefined while it named none. */
function namedWorker(logFile: string, from: number): number | undefined {
  const log = openSync(logFile, 'r');
  try {
    const start = Buffer.alloc(WORKING_LINE_WITHIN);
    const length = readSync(log, start, 0, start.length, from);
    const found = WORKING_LINE.exec(start.toString('utf8', 0, length));
    return found ? Number(found[1]) : undefined;
  } finally {
    closeSync(log);
  }
}

/** A process group of its own, so that Ctrl-C on the terminal reaches only the supervisor. */
function spawnChild(options: NodeChildOptions, log: number) {
  const pipe = pathToFileURL(join(projectRoot(), 'scripts', 'parent-pipe.mjs')).href;
  const args = ['--enable-source-maps', '--import', pipe, options.script, ...options.args];
  const env = { ...options.env, BALLAST_TETHERED: '1' };
  const child = spawn(process.execPath, args, {
    cwd: projectRoot(),
    env,
    stdio: options.silence ? ['pipe', log, log, 'ipc'] : ['pipe', log, log],
    detached: true,
  });
  child.stdin?.on('error', () => undefined);
  return child;
}

/** Looks in one limit: what a busy machine delays by one is no silence. */
const LOOKS_PER_LIMIT = 10;

/**
 * Calls back when the child sends nothing for that long. From its first beat on: until then `ready` has a
 * limit of its own. Looks are counted, not time, for whoever slept can't say that another was silent.
 */
function watchBeats(child: ChildProcess, limitMs: number, onSilence: () => void): void {
  let looks = 0;
  let timer: NodeJS.Timeout | undefined;
  child.on('message', () => {
    looks = 0;
    timer ??= setInterval(() => {
      looks += 1;
      if (looks <= LOOKS_PER_LIMIT) return;
      clearInterval(timer);
      onSilence();
    }, limitMs / LOOKS_PER_LIMIT);
  });
  child.once('exit', () => clearInterval(timer));
}

/** A child that was launched, and may not be ready yet. */
export interface LaunchedPart extends RunningPart {
  /** The process that was launched: the one that works, or the parent that watches over it. */
  topPid(): number | undefined;
  /** Resolves at its `ready` line. @throws Error with the end of its log when it does not get ready */
  ready(): Promise<void>;
}

/** Launches a child without waiting for it: a stand-by is not ready until it takes over. */
export function launchNodeChild(options: NodeChildOptions): LaunchedPart {
  const log = openSync(options.logFile, 'a');
  const from = fstatSync(log).size;
  const child = spawnChild(options, log);
  closeSync(log);
  let gone = false;
  const exited = new Promise<number>((resolve) => {
    child.on('error', () => resolve(127));
    child.on('exit', (code) => resolve(code ?? 1));
  }).then((code) => {
    gone = true;
    return code;
  });
  if (options.silence) {
    const { limitMs, onSilent } = options.silence;
    watchBeats(child, limitMs, () => {
      onSilent(child.pid ?? 0);
      // Both: a worker that is frozen as well would keep its socket, and nobody could take over.
      killGroup(part.pid());
      killGroup(child.pid);
    });
  }
  let worker: number | undefined;
  const part: LaunchedPart = {
    exited,
    hasExited: () => gone,
    pid: () => (worker ??= namedWorker(options.logFile, from)) ?? child.pid,
    topPid: () => child.pid,
    pids: () => [...new Set([part.pid(), child.pid])].filter((pid) => pid !== undefined),
    ready: () => waitReady(part, options, from),
    stop: async () => {
      if (gone) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => {
        killGroup(part.pid());
        killGroup(child.pid);
      }, STOP_GRACE_MS);
      await exited;
      clearTimeout(timer);
    },
  };
  return part;
}

/**
 * Starts a child and waits for its `ready` line.
 * @throws Error with the end of its log when it does not get ready
 */
export async function startNodeChild(options: NodeChildOptions): Promise<RunningPart> {
  const part = launchNodeChild(options);
  await part.ready();
  return part;
}
