/** The exchange's days by rule, against the calendar that the paper gateway takes from elsewhere. */
import { describe, expect, test } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import {
  closeOf,
  dayKind,
  nextTradingDay,
  openOf,
  previousTradingDay,
} from '../../../domain/exchange-days.js';
import { dayKind as gatewayDayKind } from '../../../gateway/market/calendar.js';

const FIRST_YEAR = 2015;
const YEARS = 30;

test('[SCH-1] every day of thirty years is what an independent calendar says', () => {
  let date = Temporal.PlainDate.from(`${FIRST_YEAR}-01-01`);
  const end = date.add({ years: YEARS });
  const wrong: string[] = [];
  let closed = 0;
  for (; Temporal.PlainDate.compare(date, end) < 0; date = date.add({ days: 1 })) {
    const day = date.toString();
    if (dayKind(day) === 'closed') closed += 1;
    if (dayKind(day) !== gatewayDayKind(date)) {
      wrong.push(`${day}: ${dayKind(day)}, not ${gatewayDayKind(date)}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(closed).toBeGreaterThan(YEARS * 110);
});

describe('[SCH-1] days as the exchange has published them', () => {
  test.each([
    ['2026-11-26', 'closed'], // Thanksgiving
    ['2026-11-27', 'half'],
    ['2026-12-24', 'half'],
    ['2026-12-25', 'closed'],
    ['2026-07-03', 'closed'], // the 4th is a Saturday
    ['2027-07-05', 'closed'], // … and a Sunday
    ['2027-12-24', 'closed'],
    ['2028-07-03', 'half'],
    ['2021-12-31', 'full'], // New Year's Day on a Saturday is not moved
    ['2027-03-26', 'closed'], // Good Friday
    ['2025-01-09', 'closed'], // a day of mourning
    ['2026-11-21', 'closed'], // a Saturday
  ])('%s is %s', (date, kind) => {
    expect(dayKind(date)).toBe(kind);
  });
});

test('[SCH-1] opens and closes are those of the wall clock, on both sides of each change', () => {
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  expect(iso(openOf('2027-03-12'))).toBe('2027-03-12T14:30:00.000Z');
  expect(iso(openOf('2027-03-15'))).toBe('2027-03-15T13:30:00.000Z');
  expect(iso(closeOf('2027-11-05'))).toBe('2027-11-05T20:00:00.000Z');
  expect(iso(closeOf('2027-11-08'))).toBe('2027-11-08T21:00:00.000Z');
  expect(iso(closeOf('2026-11-27'))).toBe('2026-11-27T18:00:00.000Z');
  expect(closeOf('2026-11-26')).toBeNull();
});

test('[SCH-1] trading days are counted over weekends and holidays', () => {
  expect(nextTradingDay('2026-11-25')).toBe('2026-11-27');
  expect(previousTradingDay('2026-11-30')).toBe('2026-11-27');
  expect(nextTradingDay('2026-12-31')).toBe('2027-01-04');
});
