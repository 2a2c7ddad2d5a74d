/** Cash that was moved into an account or out of it, and what its day is measured from (RSK-8). */

export interface MovementView {
  readonly account_id: string;
  /** Names it within the account. */
  readonly reference: string;
  /** `deposit` or `withdrawal`; from statements also `dividend`, `tax`, `interest`, `fee`, `other`, which are results. */
  readonly kind: string;
  /** In the account's base currency: above zero where it came, below where it left. */
  readonly amount: string;
  readonly currency: string;
  /** As the statement has it; null where a person told it. */
  readonly told_amount: string | null;
  readonly told_currency: string | null;
  readonly at: string;
  /** `person`, or `flex`: the broker's statement. */
  readonly source: string;
  /** The reference of the movement that this is the same as, told before by the other source: that one counts. */
  readonly same_as: string | null;
  readonly note: string | null;
  /** Who told it. */
  readonly actor: string;
  readonly recorded_at: string;
}

/** The day of an account so far. */
export interface DayView {
  readonly account_id: string;
  readonly currency: string;
  /** The trading day, `2026-11-24`: it goes on until the next one's open. */
  readonly day: string;
  /** Net liquidation that it is measured from; null: nobody has written one down. */
  readonly measured_from: string | null;
  /** When the broker gave that. */
  readonly measured_at: string | null;
  /** Deposits less withdrawals since. */
  readonly net_flows: string;
  readonly net_liquidation: string | null;
  readonly values_at: string | null;
  /** Net liquidation less both of them; null where one is not known. */
  readonly result: string | null;
  /** The loss of the day has reached its limit: no entry until the next day begins. */
  readonly loss_reached: boolean;
}

/** What an account was worth, and how its day stood, by values of the broker's. */
export interface EquityView {
  readonly account_id: string;
  readonly currency: string;
  /** When the broker gave the values. */
  readonly at: string;
  /** The trading day that they are of. */
  readonly day: string;
  /** `close`: of the session's end. */
  readonly kind: 'intraday' | 'close';
  readonly net_liquidation: string;
  readonly total_cash: string;
  /** Deposits less withdrawals since what the day is measured from: in no result. */
  readonly net_flows: string;
  /** Net results of the trades that closed in the day so far. */
  readonly realized_pnl: string;
  /** The rest of the day's result: open positions, and what no trade of Ballast's made; null: not measured. */
  readonly unrealized_pnl: string | null;
}
