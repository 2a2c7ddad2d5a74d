/** Asks the API for a sign of life: an open socket proves nothing about the program behind it. */

export interface KeepAliveOptions {
  readonly intervalMs: number;
  readonly answerWithinMs: number;
  /** Resolves with the answer; rejects when it could not be asked. */
  readonly ask: () => Promise<unknown>;
  readonly onSilence: () => void;
}

/** Questions wander through the broker's second, which narrows the measured clock difference. */
const PHASE_SHIFT_FRACTION = 0.025;
const PHASES = 4;

export class KeepAlive {
  private timer: NodeJS.Timeout | null = null;
  private round = 0;

  constructor(private readonly options: KeepAliveOptions) {}

  /** Asks at once, then at every interval. */
  start(): void {
    this.stop();
    this.round += 1;
    this.ask(this.round);
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.round += 1;
  }

  private ask(round: number, phase = 0): void {
    const { intervalMs, answerWithinMs } = this.options;
    this.timer = setTimeout(() => {
      if (round === this.round) this.options.onSilence();
    }, answerWithinMs);
    const next = (): void => {
      if (round !== this.round) return;
      if (this.timer) clearTimeout(this.timer);
      const waitMs = intervalMs * (1 - PHASE_SHIFT_FRACTION * phase);
      this.timer = setTimeout(() => this.ask(round, (phase + 1) % PHASES), waitMs);
    };
    this.options.ask().then(next, () => undefined);
  }
}
