/** What a trading day begins with, however late that is written down. */
import { describe, expect, test } from '@jest/globals';
import { areOfClose, isPast, startEquity, type DayStart } from '../../../domain/schedules/day.js';

const at = (text: string) => Date.parse(text);

const START: DayStart = {
  day: '2026-11-24',
  previousClose: null,
  netLiquidation: '97000',
  valuesAtMs: at('2026-11-24T14:30:20Z'),
  realizedSinceOpen: '0',
};

describe('[RSK-8] the equity that a day begins with', () => {
  test('is that of the previous close, so that an overnight gap counts', () => {
    const start = startEquity({ ...START, previousClose: '100000' });
    expect(start).toEqual({ equity: '100000', source: 'close' });
  });

  test('is the present one when no close was written down', () => {
    expect(startEquity(START)).toEqual({ equity: '97000', source: 'reset' });
  });

  test('[SCH-1] a late reset wipes no loss of the day', () => {
    const late = { ...START, valuesAtMs: at('2026-11-24T19:00:00Z') };
    expect(startEquity({ ...late, realizedSinceOpen: '-3000' })).toEqual({
      equity: '100000',
      source: 'late',
    });
    // A gain that is given back counts, so it is no reason for a lower beginning.
    expect(startEquity({ ...late, realizedSinceOpen: '500' }).equity).toBe('97000');
  });
});

describe('[SCH-1] which day an instant is of', () => {
  test('a reset of yesterday that runs today is past', () => {
    expect(isPast('2026-11-23', at('2026-11-24T14:31:00Z'))).toBe(true);
    expect(isPast('2026-11-23', at('2026-11-24T14:29:00Z'))).toBe(false);
    expect(isPast('2026-11-24', at('2026-11-24T14:31:00Z'))).toBe(false);
    // The worker's clock is a moment behind the server's.
    expect(isPast('2026-11-24', at('2026-11-24T14:29:59Z'))).toBe(false);
    // Over a holiday the day before it goes on.
    expect(isPast('2026-11-25', at('2026-11-26T18:00:00Z'))).toBe(false);
  });

  test('values are those of a close from the close to the next open, over half days and weekends', () => {
    expect(areOfClose('2026-11-27', at('2026-11-27T17:59:00Z'))).toBe(false);
    expect(areOfClose('2026-11-27', at('2026-11-27T18:01:00Z'))).toBe(true);
    expect(areOfClose('2026-11-27', at('2026-11-30T14:29:00Z'))).toBe(true);
    expect(areOfClose('2026-11-27', at('2026-11-30T14:30:00Z'))).toBe(false);
    expect(areOfClose('2026-11-26', at('2026-11-26T22:00:00Z'))).toBe(false);
  });
});
