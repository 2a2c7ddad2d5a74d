/** When a job of the table is due next, reckoned from its times: what the server's own reckoning is held against. */
import type { Job, JobTime } from '../../../domain/schedules/jobs.js';
import type { EpochMs } from '../../../domain/vocabulary.js';
import { instantOf, NEW_YORK, wallTimeAt, type WallTime } from '../../../domain/zone.js';

/** When a job is due next after an instant; its days of the week count, holidays don't. */
export function nextDue(job: Job, afterMs: EpochMs): EpochMs {
  const today = wallTimeAt(afterMs, NEW_YORK);
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead += 1) {
    const date = new Date(Date.UTC(today.year, today.month - 1, today.day + ahead));
    const isWeekend = date.getUTCDay() % 6 === 0;
    for (const { hour, minute, days } of timesOf(job)) {
      if (isWeekend && days === 'weekdays') continue;
      const dueMs = instantOf({ ...wallDate(date), hour, minute }, NEW_YORK);
      if (dueMs > afterMs) return dueMs;
    }
  }
  throw new RangeError(`${job.name} is not due within ${DAYS_AHEAD} days`);
}

/** Every job comes at least once from a Friday to the Monday after. */
const DAYS_AHEAD = 4;

function wallDate(date: Date): Pick<WallTime, 'year' | 'month' | 'day'> {
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** The times of a day in their order, with every repetition spelled out. */
export function timesOf({ times }: Job): readonly Omit<JobTime, 'every'>[] {
  return times.flatMap(({ every, ...first }) => {
    if (every === undefined) return [first];
    const { minutes, untilHour } = every;
    const perHour = MINUTES_PER_HOUR / minutes;
    return Array.from({ length: (untilHour - first.hour + 1) * perHour }, (_, n) => ({
      ...first,
      hour: first.hour + Math.floor(n / perHour),
      minute: (n % perHour) * minutes,
    }));
  });
}

const MINUTES_PER_HOUR = 60;
