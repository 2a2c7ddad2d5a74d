/**
 * What is known to fail today: the finding's id, and what it looks like. The list can only shrink
 * truthfully: a case listed here that passes fails the session, and so does a failure that isn't listed.
 */
import type { Finding, FindingKind } from './judge/finding.js';

export interface KnownOpen {
  /** Id of the defect's record, or of the requirement that is not met yet. */
  readonly id: string;
  readonly what: string;
  /** Names of cases that fail because of it. */
  readonly cases: readonly string[];
  /** How it shows in runs: kinds of findings, under disturbances whose name begins so (any: all). */
  readonly inRuns?: {
    readonly kinds: readonly FindingKind[];
    readonly under: readonly string[] | 'any';
    /** Only when the finding's detail or subject matches. */
    readonly detail?: RegExp;
  };
}

export const KNOWN_OPEN: readonly KnownOpen[] = [];

/** The known defect that a finding of a run shows; null when it is news. */
export function knownAs(
  finding: Finding,
  disturbances: readonly string[],
  open: readonly KnownOpen[] = KNOWN_OPEN,
): KnownOpen | null {
  const found = open.find(({ inRuns }) => {
    if (!inRuns || !inRuns.kinds.includes(finding.kind)) return false;
    const { under, detail } = inRuns;
    const fits =
      under === 'any' ||
      disturbances.some((name) => under.some((beginning) => name.startsWith(beginning)));
    return fits && (detail === undefined || detail.test(`${finding.subject}: ${finding.detail}`));
  });
  return found ?? null;
}
