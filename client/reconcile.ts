/** Starting the reconciliation of an account, or joining the one that runs. */
import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
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
export function startReconcile(
  client: Client,
  account: ReconciledAccount,
  trigger: ReconcileTrigger,
): Promise<ReconcileRun> {
  return start(client, account, trigger, WorkflowIdConflictPolicy.USE_EXISTING);
}

/**
 * What a run comes to that began after this was called: one that is under way may have looked at the broker before. That one is
 * waited for, since there is one at a time.
 */
export async function reconcileFromNow(
  client: Client,
  account: ReconciledAccount,
): Promise<ReconcileResult> {
  try {
    const run = await start(client, account, 'demand', WorkflowIdConflictPolicy.FAIL);
    return await run.result();
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  const underWay = client.workflow.getHandle(reconcileWorkflowId(account.accountId));
  await underWay.result().catch(unlessEnded);
  // Others who waited as well began one by now, perhaps: that will do.
  return (await startReconcile(client, account, 'demand')).result();
}

/** How it ended is nobody's business here. */
function unlessEnded(error: unknown): void {
  if (!(error instanceof WorkflowFailedError)) throw error;
}

function start(
  client: Client,
  { accountId, queuePrefix }: ReconciledAccount,
  trigger: ReconcileTrigger,
  workflowIdConflictPolicy: WorkflowIdConflictPolicy,
): Promise<ReconcileRun> {
  return client.workflow.start<(input: ReconcileInput) => Promise<ReconcileResult>>(
    RECONCILE_WORKFLOW,
    {
      workflowId: reconcileWorkflowId(accountId),
      taskQueue: tradeQueue(queuePrefix),
      args: [{ accountId, trigger }],
      workflowIdConflictPolicy,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      staticSummary: `reconciliation, by ${trigger}`,
    },
  );
}
