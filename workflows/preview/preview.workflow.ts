/**
 * One preview (PRV-1): the account's broker worker makes it, or the next one should that die. What it shows is a
 * row; this only says whether there is one.
 */
import { ActivityFailure, TimeoutFailure, workflowInfo } from '@temporalio/workflow';
import {
  PREVIEW_WITHIN_MS,
  type PreviewInput,
  type PreviewResult,
} from '../../contract/preview.js';
import { prefixOf } from '../../contract/workflows.js';
import { previewActivities } from '../activities.js';

export async function preview(input: PreviewInput): Promise<PreviewResult> {
  const { previewId, brokerAccountId, summary } = input;
  const at = { brokerAccountId, queuePrefix: prefixOf(workflowInfo().taskQueue) };
  try {
    await previewActivities(at, `preview ${summary}`).makePreview({ previewId });
    return { made: true, reason: null };
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    return { made: false, reason: reasonOf(error) };
  }
}

function reasonOf({ cause, message }: ActivityFailure): string {
  if (cause instanceof TimeoutFailure) return NOBODY;
  return cause?.message ?? message;
}

const NOBODY = `no broker worker has made it within ${PREVIEW_WITHIN_MS / 1_000} s`;
