/** Processes of a test's own that pass failpoints. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Context } from '../../../failpoints/order.js';
import type { FailpointName } from '../../../failpoints/table.js';

const PROGRAM = fileURLToPath(new URL('../programs/passer.mjs', import.meta.url));

export interface Passes {
  readonly point: FailpointName;
  readonly context?: Context;
  readonly passes?: number;
  readonly sync?: boolean;
}

export interface PassesAnswer {
  readonly pid: number;
  /** What happened at each pass: an action, an error's text, or null. */
  readonly happened: readonly (string | null)[];
  readonly startedAtMs: number;
  readonly tookMs: number;
}

export interface Passer {
  readonly pid: number;
  /** Rejects when the process ends before it answers. */
  pass(passes: Passes): Promise<PassesAnswer>;
  /** The signal that ended it, or null; resolves when it has ended. */
  readonly ended: Promise<NodeJS.Signals | null>;
  /** What it wrote to its standard error so far. */
  errors(): string;
  stop(): Promise<void>;
}

/** Starts one; without a folder its failpoints are dead. */
export function startPasser(folder?: string): Passer {
  const child = spawn(process.execPath, [PROGRAM, ...(folder ? [folder] : [])]);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  child.stdin.on('error', () => undefined);
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.once('exit', (_code, signal) => resolve(signal)),
  );
  const waiting: { resolve: (answer: PassesAnswer) => void; reject: (error: Error) => void }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) =>
    waiting.shift()?.resolve(JSON.parse(line) as PassesAnswer),
  );
  void ended.then((signal) => {
    const error = new Error(`the process ended by ${signal ?? 'itself'}: ${errors}`);
    for (const { reject } of waiting.splice(0)) reject(error);
  });
  return {
    pid: child.pid ?? 0,
    ended,
    errors: () => errors,
    pass: (passes) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${JSON.stringify(passes)}\n`);
      }),
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
