/** What a session does follows from its seed, and leaves nothing out. */
import { describe, expect, test } from '@jest/globals';
import { OCCASIONS } from '../../chaos/disturb/failpoints.js';
import { FAULTS_USED } from '../../chaos/disturb/faults.js';
import { INNER_MENU, MENU, OUTER_MENU } from '../../chaos/disturb/menu.js';
import { NAMED_PAIRS, planRun } from '../../chaos/plan.js';
import { planTrades } from '../../chaos/traffic/plan.js';
import { FAILPOINT_NAMES } from '../../failpoints/table.js';
import { FAULT_NAMES } from '../../gateway/fault-menu.js';
import { Random } from '../../gateway/market/random.js';

const SYMBOLS = Array.from({ length: 24 }, (_, index) => `S${index}`);

function names(seed: number, runs: number): string[][] {
  return Array.from({ length: runs }, (_, index) =>
    planRun(seed, index + 1, MENU).disturbances.map(({ name }) => name),
  );
}

describe('the plan of a session', () => {
  test('[PRF-2] the same seed plans the same runs, and any one of them alone', () => {
    expect(names(7, 50)).toEqual(names(7, 50));
    const { run, seed, strikeAtMs } = planRun(7, 33, MENU);
    expect(planRun(7, 33, MENU)).toMatchObject({ run, seed, strikeAtMs });
    expect(names(8, 50)).not.toEqual(names(7, 50));
  });

  test('[PRF-2] every disturbance comes once before any comes again', () => {
    const first = names(1, 3 * MENU.length).map(([name]) => name!);
    for (const menu of [OUTER_MENU, INNER_MENU]) {
      const known = new Set(menu.map(({ name }) => name));
      const round = first.filter((name) => known.has(name)).slice(0, menu.length);
      expect(new Set(round).size).toBe(menu.length);
    }
  });

  test('[PRF-2] some runs have two disturbances at a time', () => {
    const pairs = names(1, 200).filter((run) => run.length === 2);
    expect(pairs.length).toBeGreaterThan(25);
    expect(pairs.length).toBeLessThan(100);
  });

  test('[PRF-2] the stack is made anew now and then, and for the first run', () => {
    const fresh = Array.from({ length: 100 }, (_, index) => index + 1).filter(
      (run) => planRun(3, run, MENU).freshStack,
    );
    expect(fresh[0]).toBe(1);
    expect(fresh.length).toBeGreaterThanOrEqual(6);
    expect(fresh.length).toBeLessThanOrEqual(14);
  });

  test('[PRF-2] a run alone stands on the broker that it stood on in the session', () => {
    const all = Array.from({ length: 40 }, (_, index) => planRun(3, index + 1, MENU));
    let begun = all[0]!;
    for (const plan of all) {
      if (plan.freshStack) begun = plan;
      expect([plan.switchIndex, plan.stackSeed]).toEqual([begun.switchIndex, begun.stackSeed]);
    }
  });

  test('[PRF-2] no disturbance is its own partner, however few there are', () => {
    for (const menu of [MENU.slice(0, 1), INNER_MENU.slice(0, 2), OUTER_MENU.slice(0, 2)]) {
      for (let run = 1; run <= 40; run += 1) {
        const planned = planRun(1, run, menu).disturbances.map(({ name }) => name);
        expect(new Set(planned).size).toBe(planned.length);
      }
    }
  });

  test('names are unique, and named pairs name what there is', () => {
    const all = MENU.map(({ name }) => name);
    expect(new Set(all).size).toBe(all.length);
    for (const name of NAMED_PAIRS.flat()) expect(all).toContain(name);
  });

  test('[PRF-2, GWY-5] every fault of the gateway is used, and no other', () => {
    // What `cut-broker` does counts too.
    const used = [...FAULTS_USED, 'connection-cut'];
    expect(used.sort()).toEqual([...FAULT_NAMES].sort());
  });
});

describe('the trades of a run', () => {
  test('[PRF-2] are ten or more, with every kind of end, and two of them in one contract', () => {
    const trades = planTrades(new Random(5), 1, SYMBOLS);
    expect(trades.length).toBeGreaterThanOrEqual(10);
    expect(new Set(trades.map(({ ending }) => ending)).size).toBe(6);
    expect(new Set(trades.map(({ symbol }) => symbol)).size).toBe(trades.length - 1);
    expect(new Set(trades.map(({ name }) => name)).size).toBe(trades.length);
  });
});

test('[PRF-2] each occasion is of failpoints that there are', () => {
  const points = FAILPOINT_NAMES as readonly string[];
  const idle = OCCASIONS.filter(
    ([beginning]) => !points.some((name) => name.startsWith(beginning)),
  );
  expect(idle.map(([beginning]) => beginning)).toEqual([]);
});
