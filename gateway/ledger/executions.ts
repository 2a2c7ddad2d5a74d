/** Executions with their commissions; a correction replaces the one it corrects. */
import { ZERO, decimal } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { ExecutionFact } from './inputs.js';
import type { LedgerOrder } from './orders.js';

export interface BookedExecution {
  fact: ExecutionFact;
  order: LedgerOrder | undefined;
  atMs: number;
  commission: string | null;
  /** The ids it replaced, oldest first. */
  corrected: string[];
}

/** `0000e0d5.69dd7411.01.02` corrects `….01.01`: the part before the last dot is one execution. */
function baseOf(execId: string): string {
  const end = execId.lastIndexOf('.');
  return end > 0 ? execId.slice(0, end) : execId;
}

export class Executions {
  private readonly byBase = new Map<string, BookedExecution>();

  /** Books an execution or a correction; gives the change in shares (negative when fewer). */
  book(fact: ExecutionFact, order: LedgerOrder | undefined, atMs: number): Decimal {
    const base = baseOf(fact.execId);
    const before = this.byBase.get(base);
    const shares = decimal(fact.shares);
    const known = before && [before.fact.execId, ...before.corrected];
    if (known?.includes(fact.execId)) return ZERO;
    const corrected = before ? [...before.corrected, before.fact.execId] : [];
    this.byBase.set(base, {
      fact,
      order,
      atMs,
      commission: before?.commission ?? null,
      corrected,
    });
    return before ? shares.sub(before.fact.shares) : shares;
  }

  /** Adds the commission of an execution; that of one which was corrected since, told late, changes no newer one. */
  commission({ execId, commission }: { execId: string; commission: string }): void {
    const booked = this.byBase.get(baseOf(execId));
    if (!booked || (booked.commission !== null && booked.corrected.includes(execId))) return;
    booked.commission = commission;
  }

  /** Drops the records of these orders. */
  forget(orders: ReadonlySet<LedgerOrder>): void {
    for (const [base, { order }] of this.byBase) {
      if (order && orders.has(order)) this.byBase.delete(base);
    }
  }

  all(): BookedExecution[] {
    return [...this.byBase.values()];
  }
}
