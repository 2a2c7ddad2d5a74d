/**
 * Modes and pauses of one trade, as fresh as the tick of its entry's write needs them (RSK-5, R-6).
 *
 * They are rows, and in that tick nothing can be awaited. So what the claim has read counts, for it is the
 * newest there is: it costs nothing, and a claim is written some milliseconds later. While a claim takes
 * longer they are read again beside it; and what was read too long ago, as by a process that was frozen
 * meanwhile, lets nothing go. (Read with the lease's renewal they would be seconds old.) A lock that a halt
 * takes too would not help: it could order the halt and the claim, and the write comes after the claim's end.
 */
import { performance } from 'node:perf_hooks';
import { NotSentError } from '../broker/port.js';
import { SWITCHES_MAX_AGE_MS } from '../domain/risk/modes.js';
import type { StoredSwitches } from '../store/switches.js';

/** Often enough that a slow claim finds switches that are young enough; most claims end before the first. */
const READ_EVERY_MS = 100;

export class SwitchWatch {
  private stored: StoredSwitches | null = null;
  private askedAtMs = -Infinity;
  private timer: NodeJS.Timeout | null = null;
  private isReading = false;

  /** `read`: reads the trade's switches from the database. */
  constructor(private readonly read: () => Promise<StoredSwitches>) {}

  /** Begins to read them again and again, until it is stopped. Gives this moment, for `note`. */
  start(): number {
    this.timer ??= setInterval(() => void this.readAgain(), READ_EVERY_MS);
    return performance.now();
  }

  /** Takes what was read by somebody who began to read at that moment of the monotonic clock. */
  note(stored: StoredSwitches, askedAtMs: number): void {
    if (askedAtMs < this.askedAtMs) return;
    this.stored = stored;
    this.askedAtMs = askedAtMs;
  }

  /** The switches by which a write may go now. @throws NotSentError when they may have changed since */
  current(): StoredSwitches {
    const ageMs = performance.now() - this.askedAtMs;
    if (this.stored !== null && ageMs <= SWITCHES_MAX_AGE_MS) return this.stored;
    const told = `modes and pauses were not read within ${SWITCHES_MAX_AGE_MS} ms of the write`;
    throw new NotSentError('guard', `${told}: the entry is planned again`);
  }

  /** Ends the reading. Safe to call twice. */
  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  private async readAgain(): Promise<void> {
    if (this.isReading) return;
    this.isReading = true;
    const askedAtMs = performance.now();
    try {
      this.note(await this.read(), askedAtMs);
    } catch {
      // What is known grows old, and then nothing goes by it.
    } finally {
      this.isReading = false;
    }
  }
}
