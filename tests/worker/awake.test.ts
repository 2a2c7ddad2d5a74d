/** Silence is counted in one's own running time: who was paused can't say that another was silent. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { countedMs, SilenceWatch } from '../../worker/awake.js';

test('[BRK-1] a late tick counts whole, one after a pause counts for one', () => {
  expect(countedMs(50, 50)).toBe(50);
  expect(countedMs(140, 50)).toBe(140);
  expect(countedMs(9_000, 50)).toBe(50);
});

test('[BRK-1] silence is told once, after the limit, and not while something is noted', async () => {
  let told = 0;
  const watch = new SilenceWatch(200, () => (told += 1));
  await sleep(300);
  expect(told).toBe(0); // not before the first note
  for (let note = 0; note < 8; note += 1) {
    watch.note();
    await sleep(50);
  }
  expect(told).toBe(0);
  await sleep(400);
  expect(told).toBe(1);
  watch.stop();
});
