/**
 * Statements come in any order: one that was made earlier says of an execution what the broker knew then. What a newer
 * one of its day has told counts, whichever is imported first.
 */
import { brokerDay, type DateText } from '../calendar.js';
import type { EpochMs } from '../vocabulary.js';
import type { Step } from './compare.js';

/** A statement that was taken over, and that was made later than the one at hand. */
export interface NewerStatement {
  readonly fromDay: DateText;
  readonly toDay: DateText;
  readonly generatedAtMs: EpochMs;
}

/** What is traded after 20:00 in New York counts to the next day's statement: so long before midnight. */
const EVENING_MS = 4 * 3_600_000;

/**
 * The newest statement that has had its word on an execution, so that nothing is to be done by an older one; null when
 * none has. A commission that is still missing was told by none.
 */
export function overtaking(
  step: Step,
  executedAtMs: EpochMs | null,
  newer: readonly NewerStatement[],
): NewerStatement | null {
  const isFirstWord = step.kind === 'book_commission' && step.was === null;
  if (step.kind === 'tell' || isFirstWord || executedAtMs === null) return null;
  const days = [brokerDay(executedAtMs), brokerDay(executedAtMs + EVENING_MS)];
  const covering = newer.filter(({ fromDay, toDay }) =>
    days.some((day) => day >= fromDay && day <= toDay),
  );
  return covering.reduce<NewerStatement | null>(
    (newest, one) => (newest === null || one.generatedAtMs > newest.generatedAtMs ? one : newest),
    null,
  );
}
