/** A market's own time: runs at a speed beside the machine's, can be held and set. */

/** Slower than this a market stands still for any observer; faster, timers can't follow. */
export const SPEED_MIN = 0.001;
export const SPEED_MAX = 1_000_000;

/** Throws a RangeError unless `speed` is a sensible factor. */
export function checkSpeed(speed: number): number {
  if (!(speed >= SPEED_MIN && speed <= SPEED_MAX)) {
    throw new RangeError(`speed must be from ${SPEED_MIN} to ${SPEED_MAX}, not ${speed}`);
  }
  return speed;
}

export class MarketClock {
  private baseMs: number;
  private sinceMs: number;

  /** Starts at `startMs` of market time. */
  constructor(
    startMs: number,
    private factor: number,
    private held: boolean,
  ) {
    this.baseMs = startMs;
    this.sinceMs = performance.now();
  }

  get speed(): number {
    return this.factor;
  }

  get paused(): boolean {
    return this.held;
  }

  /** Market time now, in ms. */
  nowMs(): number {
    if (this.held) return this.baseMs;
    return this.baseMs + (performance.now() - this.sinceMs) * this.factor;
  }

  /** Real milliseconds until a market time; 0 when it is past, infinite while held. */
  waitMs(marketMs: number): number {
    if (marketMs <= this.nowMs()) return 0;
    return this.held ? Infinity : (marketMs - this.nowMs()) / this.factor;
  }

  /** Jumps to a market time. */
  set(marketMs: number): void {
    this.baseMs = marketMs;
    this.sinceMs = performance.now();
  }

  setSpeed(speed: number): void {
    this.set(this.nowMs());
    this.factor = checkSpeed(speed);
  }

  setPaused(paused: boolean): void {
    this.set(this.nowMs());
    this.held = paused;
  }
}
