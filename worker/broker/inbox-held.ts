/** The facts that are accepted and not committed yet, in the order in which they came. */
import type { BrokerFact } from '../../domain/broker/fact.js';

interface Waiter {
  /** Waits for everything up to this one. */
  readonly upTo: number;
  readonly resolve: () => void;
}

export class HeldFacts {
  private readonly facts = new Map<number, BrokerFact>();
  /** Those that nobody waits for: they can't be booked now, whatever the database does. */
  private readonly stuck = new Map<number, BrokerFact>();
  private waiters: Waiter[] = [];
  private last = 0;

  get size(): number {
    return this.facts.size + this.stuck.size;
  }

  get hasStuck(): boolean {
    return this.stuck.size > 0;
  }

  /** Whether one of them is of that account, or does not say of which. */
  hasStuckOf(account: string): boolean {
    return [...this.stuck.values()].some((fact) => (accountOf(fact) ?? account) === account);
  }

  /** Holds one; gives its number. */
  add(fact: BrokerFact): number {
    this.last += 1;
    this.facts.set(this.last, fact);
    return this.last;
  }

  /** Committed, or kept elsewhere. */
  done(numbers: readonly number[]): void {
    for (const number of numbers) {
      this.facts.delete(number);
      this.stuck.delete(number);
    }
    this.tell();
  }

  /** Still held, but no longer waited for. */
  setStuck(numbers: readonly number[]): void {
    for (const number of numbers) {
      const fact = this.facts.get(number);
      if (fact === undefined) continue;
      this.facts.delete(number);
      this.stuck.set(number, fact);
    }
    this.tell();
  }

  /** Resolves when everything that is held now, and not stuck, is done. */
  drained(): Promise<void> {
    if (this.facts.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.waiters.push({ upTo: this.last, resolve }));
  }

  /** All of them, oldest first. */
  all(): BrokerFact[] {
    return [...this.stuck, ...this.facts].sort(([a], [b]) => a - b).map(([, fact]) => fact);
  }

  /** Ends every wait. */
  release(): void {
    for (const { resolve } of this.waiters.splice(0)) resolve();
  }

  private tell(): void {
    const oldest = this.facts.keys().next().value ?? Infinity;
    const ended = this.waiters.filter(({ upTo }) => upTo < oldest);
    if (ended.length === 0) return;
    this.waiters = this.waiters.filter(({ upTo }) => upTo >= oldest);
    for (const { resolve } of ended) resolve();
  }
}

/** The broker's id of the account; null when the fact does not say it. */
function accountOf(fact: BrokerFact): string | null {
  return fact.kind === 'order_error' ? null : fact.report.account;
}
