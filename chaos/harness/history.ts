/** What the judge reads from a workflow's history: where it can be reset to, and what went wrong. Pure. */

/** The part of Temporal's history event that is looked at; ids are its 64-bit numbers. */
export interface HistoryEvent {
  readonly eventId?: { toString(): string } | null;
  readonly workflowTaskCompletedEventAttributes?: object | null;
  readonly workflowTaskFailedEventAttributes?: {
    readonly cause?: number | null;
    readonly failure?: { readonly message?: string | null } | null;
  } | null;
  readonly workflowExecutionStartedEventAttributes?: {
    readonly continuedExecutionRunId?: string | null;
  } | null;
}

/** The cause that a reset itself leaves at its point (`WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW`). */
const FAILED_BY_RESET = 20;

/**
 * The server's answer to an end that crossed a message (`WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND`): the
 * task runs again with the message. No code of a workflow can avoid it.
 */
const CROSSED_A_MESSAGE = 1;
const NO_FAILURE: ReadonlySet<number> = new Set([FAILED_BY_RESET, CROSSED_A_MESSAGE]);

/** The events with which each workflow task ended: a reset to one runs that task anew. */
export function resetPoints<Event extends HistoryEvent>(events: readonly Event[]): Event[] {
  return events.filter((event) => event.workflowTaskCompletedEventAttributes);
}

/** Why workflow tasks failed, one sentence each; what Temporal itself does so is no failure. */
export function failedTasks(events: readonly HistoryEvent[]): string[] {
  return events.flatMap(({ eventId, workflowTaskFailedEventAttributes: failed }) =>
    failed && !NO_FAILURE.has(failed.cause ?? 0)
      ? [`event ${String(eventId)}: ${failed.failure?.message ?? `cause ${failed.cause}`}`]
      : [],
  );
}

/** The run that this one goes on from; null for a story's first run. */
export function continuedFrom(events: readonly HistoryEvent[]): string | null {
  return events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || null;
}
