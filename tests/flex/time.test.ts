/** Times of statements, over changes of the clock. */
import { describe, expect, test } from '@jest/globals';
import { endOfDay, instantOfDay, readTime } from '../../flex/time.js';

const NEW_YORK = 'America/New_York';
const at = (written: string, zone = NEW_YORK) => {
  const atMs = readTime(written, zone)?.atMs;
  return typeof atMs === 'number' ? new Date(atMs).toISOString() : atMs;
};

describe('[REC-6] a time of a statement', () => {
  test.each([
    ['20261120;093105', '2026-11-20T14:31:05.000Z'],
    ['2026-11-20;09:31:05', '2026-11-20T14:31:05.000Z'],
    ['2026-11-20, 09:31:05', '2026-11-20T14:31:05.000Z'],
    ['2026-11-20 09:31:05', '2026-11-20T14:31:05.000Z'],
    ['20261120;093105 EST', '2026-11-20T14:31:05.000Z'],
  ])('is read as a query may write it: %s', (written, instant) => {
    expect(at(written)).toBe(instant);
  });

  test('has the offset of its day: summer and winter differ', () => {
    expect(at('20260306;093000')).toBe('2026-03-06T14:30:00.000Z');
    expect(at('20260309;093000')).toBe('2026-03-09T13:30:00.000Z');
    expect(at('20261030;160000')).toBe('2026-10-30T20:00:00.000Z');
    expect(at('20261102;160000')).toBe('2026-11-02T21:00:00.000Z');
  });

  test('in the hour that comes twice is the first, unless it says which', () => {
    expect(at('20261101;013000')).toBe('2026-11-01T05:30:00.000Z');
    expect(at('20261101;013000 EDT')).toBe('2026-11-01T05:30:00.000Z');
    expect(at('20261101;013000 EST')).toBe('2026-11-01T06:30:00.000Z');
  });

  test('in the hour that is skipped is after the gap', () => {
    expect(at('20260308;023000')).toBe('2026-03-08T07:30:00.000Z');
  });

  test('is in the zone of the statement', () => {
    expect(at('20261120;093105', 'Europe/Zurich')).toBe('2026-11-20T08:31:05.000Z');
  });

  test('may be a day alone', () => {
    expect(readTime('20261120', NEW_YORK)).toEqual({ day: '2026-11-20', atMs: null });
    expect(readTime('2026-11-20', NEW_YORK)).toEqual({ day: '2026-11-20', atMs: null });
  });

  test.each(['', '20261320', '20260229', '2026-1120', '20261120;250000', '20261120;096000', 'x'])(
    'is not %p',
    (written) => expect(readTime(written, NEW_YORK)).toBeNull(),
  );
});

test('[REC-6] a day of a changed clock has 23 or 25 hours', () => {
  const hours = (day: string) =>
    (endOfDay(day, NEW_YORK) + 1_000 - instantOfDay(day, 0, NEW_YORK)) / 3_600_000;
  expect([hours('2026-03-08'), hours('2026-11-01'), hours('2026-11-20')]).toEqual([23, 25, 24]);
});
