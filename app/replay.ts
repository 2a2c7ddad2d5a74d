/** What Temporal has recorded of a trade, to be replayed. */
import { tradeWorkflowId } from '../contract/workflows.js';
import type { App } from './app.js';

/** The history of one trade's workflow. */
export interface TradeHistory {
  readonly workflowId: string;
  /** Null: Temporal has none of it, or not any more. */
  readonly history: unknown;
}

/** Of Temporal's client; its module is loaded where it is needed alone. */
const NOT_FOUND = 'WorkflowNotFoundError';

/** @throws NotReachableError when no server answers */
export async function historyOf(app: App, tradeId: string): Promise<TradeHistory> {
  const client = await app.temporal();
  const workflowId = tradeWorkflowId(tradeId);
  try {
    return { workflowId, history: await client.workflow.getHandle(workflowId).fetchHistory() };
  } catch (error) {
    if ((error as Error).name !== NOT_FOUND) throw error;
    return { workflowId, history: null };
  }
}
