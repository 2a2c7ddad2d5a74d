/** The suite: every case, by its number. A number is never given to another case. */
import { BRACKETS } from './cases/brackets.js';
import { CHANGES } from './cases/changes.js';
import { CONNECTION } from './cases/connection.js';
import { FILLS } from './cases/fills.js';
import { GROUPS } from './cases/groups.js';
import { HONESTY } from './cases/honesty.js';
import { OUTAGES } from './cases/outages.js';
import { PART_FILLS } from './cases/part-fills.js';
import { PICTURES } from './cases/pictures.js';
import { REFUSALS } from './cases/refusals.js';
import { RESTING } from './cases/resting.js';
import { TURNS } from './cases/turns.js';
import type { Case } from './case.js';

export const SUITE: readonly Case[] = [
  ...CONNECTION,
  ...RESTING,
  ...FILLS,
  ...PART_FILLS,
  ...CHANGES,
  ...BRACKETS,
  ...GROUPS,
  ...REFUSALS,
  ...TURNS,
  ...PICTURES,
  ...OUTAGES,
  ...HONESTY,
];
