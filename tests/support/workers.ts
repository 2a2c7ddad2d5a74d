/** Broker and trade workers as processes of their own, to be frozen, killed, and kept waiting. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchNodeChild, type LaunchedPart } from '../../supervisor/node-child.js';
import { builtFile } from './built.js';
import type { WorkerKind } from './stack.js';

export interface Worker extends LaunchedPart {
  /** Everything it has written so far. */
  log(): string;
}

export interface Workers {
  start(kind: WorkerKind | 'notifier' | 'watchdog', env: Record<string, string>): Worker;
  /** Kills what is left, whole groups, and removes the logs. */
  stop(): Promise<void>;
}

/** Longer than the slowest start on two busy cores. */
const READY_LIMIT_MS = 60_000;
/** Of a wait that says nothing else: what takes a moment takes many on a machine that is busy with other tests. */
const UNTIL_TRUE_MS = 25_000;

/** A place for workers; `common` are settings of all of them. */
export function createWorkers(common: Record<string, string>): Workers {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-workers-'));
  const started: Worker[] = [];
  return {
    start: (kind, env) => {
      const logFile = join(folder, `${kind}-${started.length}.log`);
      const part = launchNodeChild({
        name: kind,
        script: builtFile(`worker/${kind}.js`),
        args: [],
        env: { ...process.env, ...common, BALLAST_STATE_DIR: folder, ...env },
        logFile,
        readyLimitMs: READY_LIMIT_MS,
      });
      const worker = { ...part, log: () => readFileSync(logFile, 'utf8') };
      started.push(worker);
      return worker;
    },
    stop: async () => {
      for (const worker of started) {
        if (worker.hasExited()) continue;
        for (const pid of [worker.pid(), worker.topPid()]) killGroup(pid);
        await worker.exited;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Whether a process is there, be it frozen. */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits for a condition; gives how long it took. @throws Error with the title after the time */
export async function untilTrue(
  title: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = UNTIL_TRUE_MS,
): Promise<number> {
  const startedAtMs = Date.now();
  while (!(await condition())) {
    if (Date.now() - startedAtMs > timeoutMs) {
      throw new Error(`waited ${timeoutMs} ms in vain for ${title}`);
    }
    await sleep(50);
  }
  return Date.now() - startedAtMs;
}
