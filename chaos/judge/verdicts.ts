/** The referee's verdicts of one run: what they grew by, against what the disturbance allows. Pure. */
import { decimal } from '../../domain/money.js';
import type { Ledger, LedgerBreach } from '../stack/gateway-control.js';
import { isCrossing } from './crossing.js';
import type { Finding, FindingKind } from './finding.js';
import { isOfChildren, type BrokerKind } from './children.js';

/** Verdicts that count events; each must not grow. */
const COUNTED: readonly (readonly [verdict: string, kind: FindingKind])[] = [
  ['duplicateEntries', 'duplicate'],
  ['reReferencedEntries', 'duplicate'],
  ['unlistedEntries', 'unlisted'],
  ['overfilledEntries', 'overfill'],
  ['pacingViolations', 'pacing'],
  ['stagedGroupsLeftBehind', 'staged'],
];

/** Verdicts in share-seconds; within a repair window their breaches may last so long. */
const MEASURED = [
  ['unprotectedShareSeconds', 'unprotected'],
  ['excessExitShareSeconds', 'excess'],
] as const;

/**
 * @param repairWithinMs how long breaches of one contract may last together: 0 when the disturbance breaks no stop at the broker
 * @param broker how the broker was, at some time of the run
 */
export function verdictFindings(
  before: Ledger,
  after: Ledger,
  repairWithinMs: number,
  broker: BrokerKind = { killsChildren: false, worksWhole: false },
): Finding[] {
  const grew = (verdict: string) =>
    decimal(String(after.verdicts[verdict] ?? 0)).sub(String(before.verdicts[verdict] ?? 0));
  const counted = COUNTED.flatMap(([verdict, kind]): Finding[] => {
    const by = grew(verdict);
    return by.gt(0) ? [{ kind, subject: '', detail: `${verdict} grew by ${by.toFixed()}` }] : [];
  });
  const measured = MEASURED.flatMap(([verdict, kind]): Finding[] => {
    const by = grew(verdict);
    if (by.lte(0)) return [];
    const breaches = after.breaches.filter(
      (breach) => breach.kind === kind && (breach.toMs ?? after.atMs) > before.atMs,
    );
    if (breaches.length === 0) {
      return [
        { kind, subject: '', detail: `${by.toFixed(2)} share-seconds, of which no breach tells` },
      ];
    }
    return breaches
      .filter((breach) => !isCrossing(breach, after))
      .filter((breach) => !isOfChildren(breach, after, broker))
      .filter(({ symbol }) => together(breaches, symbol, after) > repairWithinMs)
      .map((breach) => ({ kind, subject: breach.symbol, detail: inWords(breach, after) }));
  });
  return [...counted, ...measured];
}

/** All breaches of one contract share one window: a repair that holds for a moment is none. */
function together(breaches: readonly LedgerBreach[], symbol: string, ledger: Ledger): number {
  return breaches
    .filter((breach) => breach.symbol === symbol)
    .reduce((totalMs, breach) => totalMs + lastedMs(breach, ledger), 0);
}

function lastedMs({ fromMs, toMs }: LedgerBreach, { atMs }: Ledger): number {
  return (toMs ?? atMs) - fromMs;
}

function inWords(breach: LedgerBreach, ledger: Ledger): string {
  const { maxShares, toMs } = breach;
  const lasts = toMs === null ? ', and it lasts' : '';
  return `${maxShares} shares for ${lastedMs(breach, ledger)} ms${lasts}`;
}
