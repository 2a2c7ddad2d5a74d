/** Every interleaving within small bounds: nothing breaks, and without one of its rules something does. */
import { describe, expect, test } from '@jest/globals';
import { explore } from './explorer/search.js';
import type { Rule, State } from './explorer/state.js';

/** All searches together take half a minute; one alone may take this where everything else runs beside it. */
const SEARCH_MS = 240_000;
const TEST_MS = SEARCH_MS + 10_000;
const STATES_MAX = 400_000;

function search(faults: State['faults'], without: Rule | null = null) {
  const nowMs = () => performance.now();
  const bounds = { states: STATES_MAX, untilMs: nowMs() + SEARCH_MS, nowMs };
  const found = explore(faults, without, bounds);
  const named = Object.keys(faults).join(', ');
  console.info(
    `${without ? `without ${without}` : 'all rules'} (${named}): ${found.states} states`,
  );
  return found;
}

describe('[BRK-2] the send, with all its rules', () => {
  test.each<[string, State['faults']]>([
    ['a cut and a second copy of the activity', { cut: 1, twin: 1 }],
    ['a freeze and a cut', { freeze: 1, cut: 1 }],
    ['a lost message, another trade between, a cut', { drop: 1, noise: 1, cut: 1 }],
    ['a crash and a lost message', { crash: 1, drop: 1 }],
  ])(
    '%s: no interleaving breaks anything',
    (_name, faults) => {
      const { error, story, isExhaustive, states } = search(faults);
      expect([error, ...story]).toEqual([null]);
      expect(isExhaustive).toBe(true);
      expect(states).toBeGreaterThan(100);
    },
    TEST_MS,
  );
});

describe('[BRK-2] each rule is needed', () => {
  test.each<[Rule, string, State['faults'], RegExp]>([
    ['cas', 'a verdict compares the write', { freeze: 1, cut: 1 }, /reservation|two live/],
    ['fence', 'the sender is fenced', { twin: 1 }, /reservation|two live/],
    ['pause', 'lists count after a pause', { cut: 1 }, /reservation|two live/],
    ['ids', 'a higher id makes fresh ones', { drop: 1, noise: 1, cut: 1 }, /103/],
    ['session', 'a write belongs to its session', { cut: 1, twin: 1 }, /reservation|two live/],
  ])(
    '%s: %s',
    (without, _name, faults, expected) => {
      const { error, story } = search(faults, without);
      expect(error).toMatch(expected);
      expect(story.length).toBeGreaterThan(3);
    },
    TEST_MS,
  );
});
