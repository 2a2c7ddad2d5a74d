/**
 * Approval is a type (RSK-3): the broker port takes `Approved<…>` for anything that opens risk, and
 * only this folder mints it. A brand is lost in JSON, so an approved value is never carried through a
 * payload: the store reads the recorded decision again and asks for the brand with its evidence.
 */
declare const approvedBrand: unique symbol;

export type Approved<T> = T & { readonly [approvedBrand]: true };

/** What must be on record before anything may be called approved. */
export interface ApprovalEvidence {
  readonly decisionId: string;
  readonly verdict: 'approved' | 'denied';
}

/**
 * Marks a value as approved by a recorded decision.
 * @throws Error when the decision's verdict is not `approved`.
 */
export function approve<T>(value: T, evidence: ApprovalEvidence): Approved<T> {
  if (evidence.verdict !== 'approved') {
    throw new Error(
      `decision ${evidence.decisionId} was ${evidence.verdict}: nothing may be sent for it`,
    );
  }
  return value as Approved<T>;
}
