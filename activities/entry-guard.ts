/** Right before a send: everything that may have changed since the plan was made (RSK-5, RSK-6). */
import { NotSentError } from '../broker/port.js';
import { resolveLimits } from '../domain/risk/limits.js';
import { blockedBy, type Switches } from '../domain/risk/modes.js';
import type { Book } from '../domain/trade/book.js';
import { deviationOf } from '../domain/trade/deviation.js';
import type { StoredSwitches } from '../store/switches.js';
import type { BrokerDeps } from './deps.js';

/** Why the entry may not be claimed now, for people; null when it may. Read under the trade's lock. */
export function entryBlockedBy(
  deps: BrokerDeps,
  book: Book,
  stored: StoredSwitches,
): string | null {
  if (!deps.link.maySend()) return NO_LEASE;
  const parked = deps.link.parked();
  if (parked) return `parked: ${parked.reason}`;
  const blocked = blockedText(deps, stored);
  if (blocked !== null || book.plan === null) return blocked;
  const { priceDeviationPct } = resolveLimits(deps.settings.limits);
  return deviationOf(book.plan, deps.market.latest(book.symbol), priceDeviationPct);
}

/**
 * What must hold in the very tick of an entry's write: lease, switches, halt file and time.
 * @throws NotSentError when one of them does not
 */
export function assertEntryMayGo(deps: BrokerDeps, sendBeforeMs: number): void {
  assertMaySend(deps);
  const blocked = blockedText(deps, NOTHING_STORED);
  if (blocked !== null) throw new NotSentError('guard', blocked);
  if (deps.nowMs() > sendBeforeMs) {
    throw new NotSentError('too_late', 'the entry waited too long for its write');
  }
}

const NO_LEASE = 'the connection lease has run out: another worker may hold it';

/** Throws right before a write when this process may not send any more. */
export function assertMaySend(deps: BrokerDeps): void {
  if (!deps.link.maySend()) throw new NotSentError('guard', NO_LEASE);
}

/** In the tick of a write nothing is read from the database: its switches were read for the claim. */
const NOTHING_STORED: StoredSwitches = {
  installationMode: 'ACTIVE',
  accountMode: 'ACTIVE',
  strategyMode: 'ACTIVE',
  accountPaused: false,
  strategyPaused: false,
};

function blockedText(deps: BrokerDeps, stored: StoredSwitches): string | null {
  const { tradingEnabled, readOnly, haltFile } = deps.settings.switches();
  const switches: Switches = {
    ...stored,
    tradingEnabled: tradingEnabled && !readOnly,
    haltFile,
    dailyLossReached: false,
  };
  const found = blockedBy(switches, 'entry');
  return found.length > 0 ? `entries are blocked by ${found.join(', ')}` : null;
}
