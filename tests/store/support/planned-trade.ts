/** A trade whose plan is committed, and the context that a broker worker would claim it with. */
import { parseSignal } from '../../../contract/signal.js';
import { acquireLease, recordGeneration } from '../../../store/connections.js';
import type { Database } from '../../../store/database.js';
import { publishHealth } from '../../../store/link.js';
import type { PlanSettings } from '../../../store/planning/context.js';
import { planTrade } from '../../../store/planning/plan.js';
import type { SendContext } from '../../../store/sending.js';
import { acceptSignal } from '../../../store/signals.js';
import { ACCOUNT, type ReadyAccount } from './ready-account.js';

export const PLAN_SETTINGS: PlanSettings = {
  limits: {
    quoteMaxAgeMs: 600_000,
    maxOpenPositions: 100,
    maxSectorExposurePct: '100',
    maxCorrelatedExposurePct: '100',
    maxTradesPerDay: 100,
    maxOrdersPerMinute: 10_000,
  },
  defaultOrderType: 'MKT',
  outageWaitMs: 30_000,
  switches: () => ({
    tradingEnabled: true,
    haltFile: false,
    readOnly: false,
    allowLive: false,
    authorizedAccounts: [],
  }),
};

let count = 0;

/** Accepts a signal for ten shares and plans it; gives the trade's id. */
export async function plannedTrade(
  db: Database,
  ready: ReadyAccount,
  change: Record<string, unknown> = {},
): Promise<string> {
  count += 1;
  const signal = parseSignal({
    id: `planned-${count}`,
    strategy_id: `strategy-${count}`,
    symbol: 'AAA',
    side: 'BUY',
    quantity: '10',
    stop_loss_pct: '0.05',
    ...change,
  });
  const { tradeId } = await acceptSignal(db, ready.ownerId, signal);
  await plan(db, ready, tradeId);
  return tradeId;
}

/** Plans a trade, once more if need be; `limits` beside those of all tests. */
export function plan(
  db: Database,
  { installationId }: ReadyAccount,
  tradeId: string,
  limits: PlanSettings['limits'] = {},
) {
  const request = { tradeId, final: true, nowMs: Date.now(), installationId };
  const settings = { ...PLAN_SETTINGS, limits: { ...PLAN_SETTINGS.limits, ...limits } };
  return planTrade(db, settings, request);
}

/** Takes the lease anew, in the generation given: what was claimed before belongs to an older epoch. */
export async function sendContext(
  db: Database,
  { connectionId, installationId }: ReadyAccount,
  generation: number,
): Promise<SendContext> {
  const lease = await acquireLease(db, connectionId, 'test', 600_000);
  await recordGeneration(db, lease!, generation);
  const detail = { reason: 'ready', accounts: [ACCOUNT] };
  await publishHealth(db, lease!, { ready: true, lastMessageAtMs: 0, clockSkewMs: 0, detail });
  return {
    lease: lease!,
    generation,
    sessionClientId: 17,
    nextValidId: 1,
    installationId,
    nowMs: Date.now(),
    onClaim: () => undefined,
  };
}
