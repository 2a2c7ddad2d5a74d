/**
 * No real money by accident (RSK-6). What the gateway reports is believed, not what the configuration
 * says: an account that isn't reported is nobody's, one whose id doesn't begin with D is live.
 */
import { finding, type Finding } from './finding.js';

/** Ports on which TWS and IB Gateway offer live trading by default. */
export const LIVE_PORTS: readonly number[] = [7496, 4001];

const PAPER_PREFIX = 'D';

export interface LiveGuardInput {
  readonly account: string;
  readonly reportedAccounts: readonly string[];
  readonly port: number;
  readonly allowLive: boolean;
  readonly authorizedAccounts: readonly string[];
}

/** True for IBKR's paper accounts: `DU…`, `DF…`. */
export function isPaperAccount(account: string): boolean {
  return account.startsWith(PAPER_PREFIX);
}

/** True when real money could be reached: by the account, by the port, or by any account beside it. */
export function isLive(
  input: Pick<LiveGuardInput, 'account' | 'reportedAccounts' | 'port'>,
): boolean {
  const accounts = [input.account, ...input.reportedAccounts];
  return LIVE_PORTS.includes(input.port) || !accounts.every(isPaperAccount);
}

/** Everything that forbids sending to this account over this connection; empty when it may be done. */
export function liveGuard(input: LiveGuardInput): Finding[] {
  const findings: Finding[] = [];
  const { account, reportedAccounts, authorizedAccounts } = input;
  if (!reportedAccounts.includes(account)) {
    const reported = reportedAccounts.join(', ') || 'no account';
    findings.push(
      finding('ACCOUNT_NOT_AUTHORIZED', `the broker reports ${reported}`, `${account} reported`),
    );
  }
  if (!isLive(input)) return findings;
  if (!authorizedAccounts.includes(account)) {
    const listed = authorizedAccounts.join(', ') || 'nothing';
    findings.push(
      finding(
        'ACCOUNT_NOT_AUTHORIZED',
        `IBKR_AUTHORIZED_ACCOUNTS lists ${listed}`,
        `${account} listed`,
      ),
    );
  }
  if (!input.allowLive) {
    const measured = `account ${account} at port ${input.port} can reach real money`;
    findings.push(finding('LIVE_NOT_ALLOWED', measured, 'ALLOW_LIVE=true'));
  }
  return findings;
}
