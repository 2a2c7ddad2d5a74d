/** Resolutions are confirmed one after the other: each sees what the one before it has done. */
import type { Transaction } from '../database.js';

/**
 * Waits until no other confirmation of the user's is under way, and keeps others waiting until the transaction
 * ends. Taken before anything is read: a preview that two people confirm at once is done by one of them, and
 * what the other rests on has changed. Nothing else takes this lock, so it comes before all others.
 */
export async function lockConfirmations(tx: Transaction, userId: string): Promise<void> {
  const key = `resolve/${userId}`;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`;
}
