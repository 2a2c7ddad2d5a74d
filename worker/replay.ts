/** Replaying recorded histories through the workflow code of this checkout (TRD-10). Nothing is sent, and nothing changes. */
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { PayloadKey } from '../contract/payload-keys.js';
import { convertedBy } from './temporal-worker.js';
import { workflowCode } from './workflow-code.js';

let isQuiet = false;

/** What the SDK says of a history that does not fit is told by its error. Once in a process. */
function quietRuntime(): void {
  if (isQuiet) return;
  isQuiet = true;
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } },
    shutdownSignals: [],
  });
}

/**
 * Replays one history.
 * @param history as Temporal's client fetches it, or as `temporal workflow show --output json` prints it
 * @param payloadKeys with which its payloads were sealed
 * @returns why this code takes another way than the history; null: it takes the same
 */
export async function replayHistory(
  workflowId: string,
  history: unknown,
  payloadKeys: readonly PayloadKey[] = [],
): Promise<string | null> {
  quietRuntime();
  const { workflowModules = [], ...code } = workflowCode(payloadKeys.length > 0);
  const interceptors = workflowModules.length > 0 ? { workflowModules } : {};
  try {
    const options = { ...convertedBy(payloadKeys), ...code, interceptors };
    await Worker.runReplayHistory(options, history, workflowId);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
