/** What sizing takes and gives (SIZ-1 to SIZ-5). Decimals inside; text only at the borders. */
import type { Decimal } from '../money.js';
import type { Side } from '../vocabulary.js';

/** The caps in the order in which they are taken (SIZ-2). */
export const CAP_NAMES = [
  'position',
  'strategy',
  'cash',
  'buying_power',
  'open_risk',
  'max_quantity',
] as const;
export type CapName = (typeof CAP_NAMES)[number];

/** What happens when a cap is below the wanted quantity (SIZ-3). */
export type OnCap = 'reduce' | 'deny';

/** Money in the contract's currency, fractions as 0.01 = 1 %. */
export interface SizingInput {
  readonly side: Side;
  readonly equity: Decimal;
  /** Fraction of equity to lose at the stop. Ignored when `quantity` is given. */
  readonly riskPct: Decimal;
  readonly entryPrice: Decimal;
  readonly stopPrice: Decimal;
  readonly targetPrice: Decimal | null;
  /** Asked for by the caller: never reduced, a cap denies it. */
  readonly quantity: Decimal | null;
  /** Less what is reserved; null means the equity. */
  readonly availableCash: Decimal | null;
  /** Less what is reserved; null means the available cash. */
  readonly buyingPower: Decimal | null;
  readonly maxPositionPct: Decimal;
  readonly strategyExposure: Decimal;
  readonly maxStrategyPct: Decimal;
  readonly openRisk: Decimal;
  readonly maxOpenRiskPct: Decimal;
  readonly minQuantity: Decimal;
  readonly maxQuantity: Decimal | null;
  readonly quantityStep: Decimal;
  readonly onCap: OnCap;
  /**
   * Worst price allowed for, by which a market order's value and open risk are reckoned (SIZ-7), so
   * that the caps hold after slippage; null means the entry price.
   */
  readonly worstEntryPrice: Decimal | null;
  /** What a person has approved (SIG-3): no more is wanted, whatever the risk would allow. Absent: nobody was asked. */
  readonly approvedQuantity?: Decimal;
  /** What a person has approved to lose at the stop, in the contract's currency. Absent: nobody was asked. */
  readonly approvedRisk?: Decimal;
}

/** Why nothing was approved. `step`: the explicit quantity is no multiple of the quantity step. */
export type SizingRefusal = 'below_minimum' | 'cap' | 'step';

/** The numbers of the quantity that was approved. */
export interface SizedRisk {
  readonly riskAmount: Decimal;
  /** Fraction of equity. */
  readonly riskPercent: Decimal;
  /** At the entry price. */
  readonly positionValue: Decimal;
  /** Reward to risk; null without a target. */
  readonly rewardRisk: Decimal | null;
}

export interface SizingResult {
  readonly rawQuantity: Decimal;
  /** Shares that each cap allows; `max_quantity` only when there is one. */
  readonly caps: ReadonlyMap<CapName, Decimal>;
  /** The cap that lowered the quantity last; null when none did. */
  readonly boundBy: CapName | null;
  readonly approved: boolean;
  /** Zero unless approved. */
  readonly quantity: Decimal;
  readonly refusal: SizingRefusal | null;
  /** Null unless approved. */
  readonly risk: SizedRisk | null;
}
