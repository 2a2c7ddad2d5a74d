/** One leg of a trade as this system knows it, in plain JSON. */
import type { DecimalText } from '../money.js';
import type { EpochMs, LegRole, OrderStatus, Side } from '../vocabulary.js';

/** An execution that counts: corrections replace by key, a bust leaves quantity 0. */
export interface LegExecution {
  readonly executionId: string;
  /** The part that corrections share. */
  readonly executionKey: string;
  /** 1 for the first report; the highest wins. */
  readonly correction: number;
  readonly quantity: DecimalText;
  readonly price: DecimalText;
}

/** An execution as it is kept: what a bust took away is still counted in the broker's own figures. */
export interface BookedExecution extends LegExecution {
  /** The most that any report of it told. */
  readonly toldQuantity: DecimalText;
  /** It filled an earlier order of the same reference, not the one that the leg stands for. */
  readonly ofEarlier?: true;
}

/** The newest fill figures of a status message: hints until the executions have come. */
export interface ReportedFill {
  readonly filled: DecimalText;
  readonly remaining: DecimalText;
  /** The broker called the order filled. */
  readonly done: boolean;
  /** Since when it tells of more fills than executions have come; absent: all have, or nobody knows. */
  readonly sinceMs?: EpochMs;
}

export interface LegError {
  readonly code: number;
  readonly message: string;
}

/** NEW: only recorded. SENDING: about to be, or was, written. SENT: written, or seen at the broker. */
export type SendIntent = 'NEW' | 'SENDING' | 'SENT';

export interface OrderLeg {
  readonly legId: string;
  readonly role: LegRole;
  readonly side: Side;
  /** As sent, or as last read back from the broker. */
  readonly quantity: DecimalText;
  readonly intent: SendIntent;
  readonly status: OrderStatus;
  /** Why the broker holds it (`child`, `locate` …); empty when it doesn't. */
  readonly whyHeld: string;
  /** From executions alone, of all orders that ever had its reference. */
  readonly filledQuantity: DecimalText;
  readonly averagePrice: DecimalText | null;
  readonly executions: readonly BookedExecution[];
  readonly reported: ReportedFill | null;
  readonly error: LegError | null;
}

/** What can happen to a leg, in no broker's words. Statuses are already this system's. */
export type OrderEvent =
  /** The intent was committed; the write comes next. */
  | { readonly kind: 'sendStarted' }
  /** Nothing was written, and nothing will be: the leg is given up. */
  | { readonly kind: 'sendFailed'; readonly message: string }
  /** Nothing of it is at the broker: it is only recorded again, and may be planned anew. */
  | { readonly kind: 'sendWithdrawn' }
  /** Refused only because its parent never arrived: it never lived, and may be planned anew with it. */
  | { readonly kind: 'parentNeverArrived' }
  /** Written, and no answer: the fate is unknown. */
  | { readonly kind: 'outcomeUnknown'; readonly message: string }
  /** First sign of life from the broker. */
  | { readonly kind: 'acknowledged' }
  | {
      readonly kind: 'statusReported';
      readonly status: OrderStatus;
      readonly filled: DecimalText;
      readonly remaining: DecimalText;
      readonly whyHeld: string;
      /** When it was received; absent: nobody noted it. */
      readonly atMs?: EpochMs;
    }
  /** The order's terms as read back: its total quantity at the broker (OCA may have reduced it). */
  | { readonly kind: 'quantityRead'; readonly quantity: DecimalText }
  | ({ readonly kind: 'executed' } & LegExecution & Pick<BookedExecution, 'ofEarlier'>)
  /** A correction or, with quantity 0, a bust. */
  | ({ readonly kind: 'executionCorrected' } & LegExecution & Pick<BookedExecution, 'ofEarlier'>)
  | { readonly kind: 'rejected'; readonly code: number; readonly message: string }
  /** A cancel is about to be, or was, written to the broker. */
  | { readonly kind: 'cancelRequested' }
  /** The cancel was not written after all. */
  | { readonly kind: 'cancelWithdrawn' }
  | { readonly kind: 'cancelRejected'; readonly code: number; readonly message: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'expired' }
  /** A look-up found it among open orders, executions or completed orders. */
  | { readonly kind: 'foundPresent'; readonly status: OrderStatus; readonly whyHeld: string }
  /** A look-up proved that the broker never had it (BRK-2). */
  | { readonly kind: 'provenAbsent' }
  /** The broker had shown it, and it is gone from its lists without a word (BRK-12). */
  | { readonly kind: 'vanished' };

export interface OrderStep {
  readonly leg: OrderLeg;
  readonly changed: boolean;
  /** For the timeline, when what came is odd. */
  readonly note?: string;
}
