/** How patient a trade is with what is refused or unknown. */
import { describe, expect, test } from '@jest/globals';
import { OwnClose, pauseAfterMs } from '../../workflows/trade/patience.js';

test('[TRD-16] pauses double from a second to five minutes', () => {
  expect([1, 2, 3, 9, 10, 50].map(pauseAfterMs)).toEqual([
    1_000, 2_000, 4_000, 256_000, 300_000, 300_000,
  ]);
});

describe("a trade's own close", () => {
  test('[TRD-6] is asked for when it is due, and not again once it is accepted', () => {
    const close = new OwnClose();
    expect(close.atMs(null)).toBeNull();
    expect(close.atMs(5_000)).toBe(5_000);
    close.answered('accepted', 5_000);
    expect(close.atMs(5_000)).toBeNull();
  });

  test('[TRD-16] that is refused is asked for anew, ever more seldom, each time as a new command', () => {
    const close = new OwnClose();
    const keys = [close.key('max_holding')];
    let nowMs = 5_000;
    for (const pauseMs of [1_000, 2_000, 4_000]) {
      close.answered('refused', nowMs);
      expect(close.atMs(5_000)).toBe(nowMs + pauseMs);
      nowMs += pauseMs;
      keys.push(close.key('max_holding'));
    }
    expect(keys).toEqual(['max_holding', 'max_holding-2', 'max_holding-3', 'max_holding-4']);
  });
});
