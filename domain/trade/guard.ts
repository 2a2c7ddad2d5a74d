/**
 * The guard's decision (TRD-3): which shares are held without enough armed stops, and where exits could
 * fill more than there is. From the books, as a picture of the broker has just left them, and from the
 * broker's own positions.
 */
import type { BrokerPosition } from '../broker/snapshot.js';
import { decimal, max, sum, text, ZERO, type Decimal, type DecimalText } from '../money.js';
import type { EpochMs, Side } from '../vocabulary.js';
import type { Leg } from './book.js';
import { fillableMax, isArmed, liveLegs } from './exposure.js';
import { tradeLeg, type TradeLeg } from './leg.js';

/** A trade as the guard sees it: its legs that may still fill. */
export interface GuardedTrade {
  readonly tradeId: string;
  /** The broker's id of the account. */
  readonly account: string;
  readonly symbol: string;
  readonly brokerContractId: number | null;
  /** Signed: what the account holds of the contract in no trade's book; absent: nobody asked. */
  readonly external?: DecimalText;
  readonly side: Side;
  /** Entry fills less exit fills. */
  readonly held: DecimalText;
  readonly stopPrice: DecimalText | null;
  /** Absent: nobody asked. */
  readonly targetPrice?: DecimalText | null;
  readonly unarmedSinceMs: EpochMs | null;
  readonly legs: readonly Leg[];
}

/** What an account holds of a contract, or a part of it. */
export type Held = Pick<BrokerPosition, 'account' | 'brokerContractId' | 'quantity'>;

export interface Breach {
  readonly tradeId: string;
  /** `unprotected`: too few armed stops. `excess`: exits that could fill more than there is. */
  readonly kind: 'unprotected' | 'excess';
  /** How many shares are too few, or too many. */
  readonly shares: DecimalText;
}

/** What is wrong in one trade, by its own book. An entry that works is its workflow's (TRD-4). */
export function breachesOf(trade: GuardedTrade): Breach[] {
  const { tradeId, side, stopPrice } = trade;
  const legs = trade.legs.map(tradeLeg);
  const held = decimal(trade.held);
  const exits = legs.filter((leg) => leg.side !== side);
  const armed = fillableMax(exits.filter((leg) => isArmed(leg, side, stopPrice)));
  const missing = held.sub(armed);
  const breaches: Breach[] = [];
  if (held.gt(0) && missing.gt(0)) {
    breaches.push({ tradeId, kind: 'unprotected', shares: text(missing) });
  }
  const excess = excessOf(held, exits);
  if (!isEntering(legs) && excess.gt(0)) {
    breaches.push({ tradeId, kind: 'excess', shares: text(excess) });
  }
  return breaches;
}

function isEntering(legs: readonly TradeLeg[]): boolean {
  return liveLegs(legs.filter(({ role }) => role === 'ENTRY')).length > 0;
}

function excessOf(held: Decimal, exits: readonly TradeLeg[]): Decimal {
  const most = fillableMax(exits);
  return held.gt(0) ? most.sub(held) : most;
}

/**
 * What is wrong by the account's positions: exits of all trades of a contract that could fill more than
 * the broker holds beside external shares, which are never touched (REC-2). Every trade of such a contract
 * is named, once.
 */
export function excessAtBroker(
  trades: readonly GuardedTrade[],
  positions: readonly Held[],
): Breach[] {
  const byContract = new Map<string, GuardedTrade[]>();
  for (const trade of trades) {
    const key = `${trade.account}/${String(trade.brokerContractId)}/${trade.side}`;
    byContract.set(key, [...(byContract.get(key) ?? []), trade]);
  }
  return [...byContract.values()].flatMap((together) => excessTogether(together, positions));
}

function excessTogether(trades: readonly GuardedTrade[], positions: readonly Held[]): Breach[] {
  const { account, brokerContractId, side, external = '0' } = trades[0]!;
  const legs = trades.map((trade) => trade.legs.map(tradeLeg));
  if (brokerContractId === null || legs.some(isEntering)) return [];
  const exits = sum(legs.map((own) => fillableMax(own.filter((leg) => leg.side !== side))));
  const net = positions
    .filter((row) => row.account === account && row.brokerContractId === brokerContractId)
    .reduce((total, { quantity }) => total.add(decimal(quantity)), ZERO);
  const inDirection = (quantity: Decimal) => (side === 'BUY' ? quantity : quantity.neg());
  // What a hand sold of the trades' shares counts as external too: it does not make them more.
  const there = inDirection(net).sub(max(ZERO, inDirection(decimal(external))));
  const excess = exits.sub(max(ZERO, there));
  if (excess.lte(0)) return [];
  return trades
    .filter((trade) => trade.legs.length > 0)
    .map(({ tradeId }) => ({ tradeId, kind: 'excess', shares: text(excess) }));
}

/** More breaches than that within a minute are no accident of a trade: something larger is wrong. */
const MASS_MIN = 3;
const MASS_PART = '0.2';

/** Whether so many breached trades mean that nothing may be flattened any more (TRD-3). */
export function isMassBreach(breached: number, openTrades: number): boolean {
  const part = decimal(MASS_PART).mul(openTrades);
  return decimal(String(breached)).gt(part.gt(MASS_MIN) ? part : MASS_MIN);
}
