/** Every case, in the order in which they are played. */
import type { Case } from './case.js';

export const CASES: readonly Case[] = [];
