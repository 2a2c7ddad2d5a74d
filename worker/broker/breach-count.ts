/** Counting breaches of protection: how many trades within a minute, and share-seconds (TRD-3). */
import { decimal, ZERO, type Decimal } from '../../domain/money.js';
import { isMassBreach, type Breach } from '../../domain/trade/guard.js';

/** Breaches of that time are taken together. */
export const WINDOW_MS = 60_000;

interface Last {
  readonly atMs: number;
  readonly breaches: readonly Breach[];
}

export interface BreachNumbers {
  /** Trades that were found in breach after their time to mend, or after a re-sync, each time anew. */
  readonly breaches: number;
  /** Shares held without an armed stop, times seconds. */
  readonly unprotectedShareSeconds: number;
  /** Shares that exits could fill beyond what was held, times seconds. */
  readonly excessShareSeconds: number;
}

export const NO_BREACHES: BreachNumbers = {
  breaches: 0,
  unprotectedShareSeconds: 0,
  excessShareSeconds: 0,
};

/** Both together. */
export function addedUp(one: BreachNumbers, other: BreachNumbers): BreachNumbers {
  return {
    breaches: one.breaches + other.breaches,
    unprotectedShareSeconds: one.unprotectedShareSeconds + other.unprotectedShareSeconds,
    excessShareSeconds: one.excessShareSeconds + other.excessShareSeconds,
  };
}

export class BreachCount {
  private readonly foundAtMs = new Map<string, number>();
  private readonly last = new Map<string, Last>();
  private breaches = 0;
  private readonly seconds: Record<Breach['kind'], Decimal> = { unprotected: ZERO, excess: ZERO };

  constructor(private readonly nowMs: () => number) {}

  /** What was found of a trade just now; nothing when it is as it should be. */
  take(tradeId: string, breaches: readonly Breach[], unarmedSinceMs: number | null): void {
    const nowMs = this.nowMs();
    const before = this.last.get(tradeId);
    for (const { kind, shares } of breaches) {
      const sinceMs = before?.atMs ?? (kind === 'unprotected' ? unarmedSinceMs : null) ?? nowMs;
      this.add(kind, shares, nowMs - sinceMs);
    }
    if (breaches.length === 0) {
      // It ended somewhere in between; all of the time is counted, rather than none.
      for (const { kind, shares } of before?.breaches ?? [])
        this.add(kind, shares, nowMs - before!.atMs);
      this.last.delete(tradeId);
      return;
    }
    if (!before) this.breaches += 1;
    this.last.set(tradeId, { atMs: nowMs, breaches });
    this.foundAtMs.set(tradeId, nowMs);
  }

  /** The trades that were found in breach within the last minute. */
  breached(): string[] {
    const fromMs = this.nowMs() - WINDOW_MS;
    for (const [tradeId, atMs] of this.foundAtMs) {
      if (atMs < fromMs) this.foundAtMs.delete(tradeId);
    }
    return [...this.foundAtMs.keys()];
  }

  /** Whether there are so many that something larger is wrong. */
  isMass(openTrades: number): boolean {
    return isMassBreach(this.breached().length, openTrades);
  }

  numbers(): BreachNumbers {
    return {
      breaches: this.breaches,
      unprotectedShareSeconds: this.seconds.unprotected.toNumber(),
      excessShareSeconds: this.seconds.excess.toNumber(),
    };
  }

  private add(kind: Breach['kind'], shares: string, durationMs: number): void {
    const added = decimal(shares).mul(Math.max(0, durationMs)).div(1_000);
    this.seconds[kind] = this.seconds[kind].add(added);
  }
}
