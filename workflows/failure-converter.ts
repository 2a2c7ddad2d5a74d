/**
 * How failures are written inside the sandbox of workflows. Whether payloads are encrypted is known to the worker
 * alone, which says so before the code of the workflows (`worker/workflow-code.ts`).
 */
import { DefaultFailureConverter } from '@temporalio/common';

declare global {
  var ballastEncodesFailures: boolean | undefined;
}

export const failureConverter = new DefaultFailureConverter({
  encodeCommonAttributes: globalThis.ballastEncodesFailures === true,
});
