/** One trade as it is read, whole (TRD-8). */
import type { Side, TimeInForce } from '../../domain/vocabulary.js';
import type { Json, JsonObject } from './json.js';
import type { ExecutionView, OrderView } from './orders.js';
import type { TradeSummary } from './trades.js';

export interface TradeDetail extends TradeSummary {
  /** The signal as parsed, before defaults. */
  readonly signal: JsonObject;
  readonly decisions: readonly DecisionView[];
  readonly orders: readonly OrderView[];
  readonly executions: readonly ExecutionView[];
  readonly commands: readonly CommandView[];
  readonly timeline: readonly TimelineEntry[];
  /** What the entry cost against the price that was sized with; positive is worse. */
  readonly entry_slippage: string | null;
  /**
   * From the first fill to the broker's first word of a stop, in milliseconds; 0 where the stop stood before, null
   * while either is missing.
   */
  readonly stop_delay_ms: number | null;
}

export interface DecisionView {
  readonly id: string;
  readonly kind: string;
  readonly verdict: 'approved' | 'denied';
  readonly codes: readonly string[];
  readonly findings: readonly FindingView[];
  readonly sizing: SizingView | null;
  readonly plan: PlanView | null;
  /** Everything the decision was made from. */
  readonly inputs: Json;
  readonly decided_at: string;
}

/** The bracket as it was approved. */
export interface PlanView {
  readonly side: Side;
  readonly quantity: string;
  readonly entry: {
    readonly order_type: 'MKT' | 'LMT';
    readonly limit_price: string | null;
    /** The limit is a collar around a market entry. */
    readonly collared: boolean;
    readonly time_in_force: TimeInForce;
    /** At the broker with GTD; else this system cancels it then. */
    readonly good_till_ms: number | null;
    /** Its exits are placed after its fills; left out: they go with it. */
    readonly goes_alone?: true;
  };
  readonly stop_price: string;
  readonly target_price: string | null;
  /** What sizing took as the entry. */
  readonly reference_price: string;
  readonly stop_loss_pct: string | null;
  readonly take_profit_pct: string | null;
  readonly approved_risk: string;
  readonly reservation: {
    readonly cash: string;
    readonly exposure: string;
    readonly open_risk: string;
  };
  readonly close_by_ms: number | null;
  /** What stood in for something the signal left open. */
  readonly applied_defaults: readonly { readonly field: string; readonly value: string }[];
}

export interface FindingView {
  readonly code: string;
  readonly measured: string;
  readonly limit: string;
}

export interface SizingView {
  readonly inputs: Readonly<Record<string, string | null>>;
  readonly raw_quantity: string;
  /** In the order in which they are taken. */
  readonly caps: Readonly<Record<string, string>>;
  readonly bound_by: string | null;
  readonly approved: boolean;
  readonly quantity: string;
  readonly refusal: string | null;
  readonly risk_amount: string | null;
  readonly risk_percent: string | null;
  readonly position_value: string | null;
  readonly reward_risk: string | null;
}

export interface CommandView {
  readonly key: string;
  readonly kind: string;
  readonly verdict: 'pending' | 'accepted' | 'refused';
  readonly reason: string | null;
  readonly actor: string;
  readonly created_at: string;
  readonly done_at: string | null;
}

export interface TimelineEntry {
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly summary: string;
  readonly detail: Json;
}
