/** The referee's verdicts, all of them: a test of kills or faults must not look away from any. */
import { expect } from '@jest/globals';
import type { LedgerReport } from '../../gateway/ledger/report.js';

export type Verdicts = LedgerReport['verdicts'];

/** The verdicts of a run in which no harm was done. */
export const NOTHING_JUDGED: Verdicts = {
  duplicateEntries: 0,
  reReferencedEntries: 0,
  unlistedEntries: 0,
  overfilledEntries: 0,
  overfilledShares: '0',
  unprotectedShareSeconds: '0',
  excessExitShareSeconds: '0',
  pacingViolations: 0,
  stagedGroupsLeftBehind: 0,
};

/**
 * Expects that the referee found nothing, in any verdict there is. `known` holds the verdicts that the
 * code of today fails, with what they come to; say at the call which finding that is.
 */
export function expectNothingJudged(report: LedgerReport, known: Partial<Verdicts> = {}): void {
  const { verdicts, findings, breaches } = report;
  // What led to a verdict is shown beside it, so that a failure tells its cause.
  const isKnown = Object.keys(known).length > 0;
  const expected = isKnown ? { findings, breaches } : { findings: [], breaches: [] };
  expect({ verdicts, findings, breaches }).toEqual({
    verdicts: { ...NOTHING_JUDGED, ...known },
    ...expected,
  });
}
