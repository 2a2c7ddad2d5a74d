/**
 * Approvals (SIG-3): what waits for a person's word, and that word. It is a row before anybody is told, so it is taken
 * while Temporal and every worker are down; the trade's workflow reads it, and what it is told only wakes it.
 */
import type { ApprovalView } from '../contract/views.js';
import type { ApprovalPolicy } from '../domain/vocabulary.js';
import { appendAudit } from '../store/audit.js';
import { decideApproval } from '../store/approvals.js';
import { isTradeOf, listApprovals } from '../store/reads.js';
import { setApprovalPolicy } from '../store/strategy-settings.js';
import { plainTransact } from '../store/transact.js';
import type { App } from './app.js';
import { NoSuchTradeError, taken, type CommandTaken } from './commands.js';

/** More than a person decides on within their time. */
export const APPROVALS_LISTED_MAX = 200;

/** Those that can still be decided, the most urgent first. */
export function approvals({ db, userId }: App): Promise<ApprovalView[]> {
  return listApprovals(db, userId, APPROVALS_LISTED_MAX);
}

export interface DecisionGiven {
  readonly tradeId: string;
  readonly verdict: 'approved' | 'rejected';
  /** Why, for the record. */
  readonly reason?: string | null;
  /** The caller's idempotency key: the same key is the same decision. */
  readonly key: string;
}

/**
 * Takes a person's word, or says why it can't be taken any more: who has decided, and when.
 * @throws NoSuchTradeError
 */
export async function decide(app: App, given: DecisionGiven): Promise<CommandTaken> {
  const { db, userId, actor } = app;
  const { tradeId } = given;
  if (!(await isTradeOf(db, userId, tradeId))) throw new NoSuchTradeError(tradeId);
  return taken(app, tradeId, await decideApproval(db, { ...given, actor }, Date.now()));
}

/**
 * Says whether signals of a strategy need an approval from now on, audited; what was asked for already still needs it.
 * @returns false when there is no such strategy: it is made by its first signal
 */
export function setApproval(app: App, strategy: string, policy: ApprovalPolicy): Promise<boolean> {
  const { db, userId, actor } = app;
  return plainTransact(db, async (tx) => {
    const before = await setApprovalPolicy(tx, userId, strategy, policy);
    if (before === null) return false;
    const entry = { userId, actor, action: 'approval_policy', subject: `strategy ${strategy}` };
    await appendAudit(tx, { ...entry, body: { before, policy } });
    return true;
  });
}
