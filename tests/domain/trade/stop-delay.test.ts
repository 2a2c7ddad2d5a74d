/** The time from the first fill to a stop that stands. */
import { expect, test } from '@jest/globals';
import { isStopUnderWay, STOP_DUE_MS, stopDelayMs } from '../../../domain/trade/stop-delay.js';
import { PLAN, T0 } from './books.js';

const at = (executedAtMs: number, receivedAtMs = executedAtMs) => ({ executedAtMs, receivedAtMs });

test.each([
  ['nothing filled', [], [T0], null],
  ['no stop yet', [at(T0)], [null], null],
  ['a stop after the fill', [at(T0)], [T0 + 2_500], 2_500],
  ['a stop that stood before', [at(T0)], [T0 - 1_000], 0],
  ['the first of several fills and stops', [at(T0 + 9), at(T0)], [null, T0 + 50, T0 + 40], 40],
  ["a broker's clock that is ahead", [at(T0 + 60_000, T0)], [T0 + 700], 700],
  ['a fill whose time nobody told', [at(0, T0)], [T0 + 700], 700],
] as const)('[BRK-9] %s', (_, fills, stops, expected) => {
  expect(stopDelayMs(fills, stops)).toBe(expected);
});

test('[BRK-9] a stop on its way after the fill is no breach, one that does not come is', () => {
  const alone = { ...PLAN, entry: { ...PLAN.entry, goesAlone: true as const } };
  const book = { plan: alone, unarmedSinceMs: T0 };
  expect(isStopUnderWay(book, T0 + STOP_DUE_MS - 1)).toBe(true);
  expect(isStopUnderWay(book, T0 + STOP_DUE_MS)).toBe(false);
  expect(isStopUnderWay({ ...book, plan: PLAN }, T0)).toBe(false);
});
