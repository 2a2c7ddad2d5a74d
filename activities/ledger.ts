/** Settling a trade: waiting for its commissions, then one transaction for lots, P&L and release. */
import type { LedgerActivities } from '../contract/activities.js';
import type { RiskLimits } from '../domain/risk/limits.js';
import type { Database } from '../store/database.js';
import { abandonTrade, missingCommissions, settleTrade } from '../store/settlement.js';
import { withHeartbeat } from './heartbeat.js';

export interface LedgerDeps {
  readonly db: Database;
  readonly commissionWaitMs: number;
  /** The installation's: what losses pause. */
  readonly limits: Partial<RiskLimits>;
  readonly nowMs: () => number;
}

/** Commissions follow a fill within milliseconds as a rule: look soon, then ever less often. */
const FIRST_LOOK_AFTER_MS = 20;
const LOOK_EVERY_MAX_MS = 1_000;

/** Makes the activities of the trades queue. */
export function createLedgerActivities(deps: LedgerDeps): LedgerActivities {
  const { db, limits, nowMs } = deps;
  return {
    settle: ({ tradeId }) =>
      withHeartbeat(async () => {
        await awaitCommissions(deps, tradeId);
        return settleTrade(db, tradeId, nowMs(), limits);
      }),
    abandon: ({ tradeId, reason }) => abandonTrade(db, 'abandon.commit', tradeId, reason, nowMs()),
  };
}

/** Bounded: what comes later is booked as an adjustment. */
async function awaitCommissions(deps: LedgerDeps, tradeId: string): Promise<void> {
  const deadlineMs = deps.nowMs() + deps.commissionWaitMs;
  let pauseMs = FIRST_LOOK_AFTER_MS;
  while ((await missingCommissions(deps.db, tradeId)) > 0 && deps.nowMs() < deadlineMs) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    pauseMs = Math.min(pauseMs * 2, LOOK_EVERY_MAX_MS);
  }
}
