/**
 * How long this process has run without something happening. A pause (SIGSTOP, a suspended machine)
 * counts for nothing: whoever slept can't say that another was silent.
 */
import { performance } from 'node:perf_hooks';

/** Of one tick at most that many are counted: a busy machine is late, a frozen one is gone. */
const TICKS_COUNTED_MAX = 3;

/** What a tick adds: the time since the last one, unless the process was paused in between. */
export function countedMs(sinceLastTickMs: number, tickMs: number): number {
  return sinceLastTickMs > tickMs * TICKS_COUNTED_MAX ? tickMs : sinceLastTickMs;
}

/** Calls back once when nothing was noted for `limitMs` of this process's running time. */
export class SilenceWatch {
  private readonly tickMs: number;
  private timer: NodeJS.Timeout | null = null;
  private lastTickMs = 0;
  private silentMs = 0;

  constructor(
    private readonly limitMs: number,
    private readonly onSilence: () => void,
  ) {
    this.tickMs = Math.max(1, limitMs / TICKS_PER_LIMIT);
  }

  /** Something happened: the time begins anew. The first call starts the watch. */
  note(): void {
    this.silentMs = 0;
    if (this.timer) return;
    this.lastTickMs = performance.now();
    this.timer = setInterval(() => this.tick(), this.tickMs);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  private tick(): void {
    const nowMs = performance.now();
    this.silentMs += countedMs(nowMs - this.lastTickMs, this.tickMs);
    this.lastTickMs = nowMs;
    if (this.silentMs < this.limitMs) return;
    this.stop();
    this.onSilence();
  }
}

/** Fine enough that the end is seen within a twentieth of the limit. */
const TICKS_PER_LIMIT = 20;
