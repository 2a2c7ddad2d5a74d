/** What a preview shows (PRV-1), as it is kept: plain JSON, made once. */
import type { WhatIfReport } from '../broker/what-if.js';
import type { DecimalText } from '../money.js';
import { REASONS, type ReasonCode } from '../reasons.js';
import type { ContractState, FxRate } from '../risk/context.js';
import type { Finding } from '../risk/finding.js';
import type { AppliedDefault, BracketPlan, PlanDecision } from '../risk/plan.js';
import type { SizingRecord } from '../sizing/record.js';
import type { BracketLeg } from '../trade/bracket.js';
import type { Quote } from '../vocabulary.js';

/** Of a check: `not_checked` where what it measures was not known. */
export type CheckOutcome = 'passed' | 'failed' | 'not_checked';

/** One code of the registry with what came of its check. */
export interface CheckResult {
  readonly code: ReasonCode;
  readonly outcome: CheckOutcome;
  /** Each failure with its measure and limit. */
  readonly findings: readonly Omit<Finding, 'code'>[];
}

export interface PreviewContent {
  readonly verdict: PlanDecision['verdict'];
  readonly checks: readonly CheckResult[];
  readonly contract: ContractState;
  readonly quote: Quote | null;
  readonly fxRate: FxRate | null;
  readonly sizing: SizingRecord | null;
  readonly appliedDefaults: readonly AppliedDefault[];
  /** Null when it is denied. */
  readonly plan: BracketPlan | null;
  /** The orders that would be sent; none when it is denied. */
  readonly legs: readonly BracketLeg[];
  /** Null when the broker was not asked, or gave none; then `whatIfProblem` says why. */
  readonly whatIf: WhatIfReport | null;
  readonly whatIfProblem: string | null;
  /** A person's word is needed once it is executed (SIG-3). */
  readonly needsApproval: boolean;
  readonly priceTolerance: DecimalText;
  readonly sizeTolerance: DecimalText;
}

/** Given by what comes after a plan's own checks, or by a preview's execution. */
const OF_LATER: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'NOT_APPROVED',
  'CLOSED_OPPOSITE',
  'PREVIEW_OUTDATED',
]);

/** Need nothing but this system's own books. */
const ALWAYS_KNOWN: ReadonlySet<string> = new Set(['switch', 'access']);

/**
 * Every check of a plan with what came of it, in the registry's order. Where nothing could be sized, a price or an
 * account value was missing: of what needs the market only what failed is known.
 */
export function checksOf({ findings, sizing }: PlanDecision): CheckResult[] {
  const checked = REASONS.filter(({ code, ...reason }) => !OF_LATER.has(code) && isGiven(reason));
  return checked.map(({ code, category }) => {
    const failed = findings.filter((found: Finding) => found.code === code);
    const isKnown = sizing !== null || ALWAYS_KNOWN.has(category);
    const outcome = failed.length > 0 ? 'failed' : isKnown ? 'passed' : 'not_checked';
    return { code, outcome, findings: failed.map(({ measured, limit }) => ({ measured, limit })) };
  });
}

function isGiven(reason: object): boolean {
  return !('isReserved' in reason);
}
