/** PRF-1 (e): what a trade costs Temporal, counted in its recorded history. */
import type { Client } from '@temporalio/client';
import { tradeWorkflowId } from '../contract/workflows.js';

export interface HistoryCounts {
  readonly events: number;
  /** Billable actions as Temporal Cloud counts them: docs.temporal.io, "Actions in Workflows". */
  readonly actions: number;
  readonly byType: Readonly<Record<string, number>>;
}

/** Goals per trade. */
export const EVENTS_MAX = 60;
export const ACTIONS_MAX = 20;

/** Events that are one action each. A marker is a workflow task's local activities. */
const BILLABLE = new Set([
  'WORKFLOW_EXECUTION_STARTED',
  'WORKFLOW_EXECUTION_SIGNALED',
  'WORKFLOW_EXECUTION_UPDATE_ACCEPTED',
  'WORKFLOW_EXECUTION_CONTINUED_AS_NEW',
  'ACTIVITY_TASK_SCHEDULED',
  'MARKER_RECORDED',
  'TIMER_STARTED',
  'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES',
]);

interface HistoryEvent {
  readonly eventType?: number | string | null;
}

/** Counts the events of a trade's workflow, as it is now. */
export async function countTrade(client: Client, tradeId: string): Promise<HistoryCounts> {
  const history = await client.workflow.getHandle(tradeWorkflowId(tradeId)).fetchHistory();
  return countEvents(history.events ?? []);
}

/** Counts events of a history. */
export function countEvents(events: readonly HistoryEvent[]): HistoryCounts {
  const byType: Record<string, number> = {};
  for (const event of events) {
    const name = nameOf(event);
    byType[name] = (byType[name] ?? 0) + 1;
  }
  const actions = Object.entries(byType)
    .filter(([name]) => BILLABLE.has(name))
    .reduce((total, [, count]) => total + count, 0);
  return { events: events.length, actions, byType };
}

/** Numbers of `temporal.api.enums.v1.EventType` that occur in a trade's history. */
const NAMES: Readonly<Record<number, string>> = {
  1: 'WORKFLOW_EXECUTION_STARTED',
  2: 'WORKFLOW_EXECUTION_COMPLETED',
  3: 'WORKFLOW_EXECUTION_FAILED',
  5: 'WORKFLOW_TASK_SCHEDULED',
  6: 'WORKFLOW_TASK_STARTED',
  7: 'WORKFLOW_TASK_COMPLETED',
  8: 'WORKFLOW_TASK_TIMED_OUT',
  9: 'WORKFLOW_TASK_FAILED',
  10: 'ACTIVITY_TASK_SCHEDULED',
  11: 'ACTIVITY_TASK_STARTED',
  12: 'ACTIVITY_TASK_COMPLETED',
  17: 'TIMER_STARTED',
  18: 'TIMER_FIRED',
  19: 'TIMER_CANCELED',
  25: 'MARKER_RECORDED',
  26: 'WORKFLOW_EXECUTION_SIGNALED',
  28: 'WORKFLOW_EXECUTION_CONTINUED_AS_NEW',
  40: 'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES',
  41: 'WORKFLOW_EXECUTION_UPDATE_ACCEPTED',
  43: 'WORKFLOW_EXECUTION_UPDATE_COMPLETED',
};

function nameOf({ eventType }: HistoryEvent): string {
  if (typeof eventType === 'string') return eventType.replace(/^EVENT_TYPE_/, '');
  return NAMES[eventType ?? 0] ?? `TYPE_${eventType}`;
}
