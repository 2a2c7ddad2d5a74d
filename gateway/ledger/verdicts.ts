/** Breaches that are events, not durations: entries that should not have been. */
import type { LedgerOrder } from './orders.js';
import type { Signal } from './signals.js';

/** The latest are kept one by one, the counts for ever. */
const FINDINGS_MAX = 1_000;

export interface Finding {
  kind: 'duplicate-entry' | 're-referenced-entry' | 'unlisted-entry';
  atMs: number;
  account: string;
  symbol: string;
  /** The order that should not have been. */
  order: { clientId: number; orderId: number; permId: number; orderRef: string };
  /** Order references that it repeats. */
  repeats: string[];
}

/** How many entries of each kind. */
export type Counts = Record<Finding['kind'], number>;

const NONE: Counts = { 'duplicate-entry': 0, 're-referenced-entry': 0, 'unlisted-entry': 0 };
const KINDS = { duplicate: 'duplicate-entry', 're-referenced': 're-referenced-entry' } as const;

function findingOf(kind: Finding['kind'], order: LedgerOrder, repeats: string[], atMs: number) {
  const { account, symbol, clientId, orderId, permId, orderRef } = order.fact;
  return { kind, atMs, account, symbol, order: { clientId, orderId, permId, orderRef }, repeats };
}

/** The finding on a signal's first entry, as it is judged now. */
function findingOn({ judged, accepted }: Signal): Finding | undefined {
  if (!judged || !accepted || judged.verdict === 'fine') return undefined;
  const kind = judged.verdict === 'unlisted' ? 'unlisted-entry' : KINDS[judged.verdict];
  return findingOf(kind, accepted.order, judged.repeats, accepted.atMs);
}

export class Verdicts {
  /** What can't change any more: repetitions of one reference, and signals without a record. */
  private readonly counts = { ...NONE };
  private readonly findings: Finding[] = [];

  /** The exchange accepted a reference once more. */
  duplicate(order: LedgerOrder, earlier: LedgerOrder[], atMs: number): void {
    const repeats = earlier.map((each) => each.fact.orderRef);
    this.fix(findingOf('duplicate-entry', order, repeats, atMs));
  }

  private fix(finding: Finding): void {
    this.counts[finding.kind] += 1;
    this.findings.push(finding);
    if (this.findings.length > FINDINGS_MAX) this.findings.shift();
  }

  /** A signal that was judged loses its record: what was found stays. */
  keep(signal: Signal): void {
    const finding = findingOn(signal);
    if (finding) this.fix(finding);
  }

  /** All that was found, with these signals as they are judged now; the latest one by one, oldest first. */
  with(signals: Iterable<Signal>): { counts: Counts; findings: Finding[] } {
    const counts = { ...this.counts };
    const findings = [...this.findings];
    for (const signal of signals) {
      const finding = findingOn(signal);
      if (!finding) continue;
      counts[finding.kind] += 1;
      findings.push(finding);
    }
    findings.sort((first, second) => first.atMs - second.atMs);
    return { counts, findings: findings.slice(-FINDINGS_MAX) };
  }
}
