/**
 * What crosses between the clock's schedules, the workflows that they start, and those who look at them:
 * ids, memos, inputs and results. Plain types only, for workflows import this file.
 */
import type { DateText } from '../domain/calendar.js';
import type { JobName } from '../domain/schedules/jobs.js';
import type { EpochMs } from '../domain/vocabulary.js';

/** What each run is given. */
export interface ScheduledInput {
  /** The account's row, and its name at the broker. */
  readonly accountId: string;
  readonly brokerAccountId: string;
  readonly queuePrefix: string;
  /** When the run was due; left out by schedules, for Temporal says it. */
  readonly dueAtMs?: EpochMs;
}

/** How each run ends. */
export interface ScheduledResult {
  /** The day that it was for, in New York. */
  readonly day: DateText;
  /** False when there was nothing to do: a holiday, too early, another run had done it. */
  readonly done: boolean;
  /** One sentence, for people. */
  readonly summary: string;
}

/** The schedule of a job of an account. Runs are called so too, with the instant that they were due at. */
export function scheduleId(prefix: string, job: JobName, brokerAccountId: string): string {
  return `${prefix}${job}-${brokerAccountId}`;
}

/** On each schedule, under `SCHEDULE_MEMO`: whose it is. Never changed once it is there. */
export interface ScheduleOwner {
  readonly prefix: string;
  /** Of a job that this version may not know (any more). */
  readonly job: string;
  readonly brokerAccountId: string;
}

/** On the action of each schedule, under `SCHEDULE_MEMO`: as what it was written last. */
export interface ScheduleStamp {
  /** `JOBS_VERSION` of the writer. */
  readonly version: number;
  /** Differs when anything of it does. */
  readonly fingerprint: string;
}

export const SCHEDULE_MEMO = 'ballast';
