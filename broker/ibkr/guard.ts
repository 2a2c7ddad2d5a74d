/**
 * The guard against live trading by accident (RSK-6). It believes what the gateway reports, not what
 * the configuration says, and it is asked right before each write.
 */
import { NotSentError } from '../port.js';

/** Ports that terminals listen on for live accounts: TWS and Gateway. */
const LIVE_PORTS: readonly number[] = [7496, 4001];

export interface LiveGuardFacts {
  /** As reported by the gateway in this session. */
  readonly reportedAccounts: readonly string[];
  readonly port: number;
  readonly account: string;
  readonly allowLive: boolean;
  readonly authorizedAccounts: readonly string[];
}

/** Paper accounts of IBKR start with a D. */
export function isPaperAccount(account: string): boolean {
  return account.startsWith('D');
}

/**
 * Lets a write for the account pass.
 * @throws NotSentError `guard` when the account isn't among the reported ones, or when anything about
 * the session is live and the account isn't authorized for it.
 */
export function assertMayTrade(facts: LiveGuardFacts): void {
  const { reportedAccounts, account, port, allowLive, authorizedAccounts } = facts;
  if (!reportedAccounts.includes(account)) {
    refuse(`account ${account} is not one the gateway reports (${reportedAccounts.join(', ')})`);
  }
  const paper = reportedAccounts.every(isPaperAccount) && !LIVE_PORTS.includes(port);
  if (paper) return;
  const told = `the gateway on port ${port} reports ${reportedAccounts.join(', ')}: live trading`;
  if (!allowLive) refuse(`${told} needs ALLOW_LIVE=true`);
  if (!authorizedAccounts.includes(account)) {
    refuse(`${told} needs ${account} in IBKR_AUTHORIZED_ACCOUNTS`);
  }
}

function refuse(message: string): never {
  throw new NotSentError('guard', `not sent: ${message}`);
}
