/** What every worker process does the same way: say it is ready, stop when asked, end with its parent. */
import type { Logger } from '../config/logger.js';

/** Set by whoever starts this process and holds its stdin: when that pipe closes, the parent is gone. */
const TETHER_VARIABLE = 'BALLAST_TETHERED';

/** Tells the parent, on stdout, that this process does its work now. */
export function announceReady(detail: Record<string, unknown> = {}): void {
  process.stdout.write(`ready ${JSON.stringify(detail)}\n`);
}

/** Aborts on SIGTERM, SIGINT, or when the parent's pipe closes (no orphans, even after kill −9). */
export function stopSignal(log: Logger): AbortController {
  const stop = new AbortController();
  const because = (reason: string) => () => {
    if (stop.signal.aborted) return;
    log.info({ reason }, 'stopping');
    stop.abort(reason);
  };
  process.once('SIGTERM', because('SIGTERM'));
  process.once('SIGINT', because('SIGINT'));
  if (process.env[TETHER_VARIABLE] === '1') {
    process.stdin.resume();
    process.stdin.once('end', because('the parent is gone'));
    process.stdin.once('close', because('the parent is gone'));
    process.stdin.once('error', because('the parent is gone'));
  }
  return stop;
}

/** Runs a process's main function and sets the exit code by how it ended. */
export async function runProcess(log: Logger, main: () => Promise<void>): Promise<void> {
  try {
    await main();
    process.exitCode = 0;
  } catch (error) {
    log.fatal({ err: error }, error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
  // Native handles of the Temporal runtime may keep the loop alive for a while; nothing is left to do.
  process.exit();
}
