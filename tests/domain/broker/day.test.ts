/** When a broker's lists prove nothing of a send: another day, or the nightly reset. */
import { expect, test } from '@jest/globals';
import { CAPABILITIES } from '../../../broker/ibkr/capabilities.js';
import { brokerDayOf, isBlindTo } from '../../../domain/broker/day.js';

const { day } = CAPABILITIES;

test.each([
  ['in the afternoon of its day', '2026-04-06', '2026-04-06T15:00:00-04:00', false],
  ['right before the reset', '2026-04-06', '2026-04-06T23:39:59-04:00', false],
  ['in the reset', '2026-04-06', '2026-04-06T23:40:00-04:00', true],
  ['after midnight, in the reset', '2026-04-07', '2026-04-07T00:44:59-04:00', true],
  ['after the reset, of the new day', '2026-04-07', '2026-04-07T00:45:00-04:00', false],
  ['on the next day', '2026-04-06', '2026-04-07T10:00:00-04:00', true],
  ['in winter time', '2026-01-06', '2026-01-06T23:39:00-05:00', false],
])('[BRK-2] blind to a send: %s', (_title, claimDay, now, blind) => {
  expect(isBlindTo(day, claimDay, Date.parse(now))).toBe(blind);
});

test('[BRK-2] a reset within one day, in another zone', () => {
  const other = { zone: 'Europe/Berlin', resetFromMinute: 60, resetToMinute: 120 };
  const at = (iso: string) => Date.parse(iso);
  expect(brokerDayOf(other, at('2026-04-06T23:30:00Z'))).toBe('2026-04-07');
  expect(isBlindTo(other, '2026-04-07', at('2026-04-07T01:30:00+02:00'))).toBe(true);
  expect(isBlindTo(other, '2026-04-07', at('2026-04-07T02:00:00+02:00'))).toBe(false);
});
