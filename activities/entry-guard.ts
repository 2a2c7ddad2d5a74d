/** Right before a send: everything that may have changed since the plan was made (RSK-5, RSK-6). */
import { NotSentError } from '../broker/port.js';
import { usableLimits } from '../contract/stored-limits.js';
import { resolveLimits } from '../domain/risk/limits.js';
import { blockedBy, type Switches } from '../domain/risk/modes.js';
import type { Book } from '../domain/trade/book.js';
import { beyondStop, deviationOf } from '../domain/trade/deviation.js';
import { tooLateToSend } from '../domain/trade/send-window.js';
import type { EntryFacts, StoredSwitches } from '../store/switches.js';
import type { BrokerDeps } from './deps.js';

/** Why the entry may not be claimed now, for people; null when it may. Read under the trade's lock. */
export function entryBlockedBy(deps: BrokerDeps, book: Book, facts: EntryFacts): string | null {
  if (!deps.link.maySend()) return NO_LEASE;
  const parked = deps.link.parked();
  if (parked) return `parked: ${parked.reason}`;
  const nowMs = deps.nowMs();
  const { limits, entrySendWindowMs } = deps.settings;
  const blocked = blockedText(deps, facts) ?? tooLateToSend(book, nowMs, entrySendWindowMs);
  if (blocked !== null || book.plan === null) return blocked;
  if (facts.quarantinedBy !== null) return `${book.symbol} is quarantined: ${facts.quarantinedBy}`;
  const quote = deps.market.latest(book.instrument);
  const own = resolveLimits(limits, ...facts.limits.map(usableLimits));
  return deviationOf(book.plan, quote, nowMs, own);
}

/**
 * What must hold in the very tick of an entry's write: lease, switches, halt file, the age of the plan that was
 * claimed, and a market on the right side of its stop. `stored`: modes and pauses, read a moment ago.
 * @throws NotSentError when one of them does not
 */
export function assertEntryMayGo(deps: BrokerDeps, claimed: Book, stored: StoredSwitches): void {
  assertMaySend(deps);
  const blocked = blockedText(deps, stored);
  if (blocked !== null) throw new NotSentError('guard', blocked);
  const tooLate = tooLateToSend(claimed, deps.nowMs(), deps.settings.entrySendWindowMs);
  if (tooLate !== null) throw new NotSentError('too_late', tooLate);
  const beyond = claimed.plan && beyondStop(claimed.plan, deps.market.latest(claimed.instrument));
  if (beyond !== null) throw new NotSentError('guard', beyond);
}

const NO_LEASE = 'the connection lease has run out: another worker may hold it';

/** Throws right before a write when this process may not send any more. */
export function assertMaySend(deps: BrokerDeps): void {
  if (!deps.link.maySend()) throw new NotSentError('guard', NO_LEASE);
}

function blockedText(deps: BrokerDeps, stored: StoredSwitches): string | null {
  const { tradingEnabled, readOnly, haltFile } = deps.settings.switches();
  const switches: Switches = {
    ...stored,
    tradingEnabled: tradingEnabled && !readOnly,
    haltFile,
  };
  const found = blockedBy(switches, 'entry');
  return found.length > 0 ? `entries are blocked by ${found.join(', ')}` : null;
}
