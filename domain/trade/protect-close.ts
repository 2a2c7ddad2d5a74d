/**
 * Closing now (TRD-6). A close adds no third live exit and leaves no moment without one: the target is
 * repriced to a collared marketable limit; without one, or where that is refused, the stop is moved to where
 * it triggers at once. Where neither can be done a market order goes for what the trade and the broker agree
 * on: into the group of the exits, which cover until it has filled; where they can't share a group with it,
 * their ends come first (docs/decisions/0015).
 */
import { decimal, text, type Decimal } from '../money.js';
import { exitQuote, triggersNow } from '../sizing/exits.js';
import { collaredLimit } from '../sizing/quote.js';
import { opposite, type Quote, type Side } from '../vocabulary.js';
import type { ProtectionInput, ProtectionPlan, ProtectiveAction } from './actions.js';
import { samePrice } from './exposure.js';
import type { TradeLeg } from './leg.js';
import { modify, reductionEndsMs } from './protect-held.js';
import { workingQuantity } from '../orders/machine.js';
import {
  act,
  cancelAll,
  closable,
  fits,
  isAsleep,
  isAtBroker,
  isInFlight,
  isLost,
  isPictured,
  isRefused,
  isWorking,
  lookFirst,
  retryPauseEndsMs,
  wait,
  type Situation,
} from './situation.js';

/** How far through the quote the repriced target may go: the allowance of a market entry. */
export const CLOSE_COLLAR = '0.005';
/** When to see whether the market ran away from the repriced target. */
export const REPRICE_AFTER_MS = 1_000;
/** A close refused that often is not tried again by itself; the stop goes back in. */
export const CLOSE_ATTEMPTS_MAX = 3;

/** The plan for a close; null when it was refused too often and the shares must be protected instead. */
export function closeHeld(situation: Situation): ProtectionPlan | null {
  if (situation.awaitsExecutions) return wait('executions that a status told of', null, 'facts');
  if (situation.liveCloses.length > 0) return underWay(situation);
  const lost = situation.legs.filter((leg) => leg.role === 'CLOSE' && isLost(leg));
  if (lost.filter(isRefused).length >= CLOSE_ATTEMPTS_MAX) return null;
  const { nowMs, quote } = situation.input;
  // Nothing can be sold now, so the stop stays until something can.
  if (quote?.halted) return wait('the end of the trading halt', nowMs + REPRICE_AFTER_MS);
  const reprices = holdsLess(situation) ? null : (byTarget(situation) ?? byStop(situation));
  return reprices ?? byMarket(situation, retryPauseEndsMs(lost));
}

/** Someone else closed part of it: a target repriced for all of it would open the other side. */
function holdsLess({ held, coverable, whole, input }: Situation): boolean {
  return coverable.lt(whole) || (closable(held, input)?.eq(0) ?? false);
}

/** A close works: exits live beside it only in its group, and it may not fill more than is held. */
function underWay(situation: Situation): ProtectionPlan {
  const { liveCloses, liveStops, liveTargets, coverable } = situation;
  // One of unknown fate is doubled once, inside its group, where one takes the other along.
  const isLostOne = liveCloses.length === 1 && liveCloses[0]!.isDoubtful && !isAlone(situation);
  if (isLostOne && liveStops.length + liveTargets.length === 0) {
    return sell(situation, liveCloses[0]!.ocaGroup);
  }
  const [close] = liveCloses;
  const exits = [...liveTargets, ...liveStops];
  const mayStay = (exit: TradeLeg) =>
    coversBeside(exit, close!) && !keepsBack(exit, close!, situation);
  const covering = exits.filter(mayStay);
  const beside = exits.filter((exit) => !mayStay(exit));
  const actions: ProtectiveAction[] = [
    ...cancelAll(beside, 'close_requested'),
    ...covering.flatMap((exit) => reduced(exit, situation)),
  ];
  // A double in the same group may stay: one takes the other along.
  const apart = liveCloses.slice(1).filter((leg) => leg.ocaGroup !== close!.ocaGroup);
  const others = cancelAll(apart, 'duplicate_leg');
  const tooLarge = workingQuantity(close!).gt(coverable);
  if (tooLarge && isAtBroker(close!) && !close!.modificationInFlight) {
    actions.push(modify(close!, coverable, close!.limitPrice, close!.stopPrice, 'quantity'));
  }
  return act([...actions, ...others], 'the close');
}

/** What fills at the market does so within a second or two. */
export const KEPT_BACK_MAX_MS = 5_000;

/**
 * A broker may send one order of a group to the exchange at a time, and that one be the target: then it goes.
 * Where nothing can trade nobody is kept back, and both exits cover on.
 */
function keepsBack(exit: TradeLeg, close: TradeLeg, { input }: Situation): boolean {
  // One that fills is not kept back, and one that a picture lacks may not be there at all.
  if (exit.role !== 'TARGET' || close.status !== 'ACCEPTED' || close.isDoubtful) return false;
  if (exitPrice(input.quote, input.side) === null) return false;
  return close.lastWriteMs !== null && input.nowMs - close.lastWriteMs >= KEPT_BACK_MAX_MS;
}

/** One of the group fills, and takes the others along, or reduces them within moments. */
function coversBeside(exit: TradeLeg, close: TradeLeg): boolean {
  return exit.ocaGroup !== null && exit.ocaGroup === close.ocaGroup;
}

/** A cancel of it would take the close along, so it is set to the rest where the broker does not do so. */
function reduced(exit: TradeLeg, situation: Situation): ProtectiveAction[] {
  const { coverable, there, input } = situation;
  if (!workingQuantity(exit).gt(there) || input.nowMs < reductionEndsMs(situation)) return [];
  if (exit.modificationRefused || exit.isDoubtful) return cancelAll([exit], 'close_requested');
  if (!isAtBroker(exit) || isInFlight(exit)) return [];
  return [modify(exit, coverable, exit.limitPrice, exit.stopPrice, 'quantity')];
}

// ── by the target ────────────────────────────────────────────────────────────────────────────────

/** Null when the target can't do it. */
function byTarget(situation: Situation): ProtectionPlan | null {
  const { liveTargets, liveStops, input } = situation;
  const [target] = liveTargets;
  if (target === undefined || liveTargets.length > 1) return null;
  const linked = liveStops.every(
    (stop) => stop.ocaGroup !== null && stop.ocaGroup === target.ocaGroup,
  );
  // Nobody answers for one that a picture lacks.
  if (!linked || target.isDoubtful || isCloseRefused(target, input)) return null;
  const { nowMs } = input;
  const graceEndsMs = reductionEndsMs(situation);
  if (isInFlight(target)) return wait('an answer about the target');
  if (!isWorking(target)) return null;
  if (nowMs < graceEndsMs) return wait("the broker's own reduction", graceEndsMs);
  const exit = exitPrice(input.quote, input.side);
  if (exit === null) return null;
  return repriced(situation, target, exit);
}

function repriced(situation: Situation, target: TradeLeg, exit: Decimal): ProtectionPlan {
  const { input, liveStops, held, whole } = situation;
  const recheckAtMs = input.nowMs + REPRICE_AFTER_MS;
  const tooLarge = liveStops
    .filter((stop) => isAtBroker(stop) && !isInFlight(stop) && !stop.modificationRefused)
    .filter((stop) => workingQuantity(stop).gt(held))
    .map((stop) => modify(stop, whole, stop.limitPrice, stop.stopPrice, 'quantity'));
  const increment = decimal(input.priceIncrement);
  const collar = text(collaredLimit(opposite(input.side), exit, decimal(CLOSE_COLLAR), increment));
  const limit = isMarketable(target, exit, input.side) ? target.limitPrice : collar;
  if (fits(target, situation) && samePrice(limit, target.limitPrice)) {
    return { actions: tooLarge, recheckAtMs, waitsFor: 'the repriced target', then: 'plan' };
  }
  const reprice = modify(target, whole, limit, target.stopPrice, 'close_requested');
  const actions = [reprice, ...tooLarge];
  return { actions, recheckAtMs, waitsFor: 'the repriced target', then: 'plan' };
}

function isMarketable(target: TradeLeg, exit: Decimal, side: Side): boolean {
  if (target.limitPrice === null) return false;
  const limit = decimal(target.limitPrice);
  return side === 'BUY' ? limit.lte(exit) : limit.gte(exit);
}

/** What a closing order would get now; null without a live quote of a contract that trades. */
function exitPrice(quote: Quote | null, side: Side): Decimal | null {
  return quote?.halted ? null : exitQuote(side, quote);
}

/** What the broker refused last was the closing price, or may have been: not the wished one. */
function isCloseRefused(exit: TradeLeg, { stopPrice, targetPrice }: ProtectionInput): boolean {
  const { modificationRefused, refusedPrices = null, role } = exit;
  if (!modificationRefused || refusedPrices === null) return modificationRefused;
  const isWished =
    role === 'TARGET'
      ? samePrice(refusedPrices.limitPrice, targetPrice)
      : samePrice(refusedPrices.stopPrice, stopPrice);
  return !isWished;
}

// ── by the stop, where there is no target to reprice ────────────────────────────────────────────────────────

/** A stop that was moved to trigger at once and has not: then it is cancelled after all. */
export const TRIGGER_MAX_MS = 5_000;

/** The stop is moved to where it triggers at once: it stays an exit of its group, so there is no gap. */
function byStop(situation: Situation): ProtectionPlan | null {
  const { liveTargets, liveStops, input, whole } = situation;
  const [stop] = liveStops;
  if (stop === undefined || liveStops.length > 1) return null;
  // Brokerages refuse a stop on the wrong side of the market, and what replaces an order may have ended it by then.
  if (isAlone(situation)) return null;
  // A target that could not be repriced ends with the stop; one that is on its way out takes it along.
  if (!liveTargets.every((target) => endsWith(stop, target))) return null;
  // A trailing stop's price is the broker's; nobody answers for one that a picture lacks.
  if (stop.isDoubtful || stop.orderType !== 'STP' || isCloseRefused(stop, input)) return null;
  const { nowMs, quote, side } = input;
  if (isInFlight(stop)) return stop.cancelInFlight ? null : wait('an answer about the stop');
  if (!isWorking(stop)) return null;
  const graceEndsMs = reductionEndsMs(situation);
  if (nowMs < graceEndsMs) return wait("the broker's own reduction", graceEndsMs);
  const exit = exitPrice(quote, side);
  if (exit === null) return null;
  if (triggers(stop, input) && fits(stop, situation)) {
    const givenUpAtMs = (stop.lastWriteMs ?? nowMs) + TRIGGER_MAX_MS;
    return nowMs < givenUpAtMs ? wait('the repriced stop', nowMs + REPRICE_AFTER_MS) : null;
  }
  const increment = decimal(input.priceIncrement);
  const price = text(collaredLimit(side, exit, decimal(CLOSE_COLLAR), increment));
  const reprice = modify(stop, whole, stop.limitPrice, price, 'close_requested');
  const recheckAtMs = nowMs + REPRICE_AFTER_MS;
  return { actions: [reprice], recheckAtMs, waitsFor: 'the repriced stop', then: 'plan' };
}

function endsWith(stop: TradeLeg, target: TradeLeg): boolean {
  if (stop.ocaGroup === null || target.ocaGroup !== stop.ocaGroup) return false;
  return target.isDoubtful || isAtBroker(target);
}

/** The market is at or beyond the stop's price. */
function triggers({ stopPrice }: TradeLeg, { side, quote }: ProtectionInput): boolean {
  return stopPrice !== null && triggersNow(side, decimal(stopPrice), quote);
}

// ── by a market order ────────────────────────────────────────────────────────────────────────────

/** Exits stay where they can share a group with the order. Else all go: a cancel takes its group along. */
function byMarket(situation: Situation, pauseEndsMs: number): ProtectionPlan {
  const { liveTargets, liveStops, input } = situation;
  const endsMs = reductionEndsMs(situation);
  if (input.nowMs < endsMs) return wait("the broker's own reduction", endsMs);
  const live = [...liveTargets, ...liveStops];
  const covers = canCover(situation);
  const going = covers ? [] : live.filter((leg) => !leg.isDoubtful);
  if (going.some(isAsleep) && !isPictured(input)) return lookFirst('a picture of exits that sleep');
  if (going.length > 0 || !isOneGroup(situation)) {
    return act(cancelAll(going, 'close_requested'), 'evidence that exits have ended');
  }
  if (input.nowMs < pauseEndsMs) return wait('the pause after a refused close', pauseEndsMs);
  // One that the broker's lists lack, and that may live all the same: in one group only one fills.
  return sell(situation, live[0]?.ocaGroup ?? null);
}

/** One stop for exactly what is held, in a group, and beside it at most a target of that group: they may stay. */
function canCover(situation: Situation): boolean {
  const { liveTargets, liveStops } = situation;
  const [stop] = liveStops;
  if (stop === undefined || liveStops.length > 1 || holdsLess(situation)) return false;
  if (stop.ocaGroup === null || stop.isDoubtful) return false;
  if (!isWorking(stop) || stop.cancelInFlight) return false;
  if (liveTargets.length > 1 || !liveTargets.every((target) => endsWith(stop, target)))
    return false;
  return [stop, ...liveTargets].every((leg) => leg.isDoubtful || fits(leg, situation));
}

/** Of the doubtful exits that are left at most one of a role, and all in one group: one fills once. */
function isOneGroup(situation: Situation): boolean {
  const { liveTargets, liveStops } = situation;
  const live = [...liveTargets, ...liveStops];
  if (live.length <= 1) return live.length === 0 || !isAlone(situation);
  const [group] = live.map(({ ocaGroup }) => ocaGroup);
  const isPair = liveTargets.length === 1 && liveStops.length === 1;
  return isPair && group !== null && live.every(({ ocaGroup }) => ocaGroup === group);
}

/** The broker knows no groups: nothing may live beside a close. */
function isAlone({ input }: Situation): boolean {
  return input.alone !== undefined;
}

function sell({ held, coverable, input }: Situation, ocaGroup: string | null): ProtectionPlan {
  const common = closable(held, input);
  if (common === null) return wait("the broker's position");
  if (common.eq(0)) return wait('reconciliation: the broker holds none of it', null, 'person');
  const side = opposite(input.side);
  const order = { kind: 'market_close', side, quantity: text(coverable), ocaGroup } as const;
  return act([{ ...order, cause: 'close_requested' }], 'the close');
}
