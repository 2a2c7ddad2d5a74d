/**
 * Executions come in no promised order: an exit's may be told before its entry's. Exits work only once their
 * entry has filled (TRD-2), so shares that were sold and not yet bought are the entry's, as long as it may have
 * filled so many that nobody told of.
 */
import { decimal, max, sum, ZERO, type Decimal } from '../money.js';
import { awaitsExecutions, filledAtBroker, isLive, ownFilled } from '../orders/machine.js';
import type { OrderLeg } from '../orders/leg.js';

/** What of it shows that its end was asked for. */
type EntryLeg = OrderLeg & { readonly cancelInFlight: boolean };

/**
 * Whether fills of the entry that are not told yet may explain a trade that holds less than nothing.
 * @param held signed; false unless it is negative
 */
export function isExplainedByEntry(legs: readonly EntryLeg[], held: Decimal): boolean {
  if (!held.lt(0)) return false;
  const entries = legs.filter(({ role }) => role === 'ENTRY');
  return sum(entries.map(untold)).gte(held.neg());
}

/** The most that it may have filled beyond its executions. One that is being cancelled is waited for no more. */
function untold(leg: EntryLeg): Decimal {
  const isEnding = leg.cancelInFlight || leg.status === 'CANCEL_PENDING';
  if (isLive(leg) && !isEnding) return max(ZERO, decimal(leg.quantity).sub(ownFilled(leg)));
  return awaitsExecutions(leg) ? max(ZERO, filledAtBroker(leg).sub(ownFilled(leg))) : ZERO;
}
