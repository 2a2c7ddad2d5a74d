/** Limits in the settings of an account or a strategy, as a hand may have written them. */
import { describe, expect, test } from '@jest/globals';
import { readLimits } from '../../contract/stored-limits.js';
import { DEFAULT_LIMITS, type RiskLimits } from '../../domain/risk/limits.js';

const read = (settings: unknown) => readLimits(settings, 'strategy s');

describe('[RSK-1] limits in settings', () => {
  test('the defaults are of their own kinds, each', () => {
    expect(read(DEFAULT_LIMITS)).toEqual({ limits: DEFAULT_LIMITS, problems: [] });
    expect(read({})).toEqual({ limits: {}, problems: [] });
  });

  test.each(Object.keys(DEFAULT_LIMITS) as (keyof RiskLimits)[])(
    '%s that is of no kind is named, with what is allowed',
    (name) => {
      const { limits, problems } = read({ [name]: { of: 'no kind' } });
      expect(limits).toEqual({});
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(
        new RegExp(`^settings of strategy s: ${name} is \\{"of":"no kind"\\}, allowed is .{10}`),
      );
    },
  );

  test.each<[Record<string, unknown>, RegExp]>([
    [
      { maxPositionPct: '20' },
      /maxPositionPct is "20", allowed is a decimal in quotes from "0" to "1"/,
    ],
    [{ maxPositionPct: 0.2 }, /maxPositionPct is 0.2, allowed is a decimal in quotes/],
    [{ maxPositionPct: '20%' }, /maxPositionPct is "20%", allowed/],
    [{ maxPositionPct: null }, /maxPositionPct is null, allowed/],
    [
      { maxPositonPct: '0.2' },
      /^settings of strategy s: there is no limit maxPositonPct \("0.2"\)$/,
    ],
    [
      { maxTradesPerDay: '5' },
      /maxTradesPerDay is "5", allowed is a whole number from 0 to \d+, or null$/,
    ],
    [{ maxTradesPerDay: -1 }, /maxTradesPerDay is -1/],
    [{ allowShort: 'false' }, /allowShort is "false", allowed is true or false$/],
    [{ approval: 'yes' }, /approval is "yes", allowed is "none" or "required"$/],
    [{ dailyLossPct: '-0.03' }, /dailyLossPct is "-0.03"/],
    [
      { riskCategories: { small: '0.01' } },
      /riskCategories is .*, allowed is small, normal and large/,
    ],
    [{ __proto__: null, constructor: 1 }, /there is no limit constructor/],
  ])('%j is told', (settings, told) => {
    const { limits, problems } = read(settings);
    expect(limits).toEqual({});
    expect(problems).toEqual([expect.stringMatching(told)]);
  });

  test('one that is wrong takes no other with it', () => {
    const { limits, problems } = read({ maxQuantity: 'many', maxOpenPositions: 3, lossStreak: 2 });
    expect(limits).toEqual({ maxOpenPositions: 3, lossStreak: 2 });
    expect(problems).toHaveLength(1);
  });

  test.each([[null], ['x'], [[]], [7]])('%j are no settings', (settings) => {
    expect(read(settings)).toEqual({
      limits: {},
      problems: ['settings of strategy s: they are no JSON object'],
    });
  });

  test('null switches off what may be off', () => {
    const off = { maxSectorExposurePct: null, maxTradesPerDay: null, drawdownPct: null };
    expect(read(off)).toEqual({ limits: off, problems: [] });
  });
});
