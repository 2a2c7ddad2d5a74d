/** Zones, the broker's day and the reset, over clock changes and holidays. */
import { describe, expect, test } from '@jest/globals';
import {
  brokerDay,
  brokerDayStart,
  isTradingDay,
  lastReset,
  tradingDay,
} from '../../domain/calendar.js';
import { ianaZone, instantOf, wallTimeAt } from '../../domain/zone.js';

const at = (iso: string) => Date.parse(iso);
describe('zones', () => {
  test('old names mean their places', () => {
    expect(ianaZone('US/Eastern')).toBe('America/New_York');
    expect(ianaZone('Europe/Berlin')).toBe('Europe/Berlin');
  });

  test('wall time and back, every half hour of a year, in both hemispheres', () => {
    for (const zone of ['America/New_York', 'Australia/Sydney', 'Asia/Kolkata']) {
      for (
        let ms = at('2026-01-01T00:00:00Z');
        ms < at('2027-01-01T00:00:00Z');
        ms += 1_800_000 * 7
      ) {
        const back = instantOf(wallTimeAt(ms, zone), zone);
        // In the repeated hour the first of the two instants is meant.
        expect([0, 3_600_000]).toContain(ms - back);
      }
    }
  });

  test('the repeated hour is its first, the skipped one is after the gap', () => {
    const wall = { year: 2026, month: 11, day: 1, hour: 1, minute: 30 };
    expect(instantOf(wall, 'America/New_York')).toBe(at('2026-11-01T05:30:00Z'));
    const gap = { year: 2026, month: 3, day: 8, hour: 2, minute: 30 };
    expect(instantOf(gap, 'America/New_York')).toBe(at('2026-03-08T07:30:00Z'));
  });
});

describe('[SCH-1] [RSK-4] the broker’s day and the reset', () => {
  const holidays = new Set(['2026-04-03', '2026-05-25']);

  test('the broker’s day is New York’s', () => {
    expect(brokerDay(at('2026-04-06T03:59:00Z'))).toBe('2026-04-05');
    expect(brokerDay(at('2026-04-06T04:00:00Z'))).toBe('2026-04-06');
    expect(brokerDay(at('2026-01-06T04:59:00Z'))).toBe('2026-01-05');
    expect(brokerDayStart(at('2026-01-06T04:59:00Z'))).toBe(at('2026-01-05T00:00:00-05:00'));
    expect(brokerDayStart(at('2026-03-08T20:00:00Z'))).toBe(at('2026-03-08T00:00:00-05:00'));
  });

  test.each([
    ['before the open', '2026-04-07T09:29:59-04:00', '2026-04-06T09:30:00-04:00'],
    ['at the open', '2026-04-07T09:30:00-04:00', '2026-04-07T09:30:00-04:00'],
    ['on a Sunday after a holiday', '2026-04-05T12:00:00-04:00', '2026-04-02T09:30:00-04:00'],
    ['on a Monday holiday', '2026-05-25T12:00:00-04:00', '2026-05-22T09:30:00-04:00'],
    ['after a clock change', '2026-03-09T08:00:00-04:00', '2026-03-06T09:30:00-05:00'],
    ['over a new year', '2026-01-01T12:00:00-05:00', '2025-12-31T09:30:00-05:00'],
  ])('%s', (_name, now, reset) => {
    const days = new Set([...holidays, '2026-01-01']);
    expect(lastReset(at(now), days)).toBe(at(reset));
    expect(tradingDay(at(now), days)).toBe(reset.slice(0, 10));
  });

  test('weekends and holidays are no trading days', () => {
    const days = ['2026-04-02', '2026-04-03', '2026-04-04', '2026-04-05', '2026-04-06'];
    expect(days.map((day) => isTradingDay(day, holidays))).toStrictEqual([
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  test('a calendar without trading days is an error, not a loop', () => {
    const all = new Set(
      Array.from({ length: 30 }, (_, day) => `2026-04-${String(day + 1).padStart(2, '0')}`),
    );
    expect(() => lastReset(at('2026-04-28T12:00:00-04:00'), all)).toThrow(/no trading day/);
  });
});
