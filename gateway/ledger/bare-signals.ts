/** Signals that lack an armed stop, in the order in which they began to. */
import { ZERO } from '../../domain/money.js';
import { openShares } from './signals.js';
import type { Signal } from './signals.js';

/** Fewer that lack none any more are not worth a look. */
const STALE_MIN = 100;

function isBare(signal: Signal): boolean {
  const open = openShares(signal);
  return open.abs().gt(signal.exposure.armed[open.gt(ZERO) ? 'SELL' : 'BUY']);
}

export class BareSignals {
  /** Those that lack none any more are taken out when somebody passes by. */
  private all: Signal[] = [];
  private readonly members = new Set<Signal>();

  /** A signal has changed: it may lack one now. */
  add(signal: Signal): void {
    if (this.members.has(signal)) return;
    this.members.add(signal);
    this.all.push(signal);
  }

  /** So many of the latest, latest first. */
  latest(count: number): Signal[] {
    const found: Signal[] = [];
    while (found.length < count) {
      const signal = this.all.pop();
      if (!signal) break;
      if (isBare(signal)) found.push(signal);
      else this.members.delete(signal);
    }
    for (const signal of [...found].reverse()) this.all.push(signal);
    return found;
  }

  /** Forgets those that lack none, when they are many beside so many open ones. */
  trim(openSignals: number): void {
    if (this.all.length <= 2 * openSignals + STALE_MIN) return;
    this.all = this.all.filter(isBare);
    this.members.clear();
    for (const signal of this.all) this.members.add(signal);
  }
}
