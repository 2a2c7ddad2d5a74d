/** The actions that a process does to itself. */
import { spawn } from 'node:child_process';

/** Steps in which the waker looks whether there is still somebody to wake. */
const WAKER_STEP_MS = 200;

/**
 * Sleeps in short steps, so that it does not outlive a process that was killed in its sleep, then
 * wakes it. Arguments: process id, number of steps, seconds of a step.
 */
const WAKER = `
  step=0
  while [ "$step" -lt "$2" ] && kill -0 "$1" 2>/dev/null; do sleep "$3"; step=$((step + 1)); done
  kill -CONT "$1" 2>/dev/null
`;

/** Kills this process, without any cleaning up: nothing after this call is run. */
export function exitNow(): never {
  process.kill(process.pid, 'SIGKILL');
  // The signal is on its way to another thread of ours, at the latest: wait for it here.
  for (;;) blockFor(WAKER_STEP_MS);
}

/**
 * Stops this process with all its threads, as if its machine had stopped, and has it woken.
 * @throws Error when nothing could be started that would wake it
 */
export function freeze(durationMs: number): void {
  const steps = Math.max(1, Math.ceil(durationMs / WAKER_STEP_MS));
  const stepSeconds = (durationMs / steps / 1000).toFixed(3);
  const waker = spawn(
    'sh',
    ['-c', WAKER, 'waker', String(process.pid), String(steps), stepSeconds],
    {
      // A session and streams of its own: whoever waits for ours to close must not wait for it.
      detached: true,
      stdio: 'ignore',
    },
  );
  waker.on('error', () => undefined);
  if (waker.pid === undefined) throw new Error('no shell to wake this process: it is not frozen');
  waker.unref();
  process.kill(process.pid, 'SIGSTOP');
}

/** Waits without giving the thread to anything else: for places that must not await. */
export function blockFor(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}
