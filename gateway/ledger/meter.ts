/** Integrates a number of shares over time: the share-seconds of a breach. */
import { ZERO, decimal, max, text } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';

/** The latest breaches are kept one by one, the totals for ever. */
const BREACHES_MAX = 1_000;
const MS_PER_SECOND = decimal('1000');

/** One time span in which the number was above zero. */
export interface Breach {
  kind: 'unprotected' | 'excess';
  account: string;
  symbol: string;
  fromMs: number;
  /** Undefined while it lasts. */
  toMs?: number;
  maxShares: Decimal;
  shareMs: Decimal;
}

/** The latest breaches of all contracts, oldest first. */
export class BreachLog {
  readonly breaches: Breach[] = [];

  open(breach: Breach): Breach {
    this.breaches.push(breach);
    if (this.breaches.length > BREACHES_MAX) this.breaches.shift();
    return breach;
  }
}

export class Meter {
  private level: Decimal = ZERO;
  private sinceMs = 0;
  private shareMs: Decimal = ZERO;
  private breach: Breach | undefined;

  /** `onBreach` is told when the level leaves zero; without it only the total is kept. */
  constructor(private readonly onBreach?: (fromMs: number) => Breach) {}

  get shares(): Decimal {
    return this.level;
  }

  /** Share-seconds so far. */
  get total(): Decimal {
    return this.shareMs.div(MS_PER_SECOND);
  }

  /** Counts the time up to `atMs` at the present level. */
  advance(atMs: number): void {
    if (this.level.gt(ZERO) && atMs > this.sinceMs) {
      const added = this.level.mul(atMs - this.sinceMs);
      this.shareMs = this.shareMs.add(added);
      if (this.breach) this.breach.shareMs = this.breach.shareMs.add(added);
    }
    this.sinceMs = Math.max(this.sinceMs, atMs);
  }

  /** From `atMs` on the level is this. */
  set(level: Decimal, atMs: number): void {
    this.advance(atMs);
    if (level.lte(ZERO)) {
      if (this.breach) this.breach.toMs = atMs;
      this.breach = undefined;
    } else {
      this.breach ??= this.onBreach?.(atMs);
      if (this.breach) this.breach.maxShares = max(this.breach.maxShares, level);
    }
    this.level = level;
  }

  /** Time that does not count: nobody could act while the gateway itself was down. */
  skipTo(atMs: number): void {
    this.sinceMs = Math.max(this.sinceMs, atMs);
  }
}

/** A breach as the report shows it. */
export function breachView(breach: Breach) {
  return {
    kind: breach.kind,
    account: breach.account,
    symbol: breach.symbol,
    fromMs: breach.fromMs,
    toMs: breach.toMs ?? null,
    maxShares: text(breach.maxShares),
    shareSeconds: text(breach.shareMs.div(MS_PER_SECOND)),
  };
}
