/**
 * The jobs that run by the clock (SCH-1): what each is for, when, and what becomes of a run that is late.
 * All times are New York's; days without trading are the run's own business, not the clock's.
 */

/** The jobs that have schedules, in the order of the day. */
export const JOB_NAMES = [
  'verify-exits',
  'daily-reset',
  'reconcile',
  'end-of-day',
  'midnight-sweep',
] as const;

export type JobName = (typeof JOB_NAMES)[number];

/** A wall-clock time in New York, on these days of the week. */
export interface JobTime {
  readonly hour: number;
  readonly minute: number;
  readonly days: 'weekdays' | 'every day';
  /** And again every so many minutes, from that hour's first to the end of another hour. */
  readonly every?: { readonly minutes: number; readonly untilHour: number };
}

export interface Job {
  readonly name: JobName;
  /** The type of the workflow that a run is. */
  readonly workflow: string;
  readonly times: readonly JobTime[];
  /** Whether a run is given `{ accountId, trigger }` instead of what the jobs of a day take. */
  readonly takesTrigger?: true;
  /** Whether a day without trading has nothing to do. */
  readonly tradingDaysOnly: boolean;
  /** A run that could not start in time is started up to so much later; what is older is left out. */
  readonly catchUpMs: number;
  /** A run that has not ended by then is ended: its use is over. */
  readonly runMaxMs: number;
  /** For people, in the Temporal UI. */
  readonly note: string;
}

/**
 * Grows with every change of the table below, or of what a schedule starts. A worker leaves schedules of a
 * higher number alone: while versions are mixed, the older one must not take the newer one's back.
 */
export const JOBS_VERSION = 1;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** No time lies between two and three: that hour is skipped in March and comes twice in November. */
export const JOBS: Readonly<Record<JobName, Job>> = {
  'verify-exits': {
    name: 'verify-exits',
    workflow: 'verifyExits',
    // Half an hour before the open: time for repairs, and for a person.
    times: [{ hour: 9, minute: 0, days: 'weekdays' }],
    tradingDaysOnly: true,
    // While the exchange is open it is of use at any time; the guard looks every 30 s beside it.
    catchUpMs: 7 * HOUR_MS,
    runMaxMs: 25 * MINUTE_MS,
    note:
      'Before the open: a fresh picture of the broker, and every trade that holds shares is compared ' +
      'with it. What is not protected as it should be is repaired, and told to a person if it stays so.',
  },
  'daily-reset': {
    name: 'daily-reset',
    workflow: 'dailyReset',
    times: [{ hour: 9, minute: 30, days: 'weekdays' }],
    tradingDaysOnly: true,
    // A day's beginning is of use until the next one's.
    catchUpMs: 23 * HOUR_MS,
    runMaxMs: 23 * HOUR_MS,
    note:
      'The open: the equity that the daily loss is measured from is written down, once for each account ' +
      'and day. A late run wipes no loss of the day; a second one changes nothing.',
  },
  reconcile: {
    name: 'reconcile',
    workflow: 'reconcile',
    // Around the session, its ends included, those of half days too.
    times: [{ hour: 9, minute: 0, days: 'weekdays', every: { minutes: 5, untilHour: 16 } }],
    takesTrigger: true,
    tradingDaysOnly: false,
    // The next one does the same.
    catchUpMs: 5 * MINUTE_MS,
    runMaxMs: 30 * MINUTE_MS,
    note:
      'In market hours: books and broker are compared; what differs is mended where evidence says how, ' +
      'and else told to a person.',
  },
  'end-of-day': {
    name: 'end-of-day',
    workflow: 'endOfDay',
    // Five minutes after either close; on a full day the first of them finds the exchange open.
    times: [
      { hour: 13, minute: 5, days: 'weekdays' },
      { hour: 16, minute: 5, days: 'weekdays' },
    ],
    tradingDaysOnly: true,
    // Until the next day's open its values are those of the close, or after it.
    catchUpMs: 17 * HOUR_MS,
    runMaxMs: 2 * HOUR_MS,
    note:
      "After the close: the equity at the close, which the next day's loss is measured from, and the " +
      "day's summary. Early closes are known; rows are archived if a setting says so.",
  },
  'midnight-sweep': {
    name: 'midnight-sweep',
    workflow: 'midnightSweep',
    // Twenty minutes before the broker's nightly reset, and forty before its lists begin anew.
    times: [{ hour: 23, minute: 20, days: 'every day' }],
    // An order of unknown fate vanishes from the broker's lists at any midnight.
    tradingDaysOnly: false,
    // After midnight there is nothing left to sweep.
    catchUpMs: 20 * MINUTE_MS,
    runMaxMs: 40 * MINUTE_MS,
    note:
      "Before the broker's midnight: executions and completed orders are fetched and booked once more, " +
      'and what is of unknown fate is looked up while it can still be proven.',
  },
};

/** Whether a text names a job. */
export function isJobName(name: string): name is JobName {
  return Object.hasOwn(JOBS, name);
}
