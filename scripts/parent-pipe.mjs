/**
 * Loaded with --import before a child's own code: ends the child when the pipe on its standard input
 * closes, which it does when the process that started it is gone, even killed.
 */
import { isMainThread } from 'node:worker_threads';

/** After this the child is taken to be stuck. */
const GRACE_MS = 10_000;

function parentIsGone() {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), GRACE_MS).unref();
  process.kill(process.pid, 'SIGTERM');
}

function watchPipe() {
  process.stdin.once('end', parentIsGone);
  process.stdin.on('error', () => undefined);
  process.stdin.resume();
  // The pipe alone is no reason to stay.
  process.stdin.unref?.();
}

// Threads inherit --import; the standard input of a thread ends at once, and says nothing of the parent.
if (isMainThread) watchPipe();
