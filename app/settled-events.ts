/**
 * Up to which id the events are settled: none below it can still appear.
 *
 * Ids are given out before their transactions commit, so an event may be seen while one with a lower id is still
 * under way: whoever goes on behind the higher one would never read it. A mark is the highest id that was
 * seen; it is settled once every transaction has ended that had begun by the next look. That next look is what
 * gives a row that has its id already the time to get its transaction's number, which comes microseconds later.
 */
import type { EventMark } from '../store/reads.js';

/**
 * No transaction that writes lasts so long: it is rolled back after 15 s, and one in which nothing is said after
 * 10 s. A mark that is older waits for something else, such as a backup, and is taken as settled.
 */
export const MARK_WAIT_MAX_MS = 30_000;

interface Pending {
  readonly upTo: bigint;
  readonly sinceMs: number;
  /** Null until the next look. */
  readonly before: bigint | null;
}

export interface Settled {
  /** Null: not known yet. */
  readonly upTo: bigint | null;
  readonly pending: Pending | null;
}

export const NOTHING_SETTLED: Settled = { upTo: null, pending: null };

/** What is settled after one more look. */
export function settle({ upTo, pending }: Settled, mark: EventMark, nowMs: number): Settled {
  const next = { upTo: mark.newest, sinceMs: nowMs, before: null };
  if (pending === null) return { upTo, pending: next };
  const before = pending.before ?? mark.nextTransaction;
  const isOver = mark.oldestRunning >= before || nowMs - pending.sinceMs >= MARK_WAIT_MAX_MS;
  if (!isOver) return { upTo, pending: { ...pending, before } };
  return { upTo: pending.upTo, pending: next };
}
