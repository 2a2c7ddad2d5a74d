/** Whether the account that is meant is there, and real money is reached by nobody's accident (RSK-6). */
import type { Config } from '../../config/index.js';
import { accountFrom } from '../../contract/connection.js';
import { switchesFrom } from '../../config/risk.js';
import { isPaperAt, liveGuard, LIVE_PORTS } from '../../domain/risk/live-guard.js';
import type { AccountView } from '../../contract/views.js';
import { note, wrong, type Check } from './check.js';

/** Nothing where the port is one of paper logins, or the word for real money is given. */
export function livePortChecks(config: Config): Check[] {
  const { ibkrPort: port, allowLive, tradingEnabled, ibkrAuthorizedAccounts: listed } = config;
  if (config.broker !== 'ibkr' || !LIVE_PORTS.includes(port)) return [];
  const found = `${port} is the port of live logins`;
  const remedy =
    'for paper trading set IBKR_PORT to 4002 (IB Gateway) or 7497 (TWS); for real money ALLOW_LIVE=true, and the account in IBKR_AUTHORIZED_ACCOUNTS';
  if (allowLive && listed.length > 0) return [note('live port', `${found}: real money`, null)];
  const missing = allowLive ? 'IBKR_AUTHORIZED_ACCOUNTS is empty' : 'ALLOW_LIVE is not set';
  const what = `${found}, and ${missing}: every entry is denied`;
  return [tradingEnabled ? wrong('live port', what, remedy) : note('live port', what, remedy)];
}

/** What is wrong with the accounts of a connection, beside their values. */
export function accountsAllowed(accounts: readonly AccountView[], config: Config): Check[] {
  const reported = accounts.map(({ account_id: id }) => id);
  const { ibkrPort: port } = config;
  const isIbkr = config.broker === 'ibkr';
  const wanted = accountFrom(config);
  const [wantedIn, listedIn] = isIbkr
    ? ['IBKR_ACCOUNT', 'IBKR_AUTHORIZED_ACCOUNTS']
    : ['SNAPTRADE_ACCOUNT', 'SNAPTRADE_AUTHORIZED_ACCOUNTS'];
  if (wanted !== undefined && reported.length > 0 && !reported.includes(wanted)) {
    const found = `${wantedIn} names ${wanted}, the broker reports ${reported.join(', ')}`;
    const remedy = `name one of these in ${wantedIn}, or log in as who has it`;
    return [wrong(`account ${wanted}`, found, remedy)];
  }
  const meant = wanted === undefined ? reported : [wanted];
  const paperAccounts = isIbkr
    ? undefined
    : accounts.flatMap(({ account_id: id, is_paper: paper }) => (paper ? [id] : []));
  return meant
    .filter((account) => !isPaperAt(account, paperAccounts))
    .flatMap((account) => {
      const { allowLive } = config;
      const { authorizedAccounts } = switchesFrom(config)();
      const facts = { account, reportedAccounts: reported, port, allowLive, authorizedAccounts };
      const denied = liveGuard({ ...facts, ...(paperAccounts && { paperAccounts }) }).map(
        ({ limit }) => limit,
      );
      if (denied.length === 0) return [];
      const remedy = `both words are needed for real money: ALLOW_LIVE=true and ${listedIn}`;
      const found = `it is live, and every entry is denied: wanted is ${denied.join(', ')}`;
      return [note(`account ${account}`, found, remedy)];
    });
}
