/** The limits of sizing and risk: every number a setting, with its default and the reason for it. */
import { decimal, type DecimalText } from '../money.js';
import type { OnCap } from '../sizing/types.js';
import type { ApprovalPolicy, OnOpposite, WhenClosed } from '../vocabulary.js';
import { DEFAULT_PROTECTIONS, type ProtectionLimits } from './protections.js';

export type RiskCategory = 'small' | 'normal' | 'large';

/** Fractions as text: 0.01 = 1 %. Times in milliseconds. A null switches the limit off. */
export interface RiskLimits extends ProtectionLimits {
  readonly riskPct: DecimalText;
  readonly riskCategories: Readonly<Record<RiskCategory, DecimalText>>;
  readonly maxPositionPct: DecimalText;
  readonly maxStrategyPct: DecimalText;
  readonly maxOpenRiskPct: DecimalText;
  /** Of the trades of one sector together. */
  readonly maxSectorExposurePct: DecimalText | null;
  /** Of a trade and those that have moved with it, signed by side. */
  readonly maxCorrelatedExposurePct: DecimalText | null;
  readonly minQuantity: DecimalText;
  readonly maxQuantity: DecimalText | null;
  readonly onCap: OnCap;
  /** Applied, and shown as applied, when a signal has no stop of its own. */
  readonly stopLossPct: DecimalText | null;
  readonly takeProfitPct: DecimalText | null;
  readonly minRewardRisk: DecimalText;
  readonly priceDeviationPct: DecimalText;
  readonly quoteMaxAgeMs: number;
  /** Spread over the mid price. */
  readonly maxSpreadPct: DecimalText;
  /** What a market order may cost beyond the quote when its value is reckoned. */
  readonly slippagePct: DecimalText;
  /** Set: a MKT entry goes as a limit at the quote plus this (SIZ-7). */
  readonly maxSlippagePct: DecimalText | null;
  readonly signalMaxAgeMs: number;
  readonly allowShort: boolean;
  readonly maxOpenPositions: number;
  readonly maxTradesPerDay: number | null;
  readonly maxOrdersPerMinute: number;
  readonly dailyLossPct: DecimalText;
  /** Excess liquidity to keep on a margin account, as a fraction of net liquidation. */
  readonly minExcessLiquidityPct: DecimalText;
  readonly accountValuesMaxAgeMs: number;
  readonly fxRateMaxAgeMs: number;
  readonly sectorMaxAgeMs: number;
  readonly closesMaxAgeMs: number;
  readonly clockSkewMaxMs: number;
  /** An unfilled limit entry dies at the broker after this (TRD-14); null: with its time in force. */
  readonly entryTimeoutMs: number | null;
  /** How long before the contract's own close a trade with `close_at_session_end` is closed. */
  readonly sessionEndLeadMs: number;
  /** For signals that don't say. */
  readonly whenClosed: WhenClosed;
  /** The same. */
  readonly onOpposite: OnOpposite;
  /** Whether a person must approve a signal before anything of it is sent (SIG-3). */
  readonly approval: ApprovalPolicy;
  /** How long a signal waits for that, and how long the word counts once it is given. */
  readonly approvalTimeoutMs: number;
}

export const DEFAULT_LIMITS: RiskLimits = {
  ...DEFAULT_PROTECTIONS,
  riskPct: '0.01',
  riskCategories: { small: '0.01', normal: '0.02', large: '0.03' },
  maxPositionPct: '0.20',
  maxStrategyPct: '0.50',
  maxOpenRiskPct: '0.10',
  maxSectorExposurePct: '0.40',
  maxCorrelatedExposurePct: '0.40',
  minQuantity: '1',
  maxQuantity: null,
  onCap: 'reduce',
  stopLossPct: null,
  takeProfitPct: null,
  minRewardRisk: '1.0',
  priceDeviationPct: '0.01',
  quoteMaxAgeMs: 5_000,
  maxSpreadPct: '0.01', // wider than this a market order's price is anyone's guess
  slippagePct: '0.005',
  maxSlippagePct: null,
  signalMaxAgeMs: 60_000,
  allowShort: false,
  maxOpenPositions: 10,
  maxTradesPerDay: 50, // a signal generator in a loop is stopped the same day
  maxOrdersPerMinute: 120, // forty brackets a minute: more is a runaway
  dailyLossPct: '0.03',
  minExcessLiquidityPct: '0.05', // the broker liquidates at 0
  accountValuesMaxAgeMs: 300_000, // the broker itself refreshes them every 3 minutes
  fxRateMaxAgeMs: 300_000,
  sectorMaxAgeMs: 604_800_000, // a company changes its industry in years, and the broker its words in months
  closesMaxAgeMs: 432_000_000, // five days: over a long weekend no close is added
  clockSkewMaxMs: 5_000,
  entryTimeoutMs: null,
  sessionEndLeadMs: 300_000,
  whenClosed: 'deny', // a price of yesterday is nobody's intention for tomorrow's open
  onOpposite: 'close', // the strategy has changed its mind: what it held is not wanted any more
  approval: 'none',
  approvalTimeoutMs: 900_000, // a phone is looked at within that, and a price is not another one yet
};

/** So many times the account's equity is no limit any more. */
const UNBOUNDED = 100;

/** Whether these settings bound what trades that move together are worth. */
export function boundsCorrelation(limits: Partial<RiskLimits>): boolean {
  const share = resolveLimits(limits).maxCorrelatedExposurePct;
  return share !== null && decimal(share).lt(UNBOUNDED);
}

/** Lays settings over the defaults: later layers win, an undefined member changes nothing. */
export function resolveLimits(...layers: readonly Partial<RiskLimits>[]): RiskLimits {
  const merged: Record<string, unknown> = { ...DEFAULT_LIMITS };
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer)) {
      if (value !== undefined && name in DEFAULT_LIMITS) merged[name] = value;
    }
  }
  return merged as unknown as RiskLimits;
}
