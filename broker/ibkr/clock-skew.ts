/**
 * Broker's clock minus ours, from answers in whole seconds. One answer bounds the difference to an
 * interval of a second and the round trip; several narrow it, because the truth lies in all of them.
 * What is reported is the smallest difference that they allow, so that it is never overstated.
 */
import type { EpochMs } from '../../domain/vocabulary.js';

interface Bounds {
  readonly lowestMs: number;
  readonly highestMs: number;
}

/** A minute of answers: longer, and the drift of a bad clock would contradict itself. */
const MAX_SAMPLES = 6;
const BROKER_RESOLUTION_MS = 1_000;

export class ClockSkew {
  private samples: Bounds[] = [];

  /** Takes one answer: the broker's second, and our clock right before asking and right after. */
  add(brokerSecondMs: EpochMs, askedAtMs: EpochMs, answeredAtMs: EpochMs): void {
    const sample = {
      lowestMs: brokerSecondMs - answeredAtMs,
      highestMs: brokerSecondMs + BROKER_RESOLUTION_MS - askedAtMs,
    };
    this.samples = [...this.samples, sample].slice(-MAX_SAMPLES);
    if (!this.common()) this.samples = [sample]; // a clock was set: what was measured before is void
  }

  reset(): void {
    this.samples = [];
  }

  /** Milliseconds, 0 when the clocks may agree; null before the first answer. */
  valueMs(): number | null {
    const common = this.common();
    if (!common) return null;
    if (common.lowestMs > 0) return common.lowestMs;
    return common.highestMs < 0 ? common.highestMs : 0;
  }

  private common(): Bounds | null {
    if (this.samples.length === 0) return null;
    const lowestMs = Math.max(...this.samples.map((sample) => sample.lowestMs));
    const highestMs = Math.min(...this.samples.map((sample) => sample.highestMs));
    return lowestMs <= highestMs ? { lowestMs, highestMs } : null;
  }
}
