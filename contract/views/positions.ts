/** Positions as they are read. */

export interface PositionView {
  readonly account_id: string;
  /** Null: EXTERNAL, held in the account but opened by nobody here. */
  readonly strategy_id: string | null;
  readonly symbol: string;
  /** Signed: below zero is short. */
  readonly quantity: string;
  readonly average_cost: string;
  /** The price it could be closed at by the newest quote; null without one. */
  readonly closing_price: string | null;
  readonly quote_at: string | null;
  readonly unrealized_pnl: string | null;
  /** The live trades behind it. */
  readonly trades: readonly PositionTrade[];
}

export interface PositionTrade {
  readonly trade_id: string;
  readonly state: string;
  readonly held_quantity: string;
  readonly stop_price: string | null;
  readonly target_price: string | null;
  /** Exactly what is held is covered by armed stops at the broker, as last known. */
  readonly is_protected: boolean;
  /** The market is closed now: stops sleep until its next open. False when its hours are not known. */
  readonly regular_hours_only: boolean;
  /**
   * So many shares more than the account holds could the exits of the contract fill, as after a close in TWS
   * until they are cancelled; null when none.
   */
  readonly excess_exits: string | null;
}

/** A trade that holds shares, or of which an order is or may be at the broker. */
export interface OpenTradeView {
  readonly trade_id: string;
  readonly account_id: string;
  readonly symbol: string;
  readonly side: string;
  readonly state: string;
  readonly held_quantity: string;
  /** What its entry is for, and what of it is filled. */
  readonly planned_quantity: string | null;
  readonly filled_quantity: string;
  /** What its entry may cost a share at the most, or bring at the least; null at the market. */
  readonly limit_price: string | null;
  readonly stop_price: string | null;
  /** Exactly what is held is covered by armed stops at the broker, as last known. */
  readonly is_protected: boolean;
  /** Since when it is not; null when it is, or nothing is held. */
  readonly unprotected_since: string | null;
}
