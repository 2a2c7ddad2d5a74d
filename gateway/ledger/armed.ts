/**
 * Whether a stop protects. Its side and its size are judged by who adds stops up; here is all the rest.
 *
 * Rules
 * - It is acknowledged, and neither held by its parent or a locate nor being cancelled.
 * - Its stop price was within 20 % of the market when that price was set: a stop at 0.01 protects
 *   nothing. A good stop stays good when the market runs away from it.
 * - Its time in force outlives the day: GTC, or GTD until a later New York day. A DAY stop leaves its
 *   position naked at the close.
 * - STP LMT: its limit can fill. A stop is triggered by a price at the stop; the bid is then a tick or more
 *   below it. So a sell's limit stands at least a tick below its stop, a buy's a tick above. Once triggered it
 *   is a limit order, which protects only at the market or beyond: its limit against the mid price when the
 *   exchange last told of it.
 */
import { ZERO, decimal } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { OrderFact } from './inputs.js';
import type { LedgerOrder } from './orders.js';

/** A stop further than this from the market when its price was set protects nothing. */
const PLAUSIBLE_STOP_DISTANCE = decimal('0.2');
/** Ticks of US stocks: finer for those below a dollar. */
const TICK = decimal('0.01');
const FINE_TICK = decimal('0.0001');
const FINE_BELOW = decimal('1');

const ACKNOWLEDGED = new Set(['PreSubmitted', 'Submitted']);
const NOT_ARMED_HOLDS = ['child', 'locate'];

/** What was found of a stop's prices when the exchange told of them. */
export interface StopJudgement {
  /** The stop price last judged, and whether it was near enough to the market then. */
  stopPrice: string | undefined;
  isPlausible: boolean;
  limitCanFill: boolean;
}

export const NOT_JUDGED: StopJudgement = {
  stopPrice: undefined,
  isPlausible: false,
  limitCanFill: false,
};

function isNear(stopPrice: string, market: string): boolean {
  const price = decimal(market);
  const distance = decimal(stopPrice).sub(price).abs();
  return distance.lte(price.mul(PLAUSIBLE_STOP_DISTANCE));
}

/** Whether a limit is as good as a price, or better for whoever trades against it. */
function reaches(fact: OrderFact, limit: Decimal, price: Decimal): boolean {
  return fact.action === 'SELL' ? limit.lte(price) : limit.gte(price);
}

function limitCanFill(fact: OrderFact, stopPrice: string, market: string | undefined): boolean {
  if (fact.orderType !== 'STP LMT') return true;
  if (fact.limitPrice === undefined) return false;
  const limit = decimal(fact.limitPrice);
  const isTriggered = fact.status === 'Submitted' && !fact.whyHeld.includes('trigger');
  if (isTriggered && market !== undefined) return reaches(fact, limit, decimal(market));
  const stop = decimal(stopPrice);
  const tick = stop.lt(FINE_BELOW) ? FINE_TICK : TICK;
  return reaches(fact, limit, fact.action === 'SELL' ? stop.sub(tick) : stop.add(tick));
}

/**
 * Judges a stop's prices as the exchange tells them; the stop price only when it is new. A price whose
 * market is unknown counts as not armed.
 */
export function judgeStop(
  before: StopJudgement,
  fact: OrderFact,
  market: string | undefined,
): StopJudgement {
  const { stopPrice } = fact;
  if (stopPrice === undefined) return NOT_JUDGED;
  const limit = limitCanFill(fact, stopPrice, market);
  if (before.stopPrice === stopPrice) return { ...before, limitCanFill: limit };
  if (market === undefined) return NOT_JUDGED;
  return { stopPrice, isPlausible: isNear(stopPrice, market), limitCanFill: limit };
}

function outlivesDay({ tif, goodTillMs }: OrderFact, dayEndMs: number): boolean {
  return tif === 'GTC' || (tif === 'GTD' && goodTillMs !== undefined && goodTillMs > dayEndMs);
}

/** A stop that protects, by the rules above; `dayEndMs`: when the present New York day ends. */
export function isArmedStop({ fact, remaining, stop }: LedgerOrder, dayEndMs: number): boolean {
  if (!stop.isPlausible || !stop.limitCanFill || remaining.lte(ZERO)) return false;
  if (!ACKNOWLEDGED.has(fact.status)) return false;
  if (NOT_ARMED_HOLDS.some((hold) => fact.whyHeld.includes(hold))) return false;
  return outlivesDay(fact, dayEndMs);
}
