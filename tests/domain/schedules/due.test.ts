/** When jobs are due, and what a run of each instant has to do: a test clock, no server. */
import { describe, expect, test } from '@jest/globals';
import { dueOf } from '../../../domain/schedules/due.js';
import { JOBS, type JobName } from '../../../domain/schedules/jobs.js';
import { NEW_YORK, wallTimeAt } from '../../../domain/zone.js';
import { nextDue, timesOf } from './next-due.js';

const at = (text: string) => Date.parse(text);
/** All but what comes every few minutes: a year of that is long, and the server's clock is asked instead. */
const NAMES = (Object.keys(JOBS) as JobName[]).filter((name) => !JOBS[name].times[0]?.every);
const HOUR_MS = 3_600_000;

describe('[SCH-1] a year of the clock', () => {
  test.each(NAMES)('%s is due at its wall-clock times only, over both changes', (name) => {
    const job = JOBS[name];
    const wanted = new Set(timesOf(job).map(({ hour, minute }) => `${hour}:${minute}`));
    const end = at('2028-01-01T05:00:00Z');
    const perDay = new Map<string, number>();
    for (let ms = nextDue(job, at('2027-01-01T05:00:00Z')); ms < end; ms = nextDue(job, ms)) {
      const { year, month, day, hour, minute } = wallTimeAt(ms, NEW_YORK);
      expect(wanted).toContain(`${hour}:${minute}`);
      const date = `${year}-${month}-${day}`;
      perDay.set(date, (perDay.get(date) ?? 0) + 1);
    }
    // Once for each time of a day: none is left out in March, and none comes twice in November.
    expect(new Set(perDay.values())).toEqual(new Set([timesOf(job).length]));
    expect(perDay.size).toBe(job.times[0]?.days === 'every day' ? 365 : 261);
  });

  test('no job is due in the hour that is skipped, or comes twice', () => {
    const hours = NAMES.flatMap((name) => timesOf(JOBS[name]).map(({ hour }) => hour));
    expect(hours.filter((hour) => hour >= 1 && hour <= 2)).toEqual([]);
  });

  test('the reset moves in UTC with the change, and stays at 9:30 in New York', () => {
    const job = JOBS['daily-reset'];
    const iso = (text: string) => new Date(nextDue(job, at(text))).toISOString();
    expect(iso('2027-03-11T20:00:00Z')).toBe('2027-03-12T14:30:00.000Z');
    expect(iso('2027-03-12T20:00:00Z')).toBe('2027-03-15T13:30:00.000Z');
    expect(iso('2027-11-05T20:00:00Z')).toBe('2027-11-08T14:30:00.000Z');
  });
});

test('[REC-1] reconciliations are due every five minutes of the session, and at its end, half days too', () => {
  const isDue = (text: string) => nextDue(JOBS.reconcile, at(text) - 1) === at(text);
  for (const end of ['2026-11-25T21:00:00Z', '2026-11-27T18:00:00Z']) expect(isDue(end)).toBe(true);
  const dues: string[] = [];
  let ms = at('2026-11-25T14:00:00Z');
  for (; ms < at('2026-11-25T21:00:00Z'); ms = nextDue(JOBS.reconcile, ms)) {
    dues.push(new Date(ms).toISOString());
  }
  expect(dues).toHaveLength((7 * 60) / 5);
  expect(nextDue(JOBS.reconcile, at('2026-11-27T22:00:00Z'))).toBe(at('2026-11-30T14:00:00Z'));
});

describe('[SCH-1] holidays and half days', () => {
  test.each([
    ['daily-reset', '2026-11-26T14:30:00Z', 'is no trading day'],
    ['verify-exits', '2026-11-26T14:00:00Z', 'is no trading day'],
    ['end-of-day', '2026-11-26T21:05:00Z', 'is no trading day'],
    ['daily-reset', '2026-11-21T14:30:00Z', 'is no trading day'],
    ['end-of-day', '2026-11-25T18:05:00Z', 'the exchange is open until 16:00 in New York'],
    ['daily-reset', '2026-11-25T13:00:00Z', 'begins at 09:30'],
  ] as const)('%s of %s has nothing to do: %s', (name, due, reason) => {
    expect(dueOf(name, at(due))).toMatchObject({
      kind: 'nothing',
      reason: expect.stringContaining(reason) as unknown,
    });
  });

  test.each([
    ['daily-reset', '2026-11-25T14:30:00Z', '2026-11-25'],
    ['end-of-day', '2026-11-25T21:05:00Z', '2026-11-25'],
    ['end-of-day', '2026-11-27T18:05:00Z', '2026-11-27'], // a half day
    ['end-of-day', '2026-11-27T21:05:00Z', '2026-11-27'], // once more, which changes nothing
    ['midnight-sweep', '2026-11-26T04:20:00Z', '2026-11-25'],
    ['midnight-sweep', '2026-11-27T04:20:00Z', '2026-11-26'], // a holiday: lists end all the same
  ] as const)('%s of %s is of %s', (name, due, day) => {
    expect(dueOf(name, at(due))).toEqual({ kind: 'run', day });
  });
});

describe('[SCH-1] late runs', () => {
  test('what can be caught up ends before its use does', () => {
    expect(JOBS['daily-reset'].catchUpMs).toBeLessThan(24 * HOUR_MS);
    // 16:05 and 17 hours: before the next open.
    expect(JOBS['end-of-day'].catchUpMs).toBeLessThan(17.4 * HOUR_MS);
    // 23:20 and 20 minutes: when the broker's nightly reset begins.
    expect(JOBS['midnight-sweep'].catchUpMs).toBeLessThanOrEqual(20 * 60_000);
    expect(JOBS['midnight-sweep'].runMaxMs).toBeLessThanOrEqual(40 * 60_000);
  });

  test('a run belongs to the day that it was due on, not to the one that it runs on', () => {
    expect(dueOf('daily-reset', at('2026-11-24T14:30:00Z'))).toEqual({
      kind: 'run',
      day: '2026-11-24',
    });
  });

  test('a run of before the close that is caught up after it stands for the one of after it', () => {
    // Both were missed: the server starts the first, and leaves out what is due beside it.
    const [missed, back] = [at('2026-11-25T18:05:00Z'), at('2026-11-26T05:30:00Z')];
    expect(dueOf('end-of-day', missed, back)).toEqual({ kind: 'run', day: '2026-11-25' });
    expect(dueOf('end-of-day', missed, at('2026-11-25T20:59:00Z'))).toMatchObject({
      kind: 'nothing',
    });
  });
});
