/** Lists are read page by page: each says by which cursor the next one is asked for. */
import { z } from 'zod';
import { Problem } from './problems.js';
import type { Answer } from './route.js';

/** What a list gives unless it is told. */
const LIMIT_DEFAULT = 50;
/** Pages are for reading; the CSV of a list has it whole. */
const LIMIT_MAX = 200;

const limit = z.coerce
  .number()
  .int()
  .min(1)
  .max(LIMIT_MAX)
  .default(LIMIT_DEFAULT)
  .meta({ description: 'So many at the most.' });

const CURSOR = '`next_cursor` of the page before; without it the newest.';

/** The query of a list whose rows have UUIDs. */
export const pageQuery = {
  limit,
  cursor: z.uuid().optional().meta({ description: CURSOR }),
};

/** The query of a list whose rows are counted. */
export const countedQuery = {
  limit,
  cursor: z
    .string()
    .regex(/^[1-9]\d{0,17}$/)
    .optional()
    .meta({ description: CURSOR }),
};

/** The query of a list that gives its newest alone. */
export const newestQuery = { limit };

export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

/**
 * A page of rows that were asked for with one more than its limit.
 * @param idOf names a row for the cursor
 */
export function pageOf<T>(rows: readonly T[], most: number, idOf: (row: T) => string): Page<T> {
  const items = rows.slice(0, most);
  const last = items.at(-1);
  const hasMore = rows.length > most && last !== undefined;
  return { items, next_cursor: hasMore ? idOf(last) : null };
}

/** How a page is described. */
export function pageAnswer(item: z.ZodType, description: string): Record<number, Answer> {
  const schema = z.object({ items: z.array(item), next_cursor: z.string().nullable() });
  return { 200: { description, schema } };
}

/** How a list is described that is given whole. */
export function listAnswer(item: z.ZodType, description: string): Record<number, Answer> {
  return { 200: { description, schema: z.object({ items: z.array(item) }) } };
}

/** A cursor must be of a row of the user's: else the list would seem to end. @throws Problem */
export async function checkCursor(
  cursor: string | undefined,
  isKnown: (cursor: string) => Promise<boolean>,
): Promise<void> {
  if (cursor === undefined || (await isKnown(cursor))) return;
  throw new Problem('INVALID_CURSOR', 'the cursor is of no page of this list: begin without one');
}
