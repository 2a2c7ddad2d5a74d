/** Whether the orders at the broker are what the trade wants, or `pursue` has something to do. */
import { isLive } from '../../domain/orders/machine.js';
import { planProtection } from '../../domain/trade/protection.js';
import type { TradeView } from '../../domain/trade/derive.js';
import type { TradeLeg } from '../../domain/trade/leg.js';
import type { Side } from '../../domain/vocabulary.js';
import { textFromRow } from '../database.js';
import type { TradeRow } from './load.js';

/** Any increment will do here: it only rounds prices of a close, and here only *whether* counts. */
const INCREMENT = '0.01';

/** Statuses in which the entry can't fill any more. */
const FINISHED = new Set(['EXECUTED', 'CANCELLED', 'REJECTED', 'EXPIRED', 'FAILED']);

/** True while a trade at the broker is not as wanted, is in flight, or was not verified yet. */
export function needsWork(
  trade: TradeRow,
  view: TradeView,
  legs: readonly TradeLeg[],
  nowMs: number,
): boolean {
  const stopPrice = textFromRow(trade.stopPrice);
  const wasSent = legs.some((leg) => leg.intent !== 'NEW');
  if (view.isOver || !wasSent || stopPrice === null) return false;
  if (view.state === 'ENTRY_UNKNOWN' || view.state === 'OVERFILLED') return true;
  if (trade.closeRequested !== null || (trade.cancelRequested && entryMayFill(legs))) return true;
  if (isUnverified(trade, view, legs) || isAnythingInFlight(legs)) return true;
  const plan = planProtection({
    nowMs,
    side: trade.side as Side,
    legs,
    stopPrice,
    targetPrice: textFromRow(trade.targetPrice),
    closeRequested: false,
    cancelEntryRequested: false,
    brokerNet: null,
    quote: null,
    priceIncrement: INCREMENT,
    unarmedSinceMs: trade.unarmedSince?.getTime() ?? null,
    lastExitFillMs: null,
  });
  return plan.actions.length > 0 || plan.recheckAtMs !== null;
}

/** The entry is finished with shares held, and nobody has read the exits back and compared them. */
export function isUnverified(trade: TradeRow, view: TradeView, legs: readonly TradeLeg[]): boolean {
  const entry = legs.find((leg) => leg.role === 'ENTRY');
  const finished = entry !== undefined && FINISHED.has(entry.status);
  return finished && view.heldQuantity !== '0' && !view.awaitsExecutions && !trade.verified;
}

/** A modification, a cancel or an exit that was written (or about to be) and not answered. */
export function isAnythingInFlight(legs: readonly TradeLeg[]): boolean {
  return (
    legs.some(
      (leg) => isLive(leg) && (leg.modificationInFlight || leg.status === 'CANCEL_PENDING'),
    ) || unansweredExits(legs).length > 0
  );
}

/** Exits that the broker has not shown though it has shown their entry: they may be lost. */
export function unansweredExits(legs: readonly TradeLeg[]): TradeLeg[] {
  const entryIsKnown = legs.some((leg) => leg.role === 'ENTRY' && leg.intent === 'SENT');
  if (!entryIsKnown) return [];
  return legs.filter((leg) => leg.role !== 'ENTRY' && leg.intent === 'SENDING' && isLive(leg));
}

/** The entry still works, or may. */
export function entryMayFill(legs: readonly TradeLeg[]): boolean {
  return legs.some((leg) => leg.role === 'ENTRY' && !FINISHED.has(leg.status));
}
