/** One trade's workflow as Temporal keeps it: its runs, resets of them, and replays by a live worker. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { continuedFrom, failedTasks, resetPoints } from './history.js';

export interface Run {
  readonly runId: string;
  readonly isRunning: boolean;
  /** A task of it, or an activity, is waiting or being worked on. */
  readonly isBusy: boolean;
}

/** A workflow task that can be run anew. */
export interface ResetPoint {
  readonly runId: string;
  /** Its run's place in the story, from 1. */
  readonly runNumber: number;
  readonly event: { readonly eventId?: EventId };
}

/** A 64-bit number, as Temporal's client has it. */
type EventId = Parameters<
  Client['workflowService']['resetWorkflowExecution']
>[0]['workflowTaskFinishEventId'];

/** Signals and updates that came after the point are applied again, as the Temporal UI does. */
const REAPPLY_ALL = 3;
/** `TASK_QUEUE_TYPE_ACTIVITY`. */
const ACTIVITY_QUEUE = 2;
/** No trade here goes on in more runs; a longer chain is a loop. */
const RUNS_MAX = 50;
const LOOK_EVERY_MS = 100;
/** A replay takes milliseconds; two busy workers and a server that hands over need more. */
const REPLAY_LIMIT_MS = 10_000;

export class Story {
  constructor(
    private readonly client: Client,
    private readonly workflowId: string,
  ) {}

  /** The newest run. */
  async current(): Promise<Run> {
    const { runId, status, raw } = await this.client.workflow.getHandle(this.workflowId).describe();
    const activities = raw.pendingActivities ?? [];
    const isBusy = Boolean(raw.pendingWorkflowTask) || activities.length > 0;
    return { runId, isRunning: status.name === 'RUNNING', isBusy };
  }

  /** The newest run and those that it goes on from, oldest first. */
  async runs(): Promise<string[]> {
    const runs: string[] = [];
    let next: string | null = (await this.current()).runId;
    while (next !== null && runs.length < RUNS_MAX) {
      runs.unshift(next);
      next = continuedFrom(await this.events(next));
    }
    return runs;
  }

  /** Every workflow task of every run, oldest first. */
  async points(): Promise<ResetPoint[]> {
    const runs = await this.runs();
    const points = await Promise.all(
      runs.map(async (runId, index) =>
        resetPoints(await this.events(runId)).map((event) => ({
          runId,
          runNumber: index + 1,
          event,
        })),
      ),
    );
    return points.flat();
  }

  /** Ends what runs and begins a run that has everything up to the point. */
  async reset({ runId, event }: ResetPoint): Promise<void> {
    const { workflowService, options } = this.client;
    await workflowService.resetWorkflowExecution({
      namespace: options.namespace,
      workflowExecution: { workflowId: this.workflowId, runId },
      reason: 'reset by the judge',
      workflowTaskFinishEventId: event.eventId,
      requestId: randomUUID(),
      resetReapplyType: REAPPLY_ALL,
    });
  }

  /** Waits until the newest run waits itself: for a message, a timer; false when it doesn't in time. */
  quiet(deadlineMs: number): Promise<boolean> {
    return this.until(({ isRunning, isBusy }) => !isRunning || !isBusy, deadlineMs);
  }

  /** Waits until the newest run has ended; false when it hasn't in time. */
  ended(deadlineMs: number): Promise<boolean> {
    return this.until(({ isRunning }) => !isRunning, deadlineMs);
  }

  /**
   * What is wrong with the newest run and those that it goes on from: workflow tasks that failed, and
   * histories that a worker can't replay.
   */
  async faults(): Promise<string[]> {
    const found: string[] = [];
    for (const runId of await this.runs()) {
      found.push(...failedTasks(await this.events(runId)));
      const refusal = await this.replay(runId);
      if (refusal !== null) found.push(`can't be replayed: ${refusal}`);
    }
    return found;
  }

  /** Has a worker tell the run's whole history anew; gives why it could not, or null. */
  private async replay(runId: string): Promise<string | null> {
    const { workflow, workflowService, options } = this.client;
    const execution = { workflowId: this.workflowId, runId };
    // No worker may answer from what it remembers; of what has ended, none remembers anything.
    await workflowService
      .resetStickyTaskQueue({ namespace: options.namespace, execution })
      .catch(ignoringEnded);
    const limit = AbortSignal.timeout(REPLAY_LIMIT_MS);
    const asked = this.client.withAbortSignal(limit, () =>
      workflow.getHandle(this.workflowId, runId).query('__stack_trace'),
    );
    return asked.then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  }

  /** The task queues on which activities of these names were put. */
  async queuesOf(activities: readonly string[]): Promise<string[]> {
    const found = new Set<string>();
    for (const runId of await this.runs()) {
      for (const { activityTaskScheduledEventAttributes: put } of await this.events(runId)) {
        if (put?.taskQueue?.name && activities.includes(put.activityType?.name ?? '')) {
          found.add(put.taskQueue.name);
        }
      }
    }
    return [...found];
  }

  /** Has the server give out no activity of a queue, or give them out again. */
  async holdBack(taskQueue: string, isHeld: boolean): Promise<void> {
    const { workflowService, options } = this.client;
    await workflowService.updateTaskQueueConfig({
      namespace: options.namespace,
      identity: 'judge',
      taskQueue,
      taskQueueType: ACTIVITY_QUEUE,
      updateQueueRateLimit: {
        reason: 'held back by the judge',
        ...(isHeld ? { rateLimit: { requestsPerSecond: 0 } } : {}),
      },
    });
  }

  private async until(test: (run: Run) => boolean, deadlineMs: number): Promise<boolean> {
    for (;;) {
      if (test(await this.current())) return true;
      if (Date.now() > deadlineMs) return false;
      await sleep(LOOK_EVERY_MS);
    }
  }

  private async events(runId: string) {
    const { events } = await this.client.workflow.getHandle(this.workflowId, runId).fetchHistory();
    return events ?? [];
  }
}

/** Temporal's answer for a run that has ended (gRPC's `NOT_FOUND`). */
const NOT_FOUND = 5;

function ignoringEnded(error: unknown): void {
  if ((error as { code?: number }).code !== NOT_FOUND) throw error;
}
