/**
 * The small process above a broker worker (protocol R-8). A worker that froze keeps its socket open, and
 * with it the one client id: nobody can take over from it. This one sees that it no longer moves and
 * kills it, which closes the socket. It starts no successor (that is the supervisor's), and nothing that
 * is true of orders depends on it.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Logger } from '../config/logger.js';
import { SilenceWatch } from './awake.js';
import { STOP_WITHIN_MS } from './process.js';

/** What the worker sends by its event loop, at the pace of its lease's renewals. */
const BEAT = 'beat';

/** The exit code when the worker no longer moved and was killed: EX_TEMPFAIL, to be started again. */
export const EXIT_SILENT = 75;
/** As shells have it: 128 and the number of the signal that ended the worker. */
const EXIT_BY_SIGNAL = 128;
/** The worker ends by itself before that; a frozen one can't, and a supervisor kills after 10 s. */
const KILL_AFTER_MS = STOP_WITHIN_MS + 500;

export interface ParentOptions {
  /** Compiled main file of the worker, absolute. */
  readonly script: string;
  /** Killed when it sends no beat for so long; counted from its first one. */
  readonly silentMs: number;
  readonly log: Logger;
}

/** Runs the worker until it ends; gives the exit code for this process. */
export async function runWorker({ script, silentMs, log }: ParentOptions): Promise<number> {
  // A process group of its own: what stops, freezes or kills the worker leaves this one to see it.
  const child = fork(script, process.argv.slice(2), {
    detached: true,
    stdio: ['pipe', 'inherit', 'inherit', 'ipc'],
  });
  process.stdout.write(`working ${JSON.stringify({ pid: child.pid })}\n`);
  child.stdin?.on('error', () => undefined);
  let isSilent = false;
  const silence = new SilenceWatch(silentMs, () => {
    isSilent = true;
    log.fatal({ pid: child.pid, silentMs }, 'the worker does not move any more: killing it');
    child.kill('SIGKILL');
  });
  child.on('message', (message) => {
    if (message === BEAT) silence.note();
  });
  passSignalsOn(child);
  const code = await exitCode(child, log);
  silence.stop();
  return isSilent ? EXIT_SILENT : code;
}

/** Whoever asks this process to stop means the worker. */
function passSignalsOn(child: ChildProcess): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
      setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS).unref();
    });
  }
}

function exitCode(child: ChildProcess, log: Logger): Promise<number> {
  return new Promise((resolve) => {
    child.on('error', (error) => {
      log.fatal({ err: error }, 'the worker could not be started');
      resolve(1);
    });
    child.on('exit', (code, signal) =>
      resolve(code ?? EXIT_BY_SIGNAL + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}

/**
 * Tells whoever started this process, if it listens, that the event loop still turns: the worker its parent, and
 * that one the supervisor.
 * @returns a function that ends it
 */
export function startBeating(everyMs: number): () => void {
  let isOnItsWay = false;
  const beat = () => {
    // A parent that reads nothing is to cost no memory.
    if (isOnItsWay || !process.send) return;
    isOnItsWay = true;
    process.send(BEAT, () => {
      isOnItsWay = false;
    });
  };
  beat();
  const timer = setInterval(beat, everyMs);
  return () => clearInterval(timer);
}
