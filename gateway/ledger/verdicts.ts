/** Breaches that are events, not durations: entries sent twice, under the same or another reference. */
import type { LedgerOrder } from './orders.js';
import type { Signal } from './signals.js';

/** The latest are kept one by one, the counts for ever. */
const FINDINGS_MAX = 1_000;

export interface Finding {
  kind: 'duplicate-entry' | 're-referenced-entry';
  atMs: number;
  account: string;
  symbol: string;
  /** The order that should not have been. */
  order: { clientId: number; orderId: number; permId: number; orderRef: string };
  /** Order references that it repeats. */
  repeats: string[];
}

export class Verdicts {
  duplicateEntries = 0;
  reReferencedEntries = 0;
  readonly findings: Finding[] = [];

  duplicate(order: LedgerOrder, earlier: LedgerOrder[], atMs: number): void {
    this.duplicateEntries += 1;
    this.find(
      'duplicate-entry',
      order,
      earlier.map((each) => each.fact.orderRef),
      atMs,
    );
  }

  reReferenced(order: LedgerOrder, unknown: Signal[], atMs: number): void {
    this.reReferencedEntries += 1;
    this.find(
      're-referenced-entry',
      order,
      unknown.map((each) => each.orderRef),
      atMs,
    );
  }

  private find(kind: Finding['kind'], order: LedgerOrder, repeats: string[], atMs: number): void {
    const { account, symbol, clientId, orderId, permId, orderRef } = order.fact;
    const who = { clientId, orderId, permId, orderRef };
    this.findings.push({ kind, atMs, account, symbol, order: who, repeats });
    if (this.findings.length > FINDINGS_MAX) this.findings.shift();
  }
}
