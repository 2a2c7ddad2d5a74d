/** Starting the reconciliation of an account, or joining the one that runs. */
import {
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import {
  RECONCILE_WORKFLOW,
  reconcileWorkflowId,
  type ReconcileInput,
  type ReconcileResult,
  type ReconcileTrigger,
} from '../contract/reconcile.js';
import { tradeQueue } from '../contract/workflows.js';

export interface ReconciledAccount {
  /** The account's row. */
  readonly accountId: string;
  readonly queuePrefix: string;
}

/** What a run can be waited for by. */
export type ReconcileRun = Pick<
  WorkflowHandle<(input: ReconcileInput) => Promise<ReconcileResult>>,
  'result'
>;

/** Starts it, or joins the run that is under way; its result is that run's. */
export async function startReconcile(
  client: Client,
  { accountId, queuePrefix }: ReconciledAccount,
  trigger: ReconcileTrigger,
): Promise<ReconcileRun> {
  const input: ReconcileInput = { accountId, trigger };
  return client.workflow.start<(input: ReconcileInput) => Promise<ReconcileResult>>(
    RECONCILE_WORKFLOW,
    {
      workflowId: reconcileWorkflowId(accountId),
      taskQueue: tradeQueue(queuePrefix),
      args: [input],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      staticSummary: `reconciliation, by ${trigger}`,
    },
  );
}
