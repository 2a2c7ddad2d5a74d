/**
 * The guard's decision (TRD-3): which shares are held without enough armed stops, and where exits could
 * fill more than there is. From the books, as a picture of the broker has just left them, and from the
 * broker's own positions.
 */
import type { BrokerPosition } from '../broker/snapshot.js';
import { decimal, max, sum, text, ZERO, type Decimal, type DecimalText } from '../money.js';
import type { EpochMs, Side } from '../vocabulary.js';
import type { Leg } from './book.js';
import { isLive } from '../orders/machine.js';
import { signed } from './executions.js';
import { fillableMax, isArmed } from './exposure.js';
import { orderableOf } from './fraction.js';
import { tradeLeg, type TradeLeg } from './leg.js';
import { netOf, rowsOf } from './own-share.js';

/** A trade as the guard sees it: its legs that may still fill. */
export interface GuardedTrade {
  readonly tradeId: string;
  /** The broker's id of the account. */
  readonly account: string;
  readonly symbol: string;
  /** As the broker names it: an option carries the symbol of its underlying. */
  readonly securityType: string;
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

/** Shares of a trade that the broker does not have. */
export interface Missing {
  readonly tradeId: string;
  /** Of all trades of the contract together. */
  readonly shares: DecimalText;
}

/** What is wrong in one trade, by its own book. An entry that works is its workflow's (TRD-4). */
export function breachesOf(trade: GuardedTrade): Breach[] {
  const { tradeId, side, stopPrice } = trade;
  const held = decimal(trade.held);
  const exits = exitsOf(trade);
  const stops = trade.legs.filter(({ role }) => role === 'STOP').map(tradeLeg);
  const armed = fillableMax(stops.filter((leg) => isArmed(leg, side, stopPrice)));
  const missing = orderableOf(held, trade.legs).sub(armed);
  const breaches: Breach[] = [];
  if (held.gt(0) && missing.gt(0)) {
    breaches.push({ tradeId, kind: 'unprotected', shares: text(missing) });
  }
  const excess = excessOf(held, exits);
  if (!isEntering(trade) && excess.gt(0)) {
    breaches.push({ tradeId, kind: 'excess', shares: text(excess) });
  }
  return breaches;
}

function isEntering({ legs }: Pick<GuardedTrade, 'legs'>): boolean {
  return legs.some((leg) => leg.role === 'ENTRY' && isLive(leg));
}

function excessOf(held: Decimal, exits: readonly Exit[]): Decimal {
  const most = fillableMax(exits);
  return held.gt(0) ? most.sub(held) : most;
}

/**
 * What is wrong by the account's positions, and no book says: exits of all trades of a contract that could fill
 * more than the broker holds beside external shares, which are never touched (REC-2), for shares of the books are
 * missing there. Every trade of such a contract is named, once.
 */
export function excessAtBroker(
  trades: readonly GuardedTrade[],
  positions: readonly Held[],
): Breach[] {
  return byContract(trades).flatMap((together) => excessTogether(together, positions));
}

/** Those that hold one contract of an account in one direction, together. */
function byContract(trades: readonly GuardedTrade[]): GuardedTrade[][] {
  const together = new Map<string, GuardedTrade[]>();
  for (const trade of trades) {
    if (trade.brokerContractId === null) continue;
    const key = `${trade.account}/${trade.brokerContractId}/${trade.side}`;
    const others = together.get(key);
    if (others) others.push(trade);
    else together.set(key, [trade]);
  }
  return [...together.values()];
}

function excessTogether(trades: readonly GuardedTrade[], positions: readonly Held[]): Breach[] {
  // A trade that enters may hold more than it knows, and its exits are its workflow's: it hides no other.
  const [entering, still] = [trades.filter(isEntering), trades.filter((one) => !isEntering(one))];
  const left = max(ZERO, leftFor(trades, positions).sub(heldBy(entering)));
  // Nothing is missing. An exit that outlives its shares is in its trade's own book, which ends it.
  if (heldBy(still).lte(left)) return [];
  const exits = sum(still.map((trade) => fillableMax(exitsOf(trade))));
  const excess = exits.sub(left);
  if (excess.lte(0)) return [];
  return still
    .filter((trade) => trade.legs.length > 0)
    .map(({ tradeId }) => ({ tradeId, kind: 'excess', shares: text(excess) }));
}

/**
 * Trades whose shares the broker does not have, and that have no exit left: a close that found them sold has ended
 * those. Nothing of such a trade can fill any more, so nothing else tells that it is over.
 */
export function missingAtBroker(
  trades: readonly GuardedTrade[],
  positions: readonly Held[],
): Missing[] {
  return byContract(trades).flatMap((together) => {
    const missing = heldBy(together).sub(leftFor(together, positions));
    if (missing.lte(0) || together.some(isEntering)) return [];
    return together
      .filter((trade) => decimal(trade.held).gt(0) && !hasLiveExit(trade))
      .map(({ tradeId }) => ({ tradeId, shares: text(missing) }));
  });
}

/** Whether an order of the trade could still close some of it. */
export function hasLiveExit({ legs, side }: GuardedTrade): boolean {
  return legs.some((leg) => leg.side !== side && isLive(leg));
}

/** What sums of exits need: a whole `TradeLeg` of each of 20,000 would take seconds. */
type Exit = Leg & Pick<TradeLeg, 'ocaGroup'>;

function exitsOf({ legs, side }: GuardedTrade): Exit[] {
  return legs
    .filter((leg) => leg.side !== side)
    .map((leg) => ({ ...leg, ocaGroup: (leg.readBack ?? leg.wanted).ocaGroup }));
}

/** What the broker holds of their contract, in their direction, beside external shares. */
function leftFor(trades: readonly GuardedTrade[], positions: readonly Held[]): Decimal {
  const { account, brokerContractId, side, external = '0' } = trades[0]!;
  const net = netOf(rowsOf(positions, account, brokerContractId));
  // What a hand sold of the trades' shares counts as external too: it does not make them more.
  return signed(side, net).sub(max(ZERO, signed(side, external)));
}

function heldBy(trades: readonly GuardedTrade[]): Decimal {
  return sum(trades.map(({ held }) => max(ZERO, decimal(held))));
}

/** More breaches than that within a minute are no accident of a trade: something larger is wrong. */
const MASS_MIN = 3;
const MASS_PART = '0.2';

/** Whether so many breached trades mean that nothing may be flattened any more (TRD-3). */
export function isMassBreach(breached: number, openTrades: number): boolean {
  const part = decimal(MASS_PART).mul(openTrades);
  return decimal(String(breached)).gt(part.gt(MASS_MIN) ? part : MASS_MIN);
}
