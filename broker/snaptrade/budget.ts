/**
 * How often SnapTrade is asked (BRK-7): never more than its limit in any minute, and some of each minute is left
 * to what is more urgent. After a 429 nothing is asked before the time that it names.
 */
import type { EpochMs } from '../../domain/vocabulary.js';

export type Urgency = 'protect' | 'entry' | 'query';

const WINDOW_MS = 60_000;
/** Of a minute's requests, the part that each leaves to those before it. */
const LEAVES: Readonly<Record<Urgency, number>> = { protect: 0.02, entry: 0.15, query: 0.4 };
/** Without a time of its own a 429 is waited out so long. */
const THROTTLED_MS = 5_000;
/** However long it names: a longer silence would leave positions unwatched. */
const THROTTLED_MAX_MS = 60_000;

export class Budget {
  private readonly spentAtMs: EpochMs[] = [];
  private closedUntilMs: EpochMs = 0;

  constructor(
    private readonly requestsPerMinute: number,
    private readonly nowMs: () => EpochMs,
  ) {}

  /** How long this one must wait; 0: it may go now. */
  waitMs(urgency: Urgency, requests = 1): number {
    const now = this.nowMs();
    while (this.spentAtMs.length > 0 && this.spentAtMs[0]! <= now - WINDOW_MS)
      this.spentAtMs.shift();
    const most = Math.max(1, Math.floor(this.requestsPerMinute * (1 - LEAVES[urgency])));
    const over = this.spentAtMs.length + requests - most;
    const freeAtMs = over <= 0 ? now : (this.spentAtMs[over - 1] ?? now) + WINDOW_MS;
    return Math.max(0, freeAtMs - now, this.closedUntilMs - now);
  }

  spend(): void {
    this.spentAtMs.push(this.nowMs());
  }

  throttled(retryAfterMs: number | null): number {
    const pause = Math.min(retryAfterMs ?? THROTTLED_MS, THROTTLED_MAX_MS);
    this.closedUntilMs = Math.max(this.closedUntilMs, this.nowMs() + pause);
    return pause;
  }
}
