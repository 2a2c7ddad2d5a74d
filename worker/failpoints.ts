/** Turning failpoints on in a worker, and refusing to where real money could be reached. */
import type { Config } from '../config/index.js';
import type { Logger } from '../config/logger.js';
import { isPaperAt } from '../domain/risk/live-guard.js';
import { enableFailpoints, failpointsEnabled } from '../failpoints/failpoint.js';
import type { Place } from '../failpoints/table.js';
import { liveAccounts } from '../store/accounts.js';
import type { Database } from '../store/database.js';

/** Heeds the folder that `BALLAST_FAILPOINTS` names, loudly; does nothing when it is unset. */
export function startFailpoints(config: Config, process: Place, log: Logger): void {
  const folder = config.ballastFailpoints;
  if (folder === undefined) return;
  enableFailpoints(folder, process);
  log.warn(
    { folder },
    'failpoints are on: this process dies, freezes or throws when it is told to',
  );
}

/**
 * Ends the process when failpoints are on and one of the accounts is not a paper account. The broker
 * worker asks as soon as the broker names accounts, before the link is ready for any write.
 */
export function refuseLiveAccounts(
  accounts: readonly string[],
  log: Logger,
  paperAccounts?: readonly string[],
): void {
  if (!failpointsEnabled()) return;
  const live = accounts.filter((account) => !isPaperAt(account, paperAccounts));
  if (live.length === 0) return;
  log.fatal(
    { accounts: live },
    `BALLAST_FAILPOINTS is set, and ${live.join(', ')} is no paper account: unset it, or use a paper login`,
  );
  process.exit(1);
}

/** The same for the trade worker, which has no broker to ask: by the accounts that are known here. */
export async function refuseKnownLiveAccounts(db: Database, log: Logger): Promise<void> {
  if (failpointsEnabled()) refuseLiveAccounts(await liveAccounts(db), log);
}
