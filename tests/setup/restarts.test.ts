/** A dead child comes back sooner or later, but not for ever. */
import { expect, test } from '@jest/globals';
import { DEATHS_MAX, WINDOW_MS, judgeDeath } from '../../supervisor/restarts.js';

test('[OPS-1] each further death within the window doubles the pause', () => {
  const delays = [1, 2, 3, 4].map((deaths) => {
    const verdict = judgeDeath(
      Array.from({ length: deaths }, (_, index) => index),
      1_000,
    );
    return verdict.kind === 'restart' ? verdict.delayMs : -1;
  });
  expect(delays).toEqual([1_000, 2_000, 4_000, 8_000]);
});

test('[OPS-1] the fifth death within a minute ends it', () => {
  const within = Array.from({ length: DEATHS_MAX }, (_, index) => index * 1_000);
  expect(judgeDeath(within, 0)).toEqual({ kind: 'give-up' });
});

test('old deaths are forgotten', () => {
  const spread = Array.from({ length: 20 }, (_, index) => index * WINDOW_MS);
  expect(judgeDeath(spread, 1_000)).toEqual({ kind: 'restart', delayMs: 1_000 });
});

test('the pause has a limit', () => {
  expect(judgeDeath([1, 2, 3, 4], 60_000)).toEqual({ kind: 'restart', delayMs: 15_000 });
});
