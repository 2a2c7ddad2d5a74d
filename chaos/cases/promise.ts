/** The promise cases: a right engine passes each, and a mutant (chaos/mutants) fails it. */
import type { Case } from './case.js';
import { bound, bracket, oca } from './promise-protection.js';
import { endMarkers, lookUp, rollBack } from './promise-sends.js';
import { split } from './promise-split.js';

/** Those that share a stack first. */
export const PROMISE_CASES: readonly Case[] = [
  bracket,
  oca,
  lookUp,
  rollBack,
  endMarkers,
  bound,
  split,
];
