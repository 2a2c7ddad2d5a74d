/** Checks of what sizing found: the caps that denied, the minimum, the margin account's floor. */
import { decimal, text, type Decimal } from '../money.js';
import type { ReasonCode } from '../reasons.js';
import { exceededCaps } from '../sizing/size.js';
import type { CapName } from '../sizing/types.js';
import type { Check, Sized } from './check.js';
import { finding, type Finding } from './finding.js';

const none: readonly Finding[] = [];

/** The code by which each cap denies. */
const CODE_OF_CAP: Readonly<Record<CapName, ReasonCode>> = {
  position: 'POSITION_TOO_LARGE',
  strategy: 'STRATEGY_ALLOCATION_EXCEEDED',
  cash: 'INSUFFICIENT_FUNDS',
  buying_power: 'INSUFFICIENT_FUNDS',
  open_risk: 'OPEN_RISK_EXCEEDED',
  max_quantity: 'POSITION_TOO_LARGE',
};

/** Every cap that stands in the way: those below the quantity, or below the minimum when reducing. */
export const capsHold: Check = ({ sized }) => {
  if (sized === null || sized.result.approved) return none;
  return cappedBy(sized).map((cap) => {
    const { rawQuantity, caps } = sized.result;
    const limit = `at most ${text(caps.get(cap)!)} shares by the ${cap} cap`;
    return finding(CODE_OF_CAP[cap], `${text(rawQuantity)} shares wanted`, limit);
  });
};

function cappedBy({ input, result }: Sized): CapName[] {
  const exceeded = exceededCaps(result);
  if (result.refusal !== 'below_minimum') return exceeded;
  return exceeded.filter((cap) => result.caps.get(cap)!.lt(input.minQuantity));
}

export const sizeEnough: Check = ({ sized }) => {
  if (sized === null) return none;
  const { input, result } = sized;
  if (result.refusal === 'step') {
    const measured = `${text(result.rawQuantity)} shares wanted`;
    return [finding('BELOW_MINIMUM_SIZE', measured, `a multiple of ${text(input.quantityStep)}`)];
  }
  if (result.refusal !== 'below_minimum') return none;
  const { boundBy, rawQuantity } = result;
  const bound =
    boundBy === null ? '' : `, capped to ${text(result.caps.get(boundBy)!)} by ${boundBy}`;
  const measured = `${text(rawQuantity)} shares${bound}`;
  return [finding('BELOW_MINIMUM_SIZE', measured, `at least ${text(input.minQuantity)}`)];
};

/** A margin account keeps a floor of excess liquidity: at zero the broker liquidates. */
export const liquidityKept: Check = ({ plan }) => {
  const { kind, values } = plan.account;
  if (kind === 'cash' || values === null) return none;
  const floor = floorOf(values.netLiquidation, plan.limits.minExcessLiquidityPct);
  if (decimal(values.excessLiquidity).gte(floor)) return none;
  const measured = `excess liquidity ${values.excessLiquidity}`;
  return [finding('INSUFFICIENT_FUNDS', measured, `at least ${text(floor)}`)];
};

function floorOf(netLiquidation: string, share: string): Decimal {
  return decimal(netLiquidation).mul(decimal(share));
}
