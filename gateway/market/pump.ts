/** Runs what is due, in bounded batches, so that sockets are served between them. */

/** Long enough to be efficient at high speed, short enough that no client notices. */
const BATCH_BUDGET_MS = 5;
/** Timers overflow beyond 2^31 ms; waking up once a minute costs nothing. */
const SLEEP_MAX_MS = 60_000;

export interface Pump {
  /** Something changed: look again at once. */
  wake(): void;
  stop(): void;
}

/**
 * Calls `runOne` again and again while it answers 0 (it did something, more may be due); any other
 * answer is the number of real milliseconds to sleep (Infinity: until `wake`).
 */
export function createPump(runOne: () => number, afterBatch: () => void = () => undefined): Pump {
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  let running = false;
  let stopped = false;

  function cancel(): void {
    clearTimeout(timer);
    if (immediate) clearImmediate(immediate);
    timer = undefined;
    immediate = undefined;
  }

  function run(): void {
    cancel();
    if (stopped) return;
    running = true;
    const untilMs = performance.now() + BATCH_BUDGET_MS;
    let sleepMs = 0;
    let ran = false;
    while (sleepMs === 0 && !stopped) {
      sleepMs = runOne();
      ran ||= sleepMs === 0;
      if (performance.now() >= untilMs) break;
    }
    running = false;
    if (ran) afterBatch();
    schedule(sleepMs);
  }

  function schedule(sleepMs: number): void {
    if (stopped) return;
    if (sleepMs === 0) immediate = setImmediate(run);
    else if (sleepMs !== Infinity) timer = setTimeout(run, Math.min(sleepMs, SLEEP_MAX_MS));
  }

  return {
    wake() {
      if (running || stopped) return;
      cancel();
      immediate = setImmediate(run);
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}
