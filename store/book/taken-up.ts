/** A trade that was settled, and is taken up again: its earlier end is no more. */
import type { Book } from '../../domain/trade/book.js';
import { Prisma } from '../database.js';
import type { BookKeys } from './keys.js';

/** Behind the id of a trade, in what a pause followed from: that end of it was taken back. */
const TAKEN_BACK = ':taken-back';

/**
 * What is written with such a change: locks that followed from the end stay, and no longer stand in the way of those
 * that follow from the next one (RSK-4).
 */
export function takenUpParts(before: Book, after: Book, { strategyId }: BookKeys): Prisma.Sql[] {
  if (before.settledAtMs === null || after.settledAtMs !== null) return [];
  const { id } = after;
  return [
    Prisma.sql`UPDATE pauses SET evidence = array_replace(evidence, ${id}::text, ${id + TAKEN_BACK}::text)
      WHERE strategy_id = ${strategyId}::uuid AND ${id}::text = ANY(evidence)`,
  ];
}
