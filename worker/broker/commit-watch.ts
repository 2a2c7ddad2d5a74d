/** Waiting in this process for the commit that answers a write. */
import type { CommitWatch } from '../../activities/deps.js';
import type { Committed } from '../../store/inbox.js';
import type { OrderOwner } from '../../store/order-owner.js';
import type { Inbox } from './inbox.js';

interface Waiter {
  readonly test: (committed: Committed) => boolean;
  readonly resolve: (committed: Committed | null) => void;
}

export class InboxWatch implements CommitWatch {
  private readonly waiters = new Map<string, Set<Waiter>>();
  private inbox: Inbox | null = null;

  /** The inbox whose commits are watched; set once, when both exist. */
  attach(inbox: Inbox): void {
    this.inbox = inbox;
  }

  /** Called by the inbox after each commit. */
  committed(committed: Committed): void {
    for (const waiter of [...(this.waiters.get(committed.tradeId) ?? [])]) {
      if (waiter.test(committed)) waiter.resolve(committed);
    }
  }

  learn(clientOrderId: string, owner: OrderOwner): void {
    this.inbox?.learn(clientOrderId, owner);
  }

  async drained(): Promise<void> {
    await this.inbox?.drained();
  }

  isStuck(tradeId: string): boolean {
    return this.inbox?.stuckTrades().has(tradeId) ?? false;
  }

  next(
    tradeId: string,
    test: (committed: Committed) => boolean,
    timeoutMs: number,
  ): Promise<Committed | null> {
    const all = this.waiters;
    return new Promise((resolve) => {
      const waiters = all.get(tradeId) ?? new Set();
      all.set(tradeId, waiters);
      const timer = setTimeout(() => done(null), timeoutMs);
      const waiter: Waiter = { test, resolve: done };
      waiters.add(waiter);
      function done(committed: Committed | null) {
        clearTimeout(timer);
        waiters.delete(waiter);
        // A trade that nobody waits for any more takes no memory.
        if (waiters.size === 0) all.delete(tradeId);
        resolve(committed);
      }
    });
  }
}
