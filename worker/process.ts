/** What every worker process does the same way: say it is ready, and stop when asked, soon. */
import { aliveFileOf } from '../config/alive-file.js';
import { misspeltIn, misspeltText } from '../config/index.js';
import type { Logger } from '../config/logger.js';
import { showAlive } from './alive.js';

/**
 * Asked to stop, a process is gone after this, whatever hangs (a database, a gateway, an activity):
 * supervisors kill after 10 s. What it was at is safe wherever it ends; only order is lost.
 */
export const STOP_WITHIN_MS = 8_500;

/** Why a process was told to stop; anything else is a failure of its own. */
const ASKED = ['SIGTERM', 'SIGINT', 'the parent is gone'] as const;
export type Asked = (typeof ASKED)[number];

/** The work was left because the process is to stop. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Tells the parent, on stdout, that this process does its work now. */
export function announceReady(detail: Record<string, unknown> = {}): void {
  process.stdout.write(`ready ${JSON.stringify(detail)}\n`);
}

/**
 * Aborts on SIGTERM or SIGINT, and when the process that watches over this one is gone. From any abort
 * on the process has `STOP_WITHIN_MS` to end by itself.
 */
function stopSignal(log: Logger): AbortController {
  const stop = new AbortController();
  const because = (reason: Asked) => () => {
    if (stop.signal.aborted) return;
    log.info({ reason }, 'stopping');
    stop.abort(reason);
  };
  process.once('SIGTERM', because('SIGTERM'));
  process.once('SIGINT', because('SIGINT'));
  process.once('disconnect', because('the parent is gone'));
  if (process.connected === false) because('the parent is gone')(); // it was quicker
  stop.signal.addEventListener('abort', () => endWithin(log, stop.signal));
  return stop;
}

function endWithin(log: Logger, signal: AbortSignal): void {
  setTimeout(() => {
    log.warn({ reason: signal.reason as unknown }, 'something hangs: ending without it');
    process.exit(exitCodeOf(signal));
  }, STOP_WITHIN_MS).unref();
}

/** Whoever was asked to stop has done well; whoever lost something is to be started again. */
function exitCodeOf(signal: AbortSignal): number {
  return (ASKED as readonly unknown[]).includes(signal.reason) ? 0 : 1;
}

/**
 * What `work` gives, unless the process is to stop: then it is left to itself.
 * @throws Stopped as soon as the signal is aborted
 */
export async function unlessStopped<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  // Left behind, its failure is nobody's news.
  work.catch(() => undefined);
  let leave: () => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    leave = () => reject(new Stopped(String(signal.reason)));
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

/**
 * Runs a process's main function and ends the process: 0 when it was asked to stop or had done its
 * work, 1 when it failed, or ends because it lost what it worked with.
 */
export async function runProcess(
  log: Logger,
  main: (stop: AbortController) => Promise<void>,
): Promise<void> {
  const stop = stopSignal(log);
  const ballastAliveFile = aliveFileOf(process.env);
  showAlive(ballastAliveFile, log);
  for (const one of misspeltIn(process.env)) log.warn(misspeltText(one));
  try {
    await main(stop);
    process.exitCode = stop.signal.aborted ? exitCodeOf(stop.signal) : 0;
  } catch (error) {
    if (error instanceof Stopped) {
      process.exitCode = exitCodeOf(stop.signal);
    } else {
      log.fatal({ err: error }, error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
    }
  }
  // Native handles of the Temporal runtime may keep the loop alive for a while; nothing is left to do.
  process.exit();
}
