/** What arguments are made of. */
import { z } from 'zod';
import { name } from '../api/fields.js';

/** A list's rows stand in a model's context, each with its envelopes: a page of them is enough to go on with. */
const LIMIT_MAX = 50;
const LIMIT_DEFAULT = 20;

/** How many rows of a list are given. */
export const limit = z
  .int()
  .min(1)
  .max(LIMIT_MAX)
  .default(LIMIT_DEFAULT)
  .describe('So many at the most, the newest.');

/** Where a list goes on. */
export const cursor = z
  .uuid()
  .optional()
  .describe('next_cursor of the answer before; without it the newest.');

export const accountId = name
  .optional()
  .describe("The account's code at the broker, as DU1234567.");

/** Lists that are given whole are cut there; none of them is that long where all is well. */
const LISTED_MAX = 100;

/** The first rows of a list that has no pages, and how many are left out. */
export function firstOf<T>(
  rows: readonly T[],
  most = LISTED_MAX,
): { items: readonly T[]; left_out: number } {
  const items = rows.slice(0, most);
  return { items, left_out: rows.length - items.length };
}

/** How such a list is described. */
export function firstRows<T extends z.ZodType>(row: T) {
  return { items: z.array(row), left_out: z.int() };
}
