/** Hours texts, the broker's day and the reset, over clock changes, half days and bad input. */
import { describe, expect, test } from '@jest/globals';
import {
  brokerDay,
  brokerDayStart,
  isTradingDay,
  lastReset,
  tradingDay,
} from '../../domain/calendar.js';
import { covers, isOpen, nextOpen, parseHours, sessionClose } from '../../domain/hours.js';
import { ianaZone, instantOf, wallTimeAt } from '../../domain/zone.js';

const at = (iso: string) => Date.parse(iso);
const parsed = (hours: string, zone = 'US/Eastern') => {
  const result = parseHours(hours, zone);
  if (result === null) throw new Error(`not parsed: ${hours}`);
  return result;
};

describe('hours texts as IBKR sends them', () => {
  const hours = parsed('20260405:CLOSED;20260406:0930-20260406:1600;20260407:0930-20260407:1300');

  test('open from the first minute, closed from the last', () => {
    expect(isOpen(hours, at('2026-04-06T09:29:59-04:00'))).toBe(false);
    expect(isOpen(hours, at('2026-04-06T09:30:00-04:00'))).toBe(true);
    expect(isOpen(hours, at('2026-04-06T15:59:59.999-04:00'))).toBe(true);
    expect(isOpen(hours, at('2026-04-06T16:00:00-04:00'))).toBe(false);
  });

  test('[SIG-5] the next open and the close, half days included', () => {
    expect(nextOpen(hours, at('2026-04-05T12:00:00-04:00'))).toBe(at('2026-04-06T09:30:00-04:00'));
    expect(nextOpen(hours, at('2026-04-06T12:00:00-04:00'))).toBe(at('2026-04-07T09:30:00-04:00'));
    expect(nextOpen(hours, at('2026-04-07T12:00:00-04:00'))).toBeNull();
    expect(sessionClose(hours, at('2026-04-07T12:00:00-04:00'))).toBe(
      at('2026-04-07T13:00:00-04:00'),
    );
    expect(sessionClose(hours, at('2026-04-07T13:00:00-04:00'))).toBeNull();
  });

  test('what the text says nothing of', () => {
    expect(covers(hours, at('2026-04-04T23:59:00-04:00'))).toBe(false);
    expect(covers(hours, at('2026-04-05T00:00:00-04:00'))).toBe(true);
    expect(covers(hours, at('2026-04-07T23:59:00-04:00'))).toBe(true);
    expect(covers(hours, at('2026-04-08T00:00:00-04:00'))).toBe(false);
  });

  test('several sessions a day, over midnight, in the older form, and to 24:00', () => {
    const asia = parsed('20260406:0930-20260406:1130,20260406:1230-20260406:1500', 'Japan');
    expect(asia.sessions).toHaveLength(2);
    expect(isOpen(asia, at('2026-04-06T12:00:00+09:00'))).toBe(false);
    const night = parsed('20260405:1800-20260406:1700');
    expect(isOpen(night, at('2026-04-06T03:00:00-04:00'))).toBe(true);
    expect(covers(night, at('2026-04-06T16:59:00-04:00'))).toBe(true);
    const old = parsed('20260406:0700-1830,1830-2330');
    expect(sessionClose(old, at('2026-04-06T19:00:00-04:00'))).toBe(
      at('2026-04-06T23:30:00-04:00'),
    );
    const always = parsed('20260406:0000-20260406:2400;20260407:0000-20260407:2400');
    expect(isOpen(always, at('2026-04-06T23:59:59-04:00'))).toBe(true);
    expect(isOpen(always, at('2026-04-07T00:00:00-04:00'))).toBe(true);
  });

  test('days over both clock changes', () => {
    const spring = parsed('20260308:0930-20260308:1600;20260309:0930-20260309:1600');
    expect(spring.sessions[0]!.openMs).toBe(at('2026-03-08T13:30:00Z'));
    const autumn = parsed('20261030:0930-20261030:1600;20261102:0930-20261102:1600');
    expect(autumn.sessions.map(({ openMs }) => openMs)).toStrictEqual([
      at('2026-10-30T13:30:00Z'),
      at('2026-11-02T14:30:00Z'),
    ]);
  });

  test.each([
    ['nothing', ''],
    ['only separators', ';;'],
    ['no times', '20260406'],
    ['a date that does not exist', '20260231:0930-20260231:1600'],
    ['an hour that does not exist', '20260406:2500-20260406:2600'],
    ['a minute that does not exist', '20260406:0960-20260406:1600'],
    ['an end before its start', '20260406:1600-20260406:0930'],
    ['a closed day that does not exist', '20261301:CLOSED'],
    ['other words', 'open'],
    ['too many days', '20260406:CLOSED;'.repeat(101)],
    ['a bad end date', '20260406:0930-20260231:1600'],
  ])('bad input gives null: %s', (_name, hours) => {
    expect(parseHours(hours, 'US/Eastern')).toBeNull();
  });

  test('an unknown zone gives null', () => {
    expect(parseHours('20260406:CLOSED', 'Mars/Olympus')).toBeNull();
  });
});

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
