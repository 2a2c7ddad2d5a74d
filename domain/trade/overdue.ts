/**
 * Fills that a status told of, and whose executions don't come. Executions alone are booked; but what the
 * account holds is protected meanwhile, by the position that the broker shows (TRD-3, TRD-11).
 */
import { decimal, max, min, sum, text, ZERO, type Decimal } from '../money.js';
import {
  awaitsExecutions,
  earlierFilled,
  filledAtBroker,
  isLive,
  workingQuantity,
} from '../orders/machine.js';
import type { OrderLeg } from '../orders/leg.js';
import type { EpochMs, Side } from '../vocabulary.js';
import type { ProtectionInput } from './actions.js';

/**
 * An execution follows its status within milliseconds, and the lists of it were asked for after 1, 3 and 7 s:
 * what none of them had may never come. As long as shares may be without a stop before they are sold.
 */
export const FACTS_OVERDUE_MS = 10_000;
/** Six lists of executions lacked it: a person is told, and the lists are asked for all the same. */
export const FACTS_FOR_PERSON_MS = 60_000;

/** The legs whose executions have been waited for that long. */
export function overdueOf<T extends OrderLeg>(
  legs: readonly T[],
  nowMs: EpochMs,
  afterMs: number,
): T[] {
  // Of unknown beginning: the next status of it says since when.
  const waitedMs = ({ reported }: T): number => nowMs - (reported?.sinceMs ?? nowMs);
  return legs.filter((leg) => awaitsExecutions(leg) && waitedMs(leg) >= afterMs);
}

/** When the executions that are waited for are first overdue; null when none is waited for. */
export function overdueAtMs(legs: readonly OrderLeg[], nowMs: EpochMs): EpochMs | null {
  const since = legs.filter(awaitsExecutions).map(({ reported }) => reported?.sinceMs ?? nowMs);
  return since.length === 0 ? null : Math.min(...since) + FACTS_OVERDUE_MS;
}

/** Whether executions of any leg have been waited for that long: what is new of others changes nothing of it. */
export function isOverdue(legs: readonly OrderLeg[], nowMs: EpochMs, afterMs: number): boolean {
  return overdueOf(legs, nowMs, afterMs).length > 0;
}

/** Whether all that is waited for has been so for that long; false when nothing is. */
export function isAllOverdue(legs: readonly OrderLeg[], nowMs: EpochMs, afterMs: number): boolean {
  const late = overdueOf(legs, nowMs, afterMs);
  return late.length > 0 && late.length === legs.filter(awaitsExecutions).length;
}

/**
 * What the trade holds as the account's position shows it, between what executions and what statuses tell;
 * null while executions may come, none is waited for, or the position is not known.
 */
export function heldByPosition(
  legs: readonly OrderLeg[],
  executed: Decimal,
  { side, brokerNet, nowMs }: Pick<ProtectionInput, 'side' | 'brokerNet' | 'nowMs'>,
): Decimal | null {
  if (brokerNet === null || !isOverdue(legs, nowMs, FACTS_OVERDUE_MS)) return null;
  const late = new Set(overdueOf(legs, nowMs, FACTS_OVERDUE_MS));
  const told = heldAsTold(legs, side, (leg) => late.has(leg));
  const shown = side === 'BUY' ? decimal(brokerNet) : decimal(brokerNet).neg();
  return max(min(executed, told, ZERO), min(shown, max(executed, told, ZERO)));
}

/**
 * Since when shares that only a position tells of are unarmed: not before they were overdue, or they would
 * be sold before anything was repaired. `sinceMs`: what the book says, null when it doesn't.
 */
export function unarmedByPosition(
  legs: readonly OrderLeg[],
  sinceMs: EpochMs | null,
  nowMs: EpochMs,
): EpochMs {
  const late = overdueOf(legs, nowMs, FACTS_OVERDUE_MS);
  const first = Math.min(...late.map(({ reported }) => reported?.sinceMs ?? nowMs));
  return Math.max(sinceMs ?? -Infinity, first + FACTS_OVERDUE_MS);
}

/** An order that the broker called filled fills no more, though its executions never said so. */
export function asTold<T extends OrderLeg>(leg: T): T {
  const isDone = leg.reported?.done === true && workingQuantity(leg).isZero();
  return isDone && isLive(leg) ? { ...leg, status: 'EXECUTED' } : leg;
}

/** What is held by the statuses of the legs that count so, and by the executions of the others. */
export function heldAsTold(
  legs: readonly OrderLeg[],
  side: Side,
  isTold: (leg: OrderLeg) => boolean = () => true,
): Decimal {
  const filled = legs.map((leg) => {
    const quantity = isTold(leg)
      ? filledAtBroker(leg).add(earlierFilled(leg))
      : decimal(leg.filledQuantity);
    return leg.side === side ? quantity : quantity.neg();
  });
  return sum(filled);
}

/** What is known of them, for people: `STOP: 100 filled by its status, 60 by executions`. */
export function missingText(legs: readonly (OrderLeg & { readonly sequence: number })[]): string {
  return legs
    .filter(awaitsExecutions)
    .map(({ role, sequence, reported, filledQuantity }) => {
      const name = sequence > 1 ? `${role} ${sequence}` : role;
      const executed = text(decimal(filledQuantity));
      return `${name}: ${reported!.filled} filled by its status, ${executed} by executions`;
    })
    .join('; ');
}
