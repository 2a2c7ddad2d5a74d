/** The schedules of an installation in Temporal: how each is written, and what is there. */
import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  WorkflowNotFoundError,
  type Client,
  type ScheduleDescription,
  type ScheduleOptions,
  type ScheduleUpdateOptions,
} from '@temporalio/client';
import { fingerprint } from '../contract/fingerprint.js';
import type { ReconcileResult } from '../contract/reconcile.js';
import {
  SCHEDULE_MEMO,
  scheduleId,
  type ScheduledInput,
  type ScheduledResult,
  type ScheduleOwner,
  type ScheduleStamp,
} from '../contract/schedules.js';
import type { ScheduleRunView } from '../contract/views.js';
import { tradeQueue } from '../contract/workflows.js';
import { JOBS, JOBS_VERSION, type JobName, type JobTime } from '../domain/schedules/jobs.js';
import { NEW_YORK } from '../domain/zone.js';

/** A schedule as it should be. */
export interface WantedSchedule {
  readonly job: JobName;
  readonly accountId: string;
  readonly brokerAccountId: string;
  readonly queuePrefix: string;
}

/** What is there of it. */
export type FoundSchedule = 'absent' | 'as wanted' | 'newer' | 'other';

/** More of an installation's schedules than accounts and jobs could be; a page of the server's. */
const LIST_PAGE = 1_000;

type Written = ScheduleUpdateOptions & Pick<ScheduleOptions, 'scheduleId' | 'memo'>;

/** Compares what is there with what should be. */
export async function findSchedule(client: Client, wanted: WantedSchedule): Promise<FoundSchedule> {
  const stamp = await stampOf(client, idOf(wanted));
  if (stamp === null) return 'absent';
  if (stamp.version > JOBS_VERSION) return 'newer';
  return stamp.fingerprint === stampFor(wanted).fingerprint ? 'as wanted' : 'other';
}

/** Makes it; one that somebody else has just made stays as they made it. */
export async function createSchedule(client: Client, wanted: WantedSchedule): Promise<void> {
  try {
    await client.schedule.create(optionsOf(wanted));
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}

/**
 * Writes it anew. A person's pause stays, with their note; one of the same milliseconds could be lost, but
 * only a new version writes anew.
 */
export async function updateSchedule(client: Client, wanted: WantedSchedule): Promise<void> {
  const { spec, action, policies, state } = optionsOf(wanted);
  await client.schedule.getHandle(idOf(wanted)).update(({ state: now }) => ({
    ...{ spec, action },
    ...(policies ? { policies } : {}),
    state: now.paused ? { paused: true, ...(now.note ? { note: now.note } : {}) } : state,
  }));
}

/** Takes one away; one that is gone is gone. */
export async function deleteSchedule(client: Client, id: string): Promise<void> {
  try {
    await client.schedule.getHandle(id).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}

export interface OwnSchedule {
  readonly id: string;
  readonly owner: ScheduleOwner;
}

/** Every schedule of the installation with that prefix; a new one may be missing for a moment. */
export async function ownSchedules(client: Client, prefix: string): Promise<OwnSchedule[]> {
  const found: OwnSchedule[] = [];
  for await (const { scheduleId: id, memo } of client.schedule.list({ pageSize: LIST_PAGE })) {
    const owner = memo?.[SCHEDULE_MEMO] as ScheduleOwner | undefined;
    if (owner?.prefix === prefix) found.push({ id, owner });
  }
  return found;
}

/** Whether a newer version wrote it: an older one leaves it alone. False when it is gone. */
export async function isOfNewerVersion(client: Client, id: string): Promise<boolean> {
  return ((await stampOf(client, id))?.version ?? 0) > JOBS_VERSION;
}

/** The whole of one; null when there is none. */
export async function describeSchedule(
  client: Client,
  id: string,
): Promise<ScheduleDescription | null> {
  try {
    return await client.schedule.getHandle(id).describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}

/** The newest run of a schedule, with its result where it has one; null before the first. */
export async function lastRunOf(
  client: Client,
  { info }: ScheduleDescription,
): Promise<ScheduleRunView | null> {
  const last = info.recentActions.at(-1);
  if (last === undefined) return null;
  const { workflowId, firstExecutionRunId } = last.action.workflow;
  const handle = client.workflow.getHandle(workflowId, firstExecutionRunId);
  const status = await handle.describe().then(
    (found) => found.status.name,
    (error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return 'GONE';
      throw error;
    },
  );
  const result =
    status === 'COMPLETED'
      ? toldOf((await handle.result()) as ScheduledResult | ReconcileResult)
      : null;
  return {
    workflow_id: workflowId,
    due_at: last.scheduledAt.toISOString(),
    started_at: last.takenAt.toISOString(),
    status,
    day: result?.day ?? null,
    done: result?.done ?? null,
    summary: result?.summary ?? null,
  };
}

/** What a reconciliation found, in the words of the other jobs; it is of no day. */
function toldOf(
  result: ScheduledResult | ReconcileResult,
): Pick<ScheduleRunView, 'day' | 'done' | 'summary'> {
  if ('summary' in result) return result;
  const { runId, outcome, findings, reason } = result;
  const found = outcome === 'found' ? `${findings} findings` : outcome;
  const done = runId !== null && outcome !== 'incomplete';
  return { day: null, done, summary: reason === null ? found : `${found}: ${reason}` };
}

/** Null when there is none; a schedule of that id which bears no stamp is as old as can be. */
async function stampOf(client: Client, id: string): Promise<ScheduleStamp | null> {
  const found = await describeSchedule(client, id);
  if (found === null) return null;
  const stamp = found.action.memo?.[SCHEDULE_MEMO] as ScheduleStamp | undefined;
  return stamp ?? { version: 0, fingerprint: '' };
}

function idOf({ queuePrefix, job, brokerAccountId }: WantedSchedule): string {
  return scheduleId(queuePrefix, job, brokerAccountId);
}

function stampFor(wanted: WantedSchedule): ScheduleStamp {
  return { version: JOBS_VERSION, fingerprint: fingerprint({ wanted, job: JOBS[wanted.job] }) };
}

function optionsOf(wanted: WantedSchedule): Written {
  const { job: name, accountId, brokerAccountId, queuePrefix } = wanted;
  const job = JOBS[name];
  const owner: ScheduleOwner = { prefix: queuePrefix, job: name, brokerAccountId };
  const input: ScheduledInput = { accountId, brokerAccountId, queuePrefix };
  const triggered = { accountId, trigger: 'schedule' };
  return {
    scheduleId: idOf(wanted),
    memo: { [SCHEDULE_MEMO]: owner },
    spec: { calendars: job.times.map(calendarOf), timezone: NEW_YORK },
    action: {
      type: 'startWorkflow',
      workflowType: job.workflow,
      workflowId: idOf(wanted),
      taskQueue: tradeQueue(queuePrefix),
      args: [job.takesTrigger ? triggered : input],
      workflowExecutionTimeout: job.runMaxMs,
      memo: { [SCHEDULE_MEMO]: stampFor(wanted) },
      staticSummary: `${name} of ${brokerAccountId}`,
      staticDetails: job.note,
    },
    policies: {
      // Each run of a day does the same as another: beside one that still runs it would be too many.
      overlap: ScheduleOverlapPolicy.SKIP,
      catchupWindow: job.catchUpMs,
      // One failed day is no reason to leave out the next.
      pauseOnFailure: false,
    },
    state: { paused: false, note: job.note },
  };
}

function calendarOf({ hour, minute, days, every }: JobTime) {
  const weekdays = { dayOfWeek: { start: 'MONDAY', end: 'FRIDAY' } } as const;
  const times = every
    ? {
        hour: { start: hour, end: every.untilHour },
        minute: { start: 0, end: LAST_MINUTE, step: every.minutes },
      }
    : { hour, minute };
  return { ...times, ...(days === 'weekdays' ? weekdays : {}) };
}

const LAST_MINUTE = 59;
