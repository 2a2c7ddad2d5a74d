/** What the legs of a trade say about it. Pure: the same legs and flags give the same answer. */
import type { DecimalText } from '../money.js';
import type { Side } from '../vocabulary.js';
import type { TradeLeg } from './leg.js';
import type { BeforeEntryState, TradeState } from './states.js';

export interface TradeFlags {
  /** The entry's side. */
  readonly side: Side;
  /** The state while (or because) nothing was sent. */
  readonly beforeEntry: BeforeEntryState;
  /** Why a close was asked for (`manual`, `max_holding`, `session_end`, `flatten` …); null if not. */
  readonly closeRequested: string | null;
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
  /** Held, and exactly covered by armed stops. */
  readonly isProtected: boolean;
  /** A status told of more fills than executions have come. */
  readonly awaitsExecutions: boolean;
  /** Nothing is held, nothing works and nothing is unknown at the broker. */
  readonly isOver: boolean;
  /** `stop`, `target`, `trailing`, or the cause of the close; null until something was sold. */
  readonly exitReason: string | null;
}
