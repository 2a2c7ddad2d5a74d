/** One transaction of a named step, with the failpoints right before and right after its commit. */
import { failpoint } from '../failpoints/failpoint.js';
import type { Context } from '../failpoints/order.js';
import type { PairName } from '../failpoints/table.js';
import type { Database, Transaction } from './database.js';

/**
 * Runs `work` in one transaction and gives what it gives, once that is committed. `step` names its pair
 * of failpoints, `context` what it is about.
 */
export async function transact<T>(
  db: Database,
  step: PairName,
  context: Context,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const result = await db.$transaction(async (tx) => {
    const made = await work(tx);
    await failpoint(`${step}.before`, context);
    return made;
  });
  await failpoint(`${step}.after`, context);
  return result;
}

/** One transaction of the front door: a process whose death only a person notices, without failpoints. */
export function plainTransact<T>(db: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return db.$transaction(work);
}

/** Runs `work` in a transaction that is never committed: what it writes is read by itself alone, and by nobody after it. */
export async function rolledBack<T>(
  db: Database,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const made: { value: T }[] = [];
  const undo = new Error('rolled back, as it was meant to be');
  await db
    .$transaction(async (tx) => {
      made.push({ value: await work(tx) });
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  return made[0]!.value;
}
