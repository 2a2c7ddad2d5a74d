/** When entries are parked (BRK-8), by the clock of New York, with its changes of time. */
import { describe, expect, test } from '@jest/globals';
import { CAPABILITIES } from '../../../broker/ibkr/capabilities.js';
import { parkedBy } from '../../../domain/broker/parking.js';

const { day, weeklyLogin } = CAPABILITIES;

/** A Tuesday in winter: New York is five hours behind. */
const at = (text: string) => Date.parse(text);
const parked = (now: string, facts: { down?: string; picture?: string } = {}) =>
  parkedBy(day, weeklyLogin, {
    nowMs: at(now),
    downSinceMs: facts.down === undefined ? null : at(facts.down),
    pictureAtMs: facts.picture === undefined ? at(now) : at(facts.picture),
  });

describe('[BRK-8] entries are parked', () => {
  test('from 23:40 to 00:45 in New York, over midnight', () => {
    expect(parked('2026-01-14T04:39:59Z')).toBeNull();
    const reset = { reason: expect.stringContaining('nightly reset') };
    const untilMs = at('2026-01-14T05:45:00Z');
    expect(parked('2026-01-14T04:40:00Z')).toEqual({ ...reset, untilMs });
    expect(parked('2026-01-14T05:00:00Z')).toEqual({ ...reset, untilMs });
    expect(parked('2026-01-14T05:44:59Z')).toEqual({ ...reset, untilMs });
    expect(parked('2026-01-14T05:45:00Z')).toBeNull();
  });

  test('by the clock of New York where it changes: an hour earlier in summer', () => {
    expect(parked('2026-07-14T03:40:00Z')?.untilMs).toBe(at('2026-07-14T04:45:00Z'));
    expect(parked('2026-07-14T04:50:00Z')).toBeNull();
    // The night before the change of Sunday, 8 March 2026, at two o'clock.
    expect(parked('2026-03-08T04:50:00Z')?.untilMs).toBe(at('2026-03-08T05:45:00Z'));
  });

  test('after the reset until a picture was begun after it', () => {
    const before = { picture: '2026-01-14T04:39:00Z' };
    expect(parked('2026-01-14T05:46:00Z', before)).toEqual({
      reason: expect.stringContaining('first picture'),
      untilMs: null,
    });
    expect(parked('2026-01-14T05:46:00Z', { picture: '2026-01-14T05:45:10Z' })).toBeNull();
    // A picture of the afternoon is of after the last night.
    expect(parked('2026-01-14T19:00:00Z', { picture: '2026-01-14T18:59:30Z' })).toBeNull();
  });

  test('on Sunday from one o’clock while the link is down, and not while it is up', () => {
    const down = { down: '2026-01-18T06:05:00Z' };
    expect(parked('2026-01-18T12:00:00Z', down)?.reason).toContain('weekly login');
    expect(parked('2026-01-18T12:00:00Z')).toBeNull();
    expect(parked('2026-01-18T05:55:00Z', down)).toBeNull();
    expect(parked('2026-01-19T12:00:00Z', down)).toBeNull();
  });
});
