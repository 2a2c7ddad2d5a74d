import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import { dayKind } from '../../gateway/market/calendar.js';
import { createSessions } from '../../gateway/market/sessions.js';

const truth = JSON.parse(
  readFileSync(new URL('./fixtures/nyse-2024-2027.json', import.meta.url), 'utf8'),
) as { from: string; to: string; closedWeekdays: string[]; earlyCloses: string[] };

const at = (iso: string): number => Date.parse(iso);

test('every day from 2024 to 2027 is as exchange_calendars has it', () => {
  const closed: string[] = [];
  const half: string[] = [];
  const end = Temporal.PlainDate.from(truth.to);
  let date = Temporal.PlainDate.from(truth.from);
  while (Temporal.PlainDate.compare(date, end) <= 0) {
    const kind = dayKind(date);
    if (kind === 'closed' && date.dayOfWeek <= 5) closed.push(date.toString());
    if (kind === 'half') half.push(date.toString());
    if (date.dayOfWeek > 5) expect(kind).toBe('closed');
    date = date.add({ days: 1 });
  }
  expect(closed).toEqual(truth.closedWeekdays);
  expect(half).toEqual(truth.earlyCloses);
});

test('exchange hours: half day, holiday, both zones', () => {
  const sessions = createSessions('exchange');
  expect(sessions.isRegularSession(at('2026-11-27T12:59:59-05:00'))).toBe(true);
  expect(sessions.isRegularSession(at('2026-11-27T13:00:00-05:00'))).toBe(false);
  expect(sessions.isTradingSession(at('2026-11-27T16:59:00-05:00'))).toBe(true);
  expect(sessions.isTradingSession(at('2026-11-26T12:00:00-05:00'))).toBe(false);
  expect(sessions.isRegularSession(at('2026-07-01T09:30:00-04:00'))).toBe(true);
  expect(sessions.isRegularSession(at('2026-07-01T09:29:59-04:00'))).toBe(false);
  expect(sessions.nextRegularOpenMs(at('2026-11-25T17:00:00-05:00'))).toBe(
    at('2026-11-27T09:30:00-05:00'),
  );
  expect(sessions.regularCloseMs(at('2026-11-27T10:00:00-05:00'))).toBe(
    at('2026-11-27T13:00:00-05:00'),
  );
  expect(sessions.liquidHoursText(at('2026-11-25T17:00:00-05:00'))).toBe(
    '20261125:0930-20261125:1600;20261126:CLOSED;20261127:0930-20261127:1300;20261128:CLOSED;' +
      '20261129:CLOSED;20261130:0930-20261130:1600;20261201:0930-20261201:1600',
  );
  expect(sessions.tradingHoursText(at('2026-11-27T05:00:00-05:00'))).toMatch(
    /^20261127:0400-20261127:1700;20261128:CLOSED/,
  );
});

test('always: every instant is in session, days follow one another', () => {
  const sessions = createSessions('always');
  const sunday = at('2026-11-29T03:00:00-05:00');
  expect(sessions.isRegularSession(sunday)).toBe(true);
  expect(sessions.regularCloseMs(sunday)).toBe(at('2026-11-30T00:00:00-05:00'));
  expect(sessions.liquidHoursText(sunday)).toMatch(/^20261129:0000-20261130:0000;20261130:0000-/);
});

test('closed by hand: no session until then, and the usual ones after it', () => {
  const sessions = createSessions('exchange');
  const monday = at('2026-04-06T11:00:00-04:00');
  sessions.closeUntil(at('2026-04-07T10:15:00-04:00'));
  expect(sessions.isRegularSession(monday)).toBe(false);
  expect(sessions.nextRegularOpenMs(monday)).toBe(at('2026-04-07T10:15:00-04:00'));
  expect(sessions.liquidHoursText(monday)).toMatch(
    /^20260406:CLOSED;20260407:1015-20260407:1600;20260408:0930-/,
  );
  sessions.closeUntil(null);
  expect(sessions.isRegularSession(monday)).toBe(true);
  expect(() => sessions.closeUntil(monday + 1)).toThrow(RangeError);
});
