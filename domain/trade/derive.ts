/** What the legs of a trade say about it. Pure: the same legs and flags give the same answer. */
import { text, type Decimal, type DecimalText } from '../money.js';
import { awaitsExecutions } from '../orders/machine.js';
import type { Side } from '../vocabulary.js';
import { FLATTEN } from './actions.js';
import {
  averageOf,
  filledOf,
  fillableMax,
  hasStopPrice,
  heldQuantity,
  isArmed,
  liveLegs,
  samePrice,
} from './exposure.js';
import { orderableOf } from './fraction.js';
import type { TradeLeg } from './leg.js';
import type { BeforeEntryState, TradeState } from './states.js';
import { isExplainedByEntry } from './untold-entry.js';

export interface TradeFlags {
  /** The entry's side. */
  readonly side: Side;
  /** The state while (or because) nothing was sent. */
  readonly beforeEntry: BeforeEntryState;
  /** Why a close was asked for (`manual`, `max_holding`, `session_end`, `opposite_signal` …); null if not. */
  readonly closeRequested: string | null;
  /** It was to be sold for want of a stop, though nobody asked; absent: it wasn't. */
  readonly isFlattened?: boolean;
  /** The prices the exits should have now; null before a plan. */
  readonly stopPrice: DecimalText | null;
  readonly targetPrice: DecimalText | null;
}

export interface TradeView {
  readonly state: TradeState;
  /** Entry fills less exit fills; negative when overfilled. */
  readonly heldQuantity: DecimalText;
  readonly entryFilled: DecimalText;
  readonly averageEntry: DecimalText | null;
  readonly averageExit: DecimalText | null;
  /** Working quantity of armed stops. */
  readonly armedQuantity: DecimalText;
  /** The most that all exits together could fill: the largest leg of each OCA group, summed. */
  readonly exitQuantityMax: DecimalText;
  /** What of the held quantity orders can be for: whole shares, unless it was entered in fractions. */
  readonly orderableQuantity: DecimalText;
  /** Held, and all that orders can be for is covered by armed stops, that sell no more than is held. */
  readonly isProtected: boolean;
  /** A status told of more fills than executions have come. */
  readonly awaitsExecutions: boolean;
  /** `stop`, `target`, `trailing`, `flatten`, or the cause of the close; null until something was sold. */
  readonly exitReason: string | null;
}

/** Derives a trade from its legs. */
export function deriveTrade(legs: readonly TradeLeg[], flags: TradeFlags): TradeView {
  const { side, stopPrice } = flags;
  const sent = legs.filter(wasSent);
  const held = heldQuantity(sent, side);
  const orderable = orderableOf(held, sent);
  const entries = sent.filter((leg) => leg.role === 'ENTRY');
  const exits = sent.filter((leg) => leg.side !== side);
  const armed = fillableMax(exits.filter((leg) => isArmed(leg, side, stopPrice)));
  const entering = liveLegs(entries).length > 0;
  const awaits = sent.some(awaitsExecutions);
  const atRest = held.eq(0) && liveLegs(sent).length === 0 && !awaits;
  const state = stateOf(sent, held, flags, atRest);
  return {
    state,
    heldQuantity: text(held),
    orderableQuantity: text(orderable),
    entryFilled: text(filledOf(entries)),
    averageEntry: averageOf(entries),
    averageExit: averageOf(exits),
    armedQuantity: text(armed),
    exitQuantityMax: text(fillableMax(exits)),
    // While the entry works its exits keep full size; afterwards too much is a breach as well.
    isProtected: orderable.gt(0) && armed.gte(orderable) && (entering || armed.lte(held)),
    awaitsExecutions: awaits,
    exitReason: exitReasonOf(exits, flags),
  };
}

/** Something of the leg reached, or may have reached, the broker. */
function wasSent(leg: TradeLeg): boolean {
  return leg.intent === 'SENT' || (leg.intent === 'SENDING' && leg.status !== 'FAILED');
}

function stateOf(
  sent: readonly TradeLeg[],
  held: Decimal,
  flags: TradeFlags,
  atRest: boolean,
): TradeState {
  if (sent.length === 0) return flags.beforeEntry;
  if (held.lt(0) && !isExplainedByEntry(sent, held)) return 'OVERFILLED';
  const entries = sent.filter((leg) => leg.role === 'ENTRY');
  const entering = liveLegs(entries).length > 0;
  if (held.gt(0)) {
    if (flags.closeRequested !== null) return 'CLOSING';
    return entering ? 'PARTIALLY_OPEN' : 'OPEN';
  }
  if (filledOf(sent).gt(0)) return atRest ? 'CLOSED' : 'CLOSING';
  if (entries.some((leg) => leg.status === 'UNKNOWN')) return 'ENTRY_UNKNOWN';
  return atRest ? unfilledEnd(entries) : 'ENTERING';
}

/** How an entry without fills ended. */
function unfilledEnd(entries: readonly TradeLeg[]): TradeState {
  const status = entries.at(-1)?.status;
  if (status === 'REJECTED' || status === 'EXPIRED') return status;
  // A whole fill that was busted leaves an order that is done and a trade without shares.
  return status === 'EXECUTED' ? 'CLOSED' : 'CANCELLED';
}

/** By the exit that filled most, the later one when equal. */
function exitReasonOf(
  exits: readonly TradeLeg[],
  { closeRequested: wished, isFlattened = false, stopPrice, targetPrice }: TradeFlags,
): string | null {
  const closeRequested = wished ?? (isFlattened ? FLATTEN : null);
  let most: TradeLeg | null = null;
  for (const leg of exits) {
    const filled = filledOf([leg]);
    if (filled.gt(0) && (most === null || filled.gte(filledOf([most])))) most = leg;
  }
  if (most === null) return null;
  if (most.role === 'STOP') {
    // A close may have moved the stop to where it triggers at once (TRD-6).
    if (closeRequested !== null && !hasStopPrice(most, stopPrice)) return closeRequested;
    return most.orderType === 'TRAIL' ? 'trailing' : 'stop';
  }
  if (most.role === 'TARGET') {
    // Shares that got their stop again may still come to their own target.
    const isOwn = wished === null && samePrice(most.limitPrice, targetPrice);
    return isOwn ? 'target' : (closeRequested ?? 'target');
  }
  // A close that this system never wrote was made by others, whatever was wished for here.
  if (most.lastWriteMs === null) return 'external';
  return closeRequested ?? 'manual';
}
