/**
 * Positions at average cost, commissions included, as IBKR keeps them. Invariants: `quantity` is the
 * signed sum of its executions, a closed position has cost 0, and of one day what was realized is the
 * cash that flowed plus the change of `cost`, without a rest.
 */
import { ZERO, max, min } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { ContractSpec } from './api.js';
import { averageOf } from './orders.js';

/**
 * Results are told so exact. What a price times whole shares, and its commission, come to needs no
 * more, so that sums of results agree with the money to the last digit.
 */
const COST_DECIMALS = 4;

export interface Position {
  account: string;
  contract: ContractSpec;
  /** Signed shares. */
  quantity: Decimal;
  /** Signed: what the shares cost; of a short what they brought, below zero. */
  cost: Decimal;
  /** Since the broker's midnight. */
  realizedToday: Decimal;
  /** Market value at the broker's midnight. */
  dayStartValue: Decimal;
  /** Cash that trades brought (+) or took (−) since then, commissions included. */
  flowToday: Decimal;
}

/** What one trade did to a position. */
export interface TradeEffect {
  /** Shares (unsigned) that closed, and that opened. */
  closed: Decimal;
  opened: Decimal;
  /** Undefined when nothing was closed. */
  realized: Decimal | undefined;
}

export function emptyPosition(account: string, contract: ContractSpec): Position {
  return {
    ...{ account, contract, quantity: ZERO, cost: ZERO },
    ...{ realizedToday: ZERO, dayStartValue: ZERO, flowToday: ZERO },
  };
}

/** Average cost of a share; 0 without a position. */
export function averageCost(position: Position): Decimal {
  return averageOf(position.cost, position.quantity).abs();
}

/**
 * Books a trade of signed shares at a price; its commission falls on the closing and the opening part
 * by shares. Cash is not touched: `cashOf` tells what to book there.
 */
export function applyTrade(
  position: Position,
  signedShares: Decimal,
  price: Decimal,
  commission: Decimal,
): TradeEffect {
  const shares = signedShares.abs();
  const opposite = position.quantity.mul(signedShares).lt(ZERO);
  const closed = opposite ? min(shares, position.quantity.abs()) : ZERO;
  const opened = shares.sub(closed);
  const closingFee = shares.isZero()
    ? ZERO
    : commission.mul(closed).div(shares).toDecimalPlaces(COST_DECIMALS);
  const realized = closed.isZero() ? undefined : close(position, closed, price).sub(closingFee);
  if (opened.gt(ZERO)) {
    const direction = signedShares.lt(ZERO) ? opened.neg() : opened;
    position.quantity = position.quantity.add(direction);
    position.cost = position.cost.add(direction.mul(price)).add(commission.sub(closingFee));
  }
  if (realized) position.realizedToday = position.realizedToday.add(realized);
  position.flowToday = position.flowToday.add(cashOf(signedShares, price, commission));
  return { closed, opened, realized };
}

/** Takes shares off a position and gives the gross result. */
function close(position: Position, closed: Decimal, price: Decimal): Decimal {
  const whole = closed.eq(position.quantity.abs());
  const share = closed.div(position.quantity.abs());
  const cost = whole ? position.cost : position.cost.mul(share).toDecimalPlaces(COST_DECIMALS);
  const signed = position.quantity.lt(ZERO) ? closed.neg() : closed;
  position.quantity = position.quantity.sub(signed);
  position.cost = position.cost.sub(cost);
  return signed.mul(price).sub(cost);
}

/** Cash a trade brings, negative when it takes. */
export function cashOf(signedShares: Decimal, price: Decimal, commission: Decimal): Decimal {
  return signedShares.mul(price).neg().sub(commission);
}

/** Shares of an order (signed) that would open or enlarge a position. */
export function openingShares(position: Decimal, signedShares: Decimal): Decimal {
  if (!position.mul(signedShares).lt(ZERO)) return signedShares.abs();
  return max(ZERO, signedShares.abs().sub(position.abs()));
}
