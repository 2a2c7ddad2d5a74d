/** What all runs by the clock share: the instant that they were due at, and days with nothing to do. */
import { isCancellation, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { ScheduledInput, ScheduledResult } from '../../contract/schedules.js';
import type { DateText } from '../../domain/calendar.js';
import { dueOf } from '../../domain/schedules/due.js';
import type { JobName } from '../../domain/schedules/jobs.js';
import type { EpochMs } from '../../domain/vocabulary.js';

/** Temporal's own attribute on every run of a schedule; by hand it is the instant of the trigger. */
const SCHEDULED_START = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

/** What a job does on a day that it has something to do on. */
export type DayWork = (day: DateText) => Promise<Omit<ScheduledResult, 'day'>>;

/** Does the job's work for the day that the run is of, unless there is none. */
export async function runJob(
  name: JobName,
  input: ScheduledInput,
  work: DayWork,
): Promise<ScheduledResult> {
  const { dueAtMs, startedAtMs } = timesOf(input);
  const due = dueOf(name, dueAtMs, startedAtMs);
  const { day } = due;
  const ended =
    due.kind === 'nothing' ? { done: false, summary: `nothing: ${due.reason}` } : await work(day);
  setCurrentDetails(`**${day}** ${ended.summary}`);
  return { day, ...ended };
}

/** What `work` gives, or null when it was given up: the run goes on without. A cancelled run ends. */
export async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return null;
  }
}

/** Of a run that was given its instant, that instant is both. */
function timesOf({ dueAtMs: given }: ScheduledInput): Record<'dueAtMs' | 'startedAtMs', EpochMs> {
  const { typedSearchAttributes, startTime } = workflowInfo();
  const dueAtMs = given ?? (typedSearchAttributes.get(SCHEDULED_START) ?? startTime).getTime();
  return { dueAtMs, startedAtMs: given ?? startTime.getTime() };
}
