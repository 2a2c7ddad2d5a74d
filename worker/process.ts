/** What every worker process does the same way: say it is ready, and stop when asked. */
import type { Logger } from '../config/logger.js';

/** Tells the parent, on stdout, that this process does its work now. */
export function announceReady(detail: Record<string, unknown> = {}): void {
  process.stdout.write(`ready ${JSON.stringify(detail)}\n`);
}

/** Aborts on SIGTERM or SIGINT; whoever starts this process sends one when the parent is gone. */
export function stopSignal(log: Logger): AbortController {
  const stop = new AbortController();
  const because = (reason: string) => () => {
    if (stop.signal.aborted) return;
    log.info({ reason }, 'stopping');
    stop.abort(reason);
  };
  process.once('SIGTERM', because('SIGTERM'));
  process.once('SIGINT', because('SIGINT'));
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
