/**
 * One reconciliation of an account's books with the broker (REC-1).
 *
 *   begin → look → clean? ─ yes → end
 *                    └ no → wait → look once more, act on what lasts → end
 *
 * It runs under one id per account, so never twice at once. A schedule can't give that id (Temporal adds the
 * time to it): a run under another id starts the one that has it, and ends with it.
 */
import {
  ActivityFailure,
  executeChild,
  ParentClosePolicy,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  reconcileWorkflowId,
  type BegunRun,
  type Look,
  type ReconcileInput,
  type ReconcileResult,
  type Settled,
} from '../../contract/reconcile.js';
import { prefixOf } from '../../contract/workflows.js';
import { isToldAtOnce } from '../../domain/reconcile/finding.js';
import { reconcileActivities, reconcileLedgerActivities } from '../activities.js';

/** A fill on its way explains itself within it; a position that is still gone after it is gone (REC-2). */
const LOOKS_APART = '10 s';

export async function reconcile(input: ReconcileInput): Promise<ReconcileResult> {
  const { workflowId } = workflowInfo();
  const ownId = reconcileWorkflowId(input.accountId);
  return workflowId === ownId ? run(input) : joinOrRun(ownId, input);
}

async function joinOrRun(workflowId: string, input: ReconcileInput): Promise<ReconcileResult> {
  try {
    const parentClosePolicy = ParentClosePolicy.ABANDON;
    return await executeChild(reconcile, { workflowId, args: [input], parentClosePolicy });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return { runId: null, outcome: 'joined', findings: 0, reason: null };
  }
}

async function run(input: ReconcileInput): Promise<ReconcileResult> {
  const { runId } = workflowInfo();
  const begun = await reconcileLedgerActivities(`begin, by ${input.trigger}`).beginReconcile({
    ...input,
    runId,
  });
  const { endReconcile } = reconcileLedgerActivities('write the report');
  try {
    return await endReconcile({ runId, kind: 'settled', settled: await lookAndSettle(begun) });
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    return endReconcile({ runId, kind: 'incomplete', reason: causeOf(error) });
  }
}

async function lookAndSettle(begun: BegunRun): Promise<Settled> {
  const at = { ...begun, queuePrefix: prefixOf(workflowInfo().taskQueue) };
  const first = await reconcileActivities(at, 'look at the broker').lookForReconcile(begun);
  if (first.findings.every(isToldAtOnce)) return onlyTold(first);
  await sleep(LOOKS_APART);
  const found = `${first.findings.length} findings: look once more, and act on what lasts`;
  return reconcileActivities(at, found).settleReconcile({ ...begun, first });
}

function onlyTold({ findings, ...look }: Look): Settled {
  const told = findings.map((found) => ({ ...found, done: 'nothing' }));
  return { ...look, findings: told, unexplained: '0.00', recovery: null };
}

function causeOf(error: ActivityFailure): string {
  return (error.cause ?? error).message;
}
