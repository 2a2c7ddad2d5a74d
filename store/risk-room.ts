/** What may still be risked for a trade that is open: the caps of its plan, and what has become of them (RSK-3). */
import { usableLimits } from '../contract/stored-limits.js';
import { decimal, sum, text, type DecimalText } from '../domain/money.js';
import { resolveLimits, type RiskLimits } from '../domain/risk/limits.js';
import type { RiskRoom } from '../domain/risk/widen.js';
import { dayResultOf } from './day-facts.js';
import type { Transaction } from './database.js';
import { fxRateOf, valuesOf } from './planning/context.js';
import { readPlanRows } from './planning/read.js';
import { readSwitches } from './switches.js';

interface Approved {
  readonly limits: RiskLimits | null;
  readonly riskPct: DecimalText | null;
}

/** What the installation itself says, beside the rows. */
export interface InstallationSays {
  readonly limits: Partial<RiskLimits>;
  /** The halt file is there. */
  readonly isHalted: boolean;
}

/**
 * Reads it. Where it is decided on, call it under the account's lock (`lockForPlan`).
 */
export async function riskRoom(
  tx: Transaction,
  tradeId: string,
  installation: InstallationSays,
  nowMs: number,
): Promise<RiskRoom> {
  const rows = await readPlanRows(tx, tradeId, nowMs);
  const { account, trade, strategy } = rows;
  const [approved] = await tx.$queryRaw<Approved[]>`
    SELECT d.inputs->'limits' AS limits, d.sizing->'inputs'->>'riskPct' AS "riskPct"
      FROM decisions d WHERE d.trade_id = ${tradeId}::uuid AND d.verdict = 'approved'
     ORDER BY d.serial DESC LIMIT 1`;
  // An adopted position was approved by a person, under no limits: then those of now hold, as for a plan.
  const own = [account.settings, strategy.settings].map(usableLimits);
  const limits = approved?.limits ?? resolveLimits(installation.limits, ...own);
  const switches = await readSwitches(tx, tradeId);
  const others = rows.reservations.filter((row) => row.tradeId !== tradeId);
  return {
    account: {
      baseCurrency: account.baseCurrency,
      values: valuesOf(account),
      day: dayResultOf(rows.day, nowMs),
    },
    currency: trade.instrument.currency,
    fxRate: fxRateOf(account, trade.instrument.currency),
    limits: { ...limits, riskPct: approved?.riskPct ?? limits.riskPct },
    othersOpenRisk: text(sum(others.map(({ openRisk }) => decimal(openRisk)))),
    // Without TRADING_ENABLED nothing was opened that could be widened.
    switches: { ...switches, haltFile: installation.isHalted, tradingEnabled: true },
  };
}
