/**
 * Position sizing (SIZ-1 to SIZ-3), pure and exact.
 *
 * Rules, quoted by the property tests:
 *  1. raw quantity = equity × risk ÷ |entry − stop|, rounded down to the step; or the quantity asked for. Never more
 *     than a person has approved, in shares and in risk.
 *  2. Every cap is rounded down to the step; a negative cap is 0.
 *  3. The quantity never exceeds the raw quantity nor any cap.
 *  4. `boundBy` is the cap that lowered the quantity last, in the order of CAP_NAMES.
 *  5. Nothing is approved below the minimum, nor where a cap bound under `deny` or against a quantity
 *     that the caller asked for.
 */
import { floorToStep, max, min, ZERO, type Decimal } from '../money.js';
import type { CapName, SizedRisk, SizingInput, SizingRefusal, SizingResult } from './types.js';

/** Sizes a position. Prices must be positive, the stop apart from the entry, the step positive. */
export function sizePosition(input: SizingInput): SizingResult {
  const rawQuantity = rawOf(input);
  const caps = capsOf(input);
  const { quantity, boundBy } = applyCaps(rawQuantity, caps);
  const refusal = refusalOf(input, rawQuantity, quantity, boundBy);
  const approved = refusal === null;
  return {
    rawQuantity,
    caps,
    boundBy,
    approved,
    quantity: approved ? quantity : ZERO,
    refusal,
    risk: approved ? riskOf(input, quantity) : null,
  };
}

/** Every cap below the wanted quantity, not only the one that bound last. */
export function exceededCaps(result: SizingResult): CapName[] {
  return [...result.caps].filter(([, cap]) => cap.lt(result.rawQuantity)).map(([name]) => name);
}

/** Loss per share at the stop, from the worst entry allowed for: what open risk is reckoned with. */
export function worstRiskPerShare(input: SizingInput): Decimal {
  return max(riskPerShare(input), worstEntry(input).sub(input.stopPrice).abs());
}

/** The price by which value is reckoned: never below the entry price, for either side. */
export function worstNotionalPrice(input: SizingInput): Decimal {
  // A short's fill slips downwards, but its value is bounded from above all the same.
  const slip = worstEntry(input).sub(input.entryPrice).abs();
  return input.entryPrice.add(slip);
}

function riskPerShare(input: SizingInput): Decimal {
  return input.entryPrice.sub(input.stopPrice).abs();
}

function worstEntry(input: SizingInput): Decimal {
  return input.worstEntryPrice ?? input.entryPrice;
}

function rawOf(input: SizingInput): Decimal {
  const { approvedQuantity, approvedRisk, quantityStep } = input;
  const bounds = [wantedOf(input)];
  if (approvedQuantity !== undefined) bounds.push(approvedQuantity);
  if (approvedRisk !== undefined)
    bounds.push(floorToStep(approvedRisk.div(riskPerShare(input)), quantityStep));
  return bounds.reduce((least, bound) => min(least, bound));
}

function wantedOf(input: SizingInput): Decimal {
  if (input.quantity !== null) return input.quantity;
  const riskAmount = input.equity.mul(input.riskPct);
  return floorToStep(riskAmount.div(riskPerShare(input)), input.quantityStep);
}

function capsOf(input: SizingInput): Map<CapName, Decimal> {
  const { equity, quantityStep } = input;
  const cash = input.availableCash ?? equity;
  const price = worstNotionalPrice(input);
  const shares = (room: Decimal, perShare: Decimal) =>
    floorToStep(room.div(perShare), quantityStep);
  const caps = new Map<CapName, Decimal>([
    ['position', shares(equity.mul(input.maxPositionPct), price)],
    ['strategy', shares(equity.mul(input.maxStrategyPct).sub(input.strategyExposure), price)],
    ['cash', shares(cash, price)],
    ['buying_power', shares(input.buyingPower ?? cash, price)],
    [
      'open_risk',
      shares(equity.mul(input.maxOpenRiskPct).sub(input.openRisk), worstRiskPerShare(input)),
    ],
  ]);
  if (input.maxQuantity !== null) {
    caps.set('max_quantity', floorToStep(input.maxQuantity, quantityStep));
  }
  return caps;
}

function applyCaps(
  raw: Decimal,
  caps: ReadonlyMap<CapName, Decimal>,
): { quantity: Decimal; boundBy: CapName | null } {
  let quantity = raw;
  let boundBy: CapName | null = null;
  for (const [name, cap] of caps) {
    if (cap.gte(quantity)) continue;
    quantity = cap;
    boundBy = name;
  }
  return { quantity, boundBy };
}

function refusalOf(
  input: SizingInput,
  raw: Decimal,
  quantity: Decimal,
  boundBy: CapName | null,
): SizingRefusal | null {
  const mayReduce = input.quantity === null && input.onCap === 'reduce';
  if (!floorToStep(raw, input.quantityStep).eq(raw)) return 'step';
  if (boundBy !== null && !mayReduce) return 'cap';
  return quantity.lte(0) || quantity.lt(input.minQuantity) ? 'below_minimum' : null;
}

function riskOf(input: SizingInput, quantity: Decimal): SizedRisk {
  const riskAmount = quantity.mul(riskPerShare(input));
  const reward = input.targetPrice?.sub(input.entryPrice).abs() ?? null;
  return {
    riskAmount,
    riskPercent: riskAmount.div(input.equity),
    positionValue: quantity.mul(input.entryPrice),
    rewardRisk: reward && reward.div(riskPerShare(input)),
  };
}
