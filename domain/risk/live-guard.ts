/**
 * No real money by accident (RSK-6). What the gateway reports is believed, not what the configuration
 * says: an account that isn't reported is nobody's, one whose id doesn't begin with D is live, at SnapTrade one that
 * it does not call a paper account.
 */
import { finding, type Finding } from './finding.js';

/** Ports on which TWS and IB Gateway offer live trading by default. */
export const LIVE_PORTS: readonly number[] = [7496, 4001];

const PAPER_PREFIX = 'D';

export interface LiveGuardInput {
  readonly account: string;
  readonly reportedAccounts: readonly string[];
  /** Those that the broker calls paper accounts; absent: their ids and the port tell (IBKR). */
  readonly paperAccounts?: readonly string[];
  readonly port: number;
  readonly allowLive: boolean;
  readonly authorizedAccounts: readonly string[];
}

/** True for IBKR's paper accounts: `DU…`, `DF…`. */
export function isPaperAccount(account: string): boolean {
  return account.startsWith(PAPER_PREFIX);
}

/** The same of any broker: where it says which accounts are paper, by its word alone; else by the id, as IBKR's are told. */
export function isPaperAt(account: string, paperAccounts?: readonly string[]): boolean {
  return paperAccounts?.includes(account) ?? isPaperAccount(account);
}

/**
 * True when real money could be reached: by the account, by the port, or by any account beside it. Where the broker
 * says of each account what it is, its word on this one counts.
 */
export function isLive(
  input: Pick<LiveGuardInput, 'account' | 'reportedAccounts' | 'paperAccounts' | 'port'>,
): boolean {
  if (input.paperAccounts !== undefined) return !input.paperAccounts.includes(input.account);
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
  const isByWord = input.paperAccounts !== undefined;
  if (!authorizedAccounts.includes(account)) {
    const listed = authorizedAccounts.join(', ') || 'nothing';
    const setting = isByWord ? 'SNAPTRADE_AUTHORIZED_ACCOUNTS' : 'IBKR_AUTHORIZED_ACCOUNTS';
    const measured = `${setting} lists ${listed}`;
    findings.push(finding('ACCOUNT_NOT_AUTHORIZED', measured, `${account} listed`));
  }
  if (!input.allowLive) {
    const where = isByWord ? '' : ` at port ${input.port}`;
    const measured = `account ${account}${where} can reach real money`;
    findings.push(finding('LIVE_NOT_ALLOWED', measured, 'ALLOW_LIVE=true'));
  }
  return findings;
}
