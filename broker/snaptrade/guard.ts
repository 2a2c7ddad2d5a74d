/**
 * The guard against live trading by accident (RSK-6). It believes what SnapTrade reports, not what the
 * configuration says, and it is asked right before each write.
 */
import { NotSentError } from '../port.js';

export interface LiveGuardFacts {
  /** As SnapTrade lists them, and which of them it calls paper accounts. */
  readonly reportedAccounts: readonly string[];
  readonly paperAccounts: ReadonlySet<string>;
  readonly account: string;
  readonly allowLive: boolean;
  readonly authorizedAccounts: readonly string[];
}

/** @throws NotSentError `guard` for an account that isn't reported, or is live and not authorized. */
export function assertMayTrade(facts: LiveGuardFacts): void {
  const { reportedAccounts, paperAccounts, account, allowLive, authorizedAccounts } = facts;
  if (!reportedAccounts.includes(account)) {
    refuse(`account ${account} is not one that SnapTrade reports (${reportedAccounts.join(', ')})`);
  }
  if (paperAccounts.has(account)) return;
  if (!allowLive) refuse(`${account} is a live account: live trading needs ALLOW_LIVE=true`);
  if (!authorizedAccounts.includes(account)) {
    refuse(`${account} is a live account: it needs to be in SNAPTRADE_AUTHORIZED_ACCOUNTS`);
  }
}

function refuse(message: string): never {
  throw new NotSentError('guard', `not sent: ${message}`);
}
