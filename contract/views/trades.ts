/** A trade in one line, and what a list of trades may be narrowed to. */
import { FINAL_STATES, TRADE_STATES, type TradeState } from '../../domain/trade/states.js';
import type { Side } from '../../domain/vocabulary.js';

export interface TradeSummary {
  readonly id: string;
  readonly signal_id: string;
  readonly strategy_id: string;
  readonly account_id: string;
  readonly symbol: string;
  readonly side: Side;
  readonly state: TradeState;
  readonly planned_quantity: string | null;
  readonly filled_quantity: string;
  readonly held_quantity: string;
  /** What sizing took as the entry. */
  readonly reference_price: string | null;
  readonly average_entry: string | null;
  readonly average_exit: string | null;
  readonly stop_price: string | null;
  readonly target_price: string | null;
  readonly is_protected: boolean;
  readonly exit_reason: string | null;
  readonly denial_codes: readonly string[];
  readonly failure: string | null;
  readonly gross_pnl: string | null;
  readonly commission: string | null;
  /** Net of commissions. */
  readonly realized_pnl: string | null;
  readonly r_multiple: string | null;
  /** Why the result may not be what the trade's own fills say; null: nothing speaks against it. */
  readonly doubt: string | null;
  readonly created_at: string;
  readonly opened_at: string | null;
  readonly closed_at: string | null;
  readonly updated_at: string;
}

/** What a list may be narrowed to: a state, or the groups `live` and `ended`. */
export const STATUS_FILTERS = ['live', 'ended', ...TRADE_STATES] as const;
export type StatusFilter = (typeof STATUS_FILTERS)[number];

export interface TradeFilter {
  readonly status?: StatusFilter | undefined;
  /** In any case: symbols are written in capitals. */
  readonly symbol?: string | undefined;
  readonly strategy?: string | undefined;
  readonly account?: string | undefined;
  readonly side?: Side | undefined;
  /** Taken in at this instant or later; ISO 8601. */
  readonly from?: string | undefined;
  /** Taken in before this instant. */
  readonly until?: string | undefined;
  /** The trade that the page before ended with. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A list of trades, and whether it leaves any out. */
export interface TradeList {
  /** Newest first. */
  readonly trades: readonly TradeSummary[];
  /** All that the filter lets through. */
  readonly total: number;
  /** True when the limit left some out. */
  readonly truncated: boolean;
}

/** Nothing of the trade happens any more by itself. */
export function hasEnded(state: TradeState): boolean {
  return FINAL_STATES.has(state);
}

/** It ended, and never opened: denied, refused, cancelled, expired, given up or failed. */
export function hasEndedUnopened(state: TradeState): boolean {
  return hasEnded(state) && state !== 'CLOSED';
}

/** What a name that a person typed stands for. */
export type TradeMatch =
  | { readonly kind: 'found'; readonly tradeId: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'ambiguous' };

export { TRADE_STATES };
