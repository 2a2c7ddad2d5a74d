/** From the settings to what rules of risk take. */
import type { InstallationState } from '../domain/risk/context.js';
import type { RiskLimits } from '../domain/risk/limits.js';
import type { ProtectionLimits } from '../domain/risk/protections.js';
import { isHaltFile } from './halt-file.js';
import type { Config } from './load.js';

/** The limits that settings name; strategies and accounts may lay theirs over them. */
export function limitsFrom(config: Config): Partial<RiskLimits> {
  return {
    riskPct: config.riskPerTrade,
    riskCategories: {
      small: config.riskSmall,
      normal: config.riskNormal,
      large: config.riskLarge,
    },
    maxPositionPct: config.maxPositionPct,
    maxStrategyPct: config.maxStrategyPct,
    maxOpenRiskPct: config.maxOpenRiskPct,
    maxSectorExposurePct: config.maxSectorExposurePct,
    maxCorrelatedExposurePct: config.maxCorrelatedExposurePct,
    minQuantity: config.minQuantity,
    maxQuantity: config.maxQuantity ?? null,
    stopLossPct: config.defaultStopLossPct ?? null,
    minRewardRisk: config.minRewardRisk,
    priceDeviationPct: config.maxPriceDeviation,
    quoteMaxAgeMs: config.quoteMaxAgeMs,
    maxSpreadPct: config.maxSpreadPct,
    slippagePct: config.slippageAllowance,
    signalMaxAgeMs: config.signalMaxAgeMs,
    maxOpenPositions: config.maxOpenPositions,
    maxTradesPerDay: config.maxTradesPerDay,
    maxOrdersPerMinute: config.maxOrdersPerMinute,
    dailyLossPct: config.dailyLossLimit,
    clockSkewMaxMs: config.clockSkewBlockMs,
    whenClosed: config.whenClosed,
    onOpposite: config.onOpposite,
    approval: config.approval,
    approvalTimeoutMs: config.approvalTimeoutMs,
    ...protectionsFrom(config),
  };
}

function protectionsFrom(config: Config): ProtectionLimits {
  return {
    lossStreak: config.lossStreak,
    coolDownMs: config.coolDownMs,
    coolDownScope: config.coolDownScope,
    drawdownPct: config.drawdownLimit ?? null,
    drawdownLookbackMs: config.drawdownLookbackMs,
    drawdownLockMs: config.drawdownLockMs,
    drawdownScope: config.drawdownScope,
    lowProfitTrades: config.lowProfitTrades,
    lowProfitMin: config.lowProfitMin,
    lowProfitLockMs: config.lowProfitLockMs,
  };
}

/** The switches that live outside the database, read anew at every call: the halt file above all. */
export function switchesFrom(config: Config): () => Omit<InstallationState, 'mode'> {
  return () => ({
    tradingEnabled: config.tradingEnabled,
    haltFile: isHaltFile(config.haltFile),
    readOnly: config.readOnly,
    allowLive: config.allowLive,
    // Ids of the two brokers are never alike.
    authorizedAccounts: [...config.ibkrAuthorizedAccounts, ...config.snaptradeAuthorizedAccounts],
  });
}
