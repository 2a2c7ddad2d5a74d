/** What can be made to go wrong, each as often as it was armed. */

export const FAULTS = [
  'unavailable', // 503 to everything, for a while
  'throttled', // 429 to the next requests
  'cut', // the next request's connection is closed without an answer, nothing done
  'cut-before-order', // the same, of the next order
  'cut-after-order', // the next order is taken, and its answer never sent
  'order-swallowed', // the next order is neither taken nor answered
  'order-unanswered', // the next order is taken and never answered
  'order-error', // the next order is taken, and the answer is 500
] as const;
export type FaultName = (typeof FAULTS)[number];

export class Faults {
  private readonly armed = new Map<FaultName, number>();
  private unavailableUntilMs = 0;

  arm(name: FaultName, count: number, seconds: number): void {
    if (name === 'unavailable') this.unavailableUntilMs = Date.now() + seconds * 1000;
    else this.armed.set(name, count);
  }

  clear(): void {
    this.armed.clear();
    this.unavailableUntilMs = 0;
  }

  get isUnavailable(): boolean {
    return Date.now() < this.unavailableUntilMs;
  }

  /** Whether it strikes now; it is used up then. */
  strikes(name: FaultName): boolean {
    const left = this.armed.get(name) ?? 0;
    if (left > 0) this.armed.set(name, left - 1);
    return left > 0;
  }
}
