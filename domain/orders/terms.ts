/** The terms of an order, as wanted, as sent and as read back. Unset fields are null; decimals are text. */
import type { DecimalText } from '../money.js';
import type { EpochMs, OrderType, Side, TimeInForce } from '../vocabulary.js';

export type TriggerMethod = 'last' | 'bid_ask' | 'double_bid_ask' | 'last_or_bid_ask' | 'midpoint';

/** Everything an order can ask for. */
export interface OrderTerms {
  readonly side: Side;
  readonly orderType: OrderType;
  readonly quantity: DecimalText;
  readonly limitPrice: DecimalText | null;
  readonly stopPrice: DecimalText | null;
  /** TRAIL: an amount, or a percent as a fraction (0.01 = 1 %); never both. */
  readonly trailAmount: DecimalText | null;
  readonly trailFraction: DecimalText | null;
  readonly timeInForce: TimeInForce;
  /** Set with GTD. */
  readonly goodTillMs: EpochMs | null;
  readonly outsideRegularHours: boolean;
  readonly ocaGroup: string | null;
  /** 1 cancel with block, 2 reduce with block, 3 reduce without block; null without a group. */
  readonly ocaType: 1 | 2 | 3 | null;
  readonly triggerMethod: TriggerMethod | null;
}
