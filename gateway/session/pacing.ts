/**
 * Message pacing: a client may send 50 messages a second. Beyond, TWS answers 100, and ends the session
 * at the third breach; a client that connected with `+PACEAPI` is slowed down instead.
 */

/** Half the market data lines (100 by default) a second. */
export const MESSAGES_PER_SECOND_MAX = 50;
export const BREACHES_MAX = 3;
const WINDOW_MS = 1000;

export type PaceVerdict =
  | { kind: 'ok' }
  /** Over the limit: told once per second, the message still counts. */
  | { kind: 'breach'; breaches: number }
  /** Over the limit with pacing by delay: to be handled after this time. */
  | { kind: 'wait'; waitMs: number };

export class Pacer {
  /** Times of the last 50 messages, a ring. */
  private readonly times = new Float64Array(MESSAGES_PER_SECOND_MAX).fill(Number.NEGATIVE_INFINITY);
  private next = 0;
  private breaches = 0;
  private lastBreachMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly delays: boolean) {}

  /** Judges a message that arrived at `nowMs` (monotonic). `wait` does not count the message yet. */
  judge(nowMs: number): PaceVerdict {
    const oldestMs = this.times[this.next] ?? Number.NEGATIVE_INFINITY;
    const over = nowMs - oldestMs < WINDOW_MS;
    if (over && this.delays) return { kind: 'wait', waitMs: WINDOW_MS - (nowMs - oldestMs) };
    this.times[this.next] = nowMs;
    this.next = (this.next + 1) % MESSAGES_PER_SECOND_MAX;
    if (!over || nowMs - this.lastBreachMs < WINDOW_MS) return { kind: 'ok' };
    this.lastBreachMs = nowMs;
    this.breaches += 1;
    return { kind: 'breach', breaches: this.breaches };
  }
}
