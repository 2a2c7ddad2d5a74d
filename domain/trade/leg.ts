/** A trade's leg: the order machine's leg and the terms that protection decides by. */
import type { OrderLeg } from '../orders/leg.js';
import type { DecimalText } from '../money.js';
import type { OrderType } from '../vocabulary.js';

export interface TradeLeg extends OrderLeg {
  /** 1 for the first of its role; repairs count up. */
  readonly sequence: number;
  readonly orderType: OrderType;
  /** As read back from the broker; as sent until then. */
  readonly limitPrice: DecimalText | null;
  readonly stopPrice: DecimalText | null;
  readonly ocaGroup: string | null;
  /** A modification was written and not yet read back or refused: one in flight per leg (TRD-5). */
  readonly modificationInFlight: boolean;
  /** The broker refused the last modification; the live order is as it was. */
  readonly modificationRefused: boolean;
  /** An exit of unknown fate that was sent again, without an answer: it may live, or never have. */
  readonly isDoubtful: boolean;
}
