/** Whether anything may be opened on an account now, whatever it is: what no signal could change (RSK-1). */
import type { ReasonCode } from '../reasons.js';
import { liveGuard, type LiveGuardInput } from './live-guard.js';
import { MODE_TABLE, restrictions, type Switches } from './modes.js';

export interface AccountStanding {
  /** Those of the installation and the account; no strategy is asked for. */
  readonly switches: Omit<Switches, 'strategyMode' | 'strategyPaused'>;
  readonly isReadOnly: boolean;
  readonly guard: LiveGuardInput;
  /** The link to its broker can take an order, and parks none. */
  readonly isLinked: boolean;
}

/** The codes that any entry would be denied with; none: it may be traded on. */
export function standingOf({
  switches,
  isReadOnly,
  guard,
  isLinked,
}: AccountStanding): ReasonCode[] {
  const none = { strategyMode: 'ACTIVE', strategyPaused: false } as const;
  const bySwitch = restrictions({ ...switches, ...none })
    .map((restriction) => MODE_TABLE[restriction].code)
    .filter((code) => code !== null);
  // Without a link nothing is reported: that says nothing about the account.
  const reportedAccounts = isLinked
    ? guard.reportedAccounts
    : [...guard.reportedAccounts, guard.account];
  const byGuard = liveGuard({ ...guard, reportedAccounts }).map(({ code }) => code);
  const readOnly: ReasonCode[] = isReadOnly ? ['READ_ONLY'] : [];
  const away: ReasonCode[] = isLinked ? [] : ['BROKER_UNAVAILABLE'];
  return [...new Set([...bySwitch, ...byGuard, ...readOnly, ...away])];
}
