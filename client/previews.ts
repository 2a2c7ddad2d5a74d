/** Having a preview made, or joining whoever has it made already. */
import {
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import {
  PREVIEW_WORKFLOW,
  previewWorkflowId,
  type PreviewInput,
  type PreviewResult,
} from '../contract/preview.js';
import { tradeQueue } from '../contract/workflows.js';

type PreviewRun = (input: PreviewInput) => Promise<PreviewResult>;

/** Starts it, or joins it; a run that could not make it is followed by a new one. */
export function startPreview(
  client: Client,
  input: PreviewInput,
  queuePrefix: string,
): Promise<Pick<WorkflowHandle<PreviewRun>, 'result'>> {
  return client.workflow.start<PreviewRun>(PREVIEW_WORKFLOW, {
    workflowId: previewWorkflowId(input.previewId),
    taskQueue: tradeQueue(queuePrefix),
    args: [input],
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    staticSummary: `preview ${input.summary}`,
  });
}
