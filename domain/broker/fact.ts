/** What a broker tells of orders and money, in this system's words. Decimals are text. */
import type { DecimalText } from '../money.js';
import type { EpochMs, OrderStatus, Side } from '../vocabulary.js';
import { ENDED } from '../orders/table.js';
import type { OrderTerms } from '../orders/terms.js';

/**
 * An order as the broker shows it. `clientOrderId` is the reference found on it, or known for its ids;
 * null without one. Other systems set references too: whether it is this one's is the caller's to say.
 * In completed orders the broker gives no session ids: 0 and client -1 unless known from this session.
 */
export interface OrderReport {
  readonly clientOrderId: string | null;
  /** Account-wide durable id (IBKR's permId) as text; null before the broker gave one. */
  readonly brokerOrderId: string | null;
  readonly sessionOrderId: number;
  readonly sessionClientId: number;
  readonly account: string;
  readonly symbol: string | null;
  readonly brokerContractId: number | null;
  readonly status: OrderStatus;
  /** The broker's own word, for people. */
  readonly brokerStatus: string;
  /** `trigger`, `locate`, `child`, or empty: why the broker holds it. */
  readonly whyHeld: string;
  readonly filledQuantity: DecimalText;
  readonly remainingQuantity: DecimalText;
  readonly averageFillPrice: DecimalText | null;
  /** As read back; null where the message carries none (a bare status). */
  readonly terms: OrderTerms | null;
  readonly parentSessionOrderId: number | null;
}

export interface ExecutionReport {
  readonly executionId: string;
  /** The part that corrections share, and the correction's number (1 for the first report). */
  readonly executionKey: string;
  readonly correction: number;
  readonly clientOrderId: string | null;
  readonly brokerOrderId: string | null;
  readonly sessionOrderId: number;
  readonly sessionClientId: number;
  readonly account: string;
  readonly symbol: string;
  readonly brokerContractId: number;
  readonly side: Side;
  readonly quantity: DecimalText;
  readonly price: DecimalText;
  readonly executedAtMs: EpochMs;
}

export interface CommissionReport {
  readonly executionId: string;
  /** The account of its execution; null when this session never saw that one. Never a guess. */
  readonly account: string | null;
  readonly commission: DecimalText;
  readonly currency: string;
  readonly brokerRealizedPnl: DecimalText | null;
}

/** What an error code means for an order (BRK-4): from the one table of codes. */
export type ErrorClass = 'information' | 'warning' | 'rejection' | 'terminal' | 'unknown';

export interface OrderError {
  readonly clientOrderId: string | null;
  readonly sessionOrderId: number;
  readonly code: number;
  readonly message: string;
  readonly errorClass: ErrorClass;
  /**
   * What was refused. `errorClass` speaks of this: a `rejection` about a cancel or a modification
   * leaves the order itself as it was. `write`: this one message was refused (an order id that was
   * used before); whether an order of that id lives is not said.
   */
  readonly about: 'order' | 'cancel' | 'modification' | 'write';
  /**
   * The order was taken, and is kept from the exchange until its market opens: then it goes to work by itself.
   * Absent: nothing of the kind is said.
   */
  readonly heldUntilOpen?: {
    /** When that is; null when it can't be read. */
    readonly opensMs: EpochMs | null;
  };
}

/**
 * One thing that a broker told, from the port to the book: the only shape of a broker's fact. Facts of an
 * older generation of the connection still count where they are final (executions, commissions, ends);
 * what they say of a live order proves nothing.
 */
export type BrokerFact =
  | {
      readonly kind: 'order';
      readonly report: OrderReport;
      readonly receivedAtMs: EpochMs;
      /** From a snapshot that was asked for: the present state, not a message on its way. */
      readonly listed: boolean;
      /** The connection's generation that told it; absent: written down before this was noted. */
      readonly generation?: number;
      /** The lease under which its worker held the connection, as text; absent as above. */
      readonly epoch?: string;
    }
  | { readonly kind: 'execution'; readonly report: ExecutionReport; readonly receivedAtMs: EpochMs }
  | {
      readonly kind: 'commission';
      readonly report: CommissionReport;
      readonly receivedAtMs: EpochMs;
    }
  | { readonly kind: 'order_error'; readonly error: OrderError; readonly receivedAtMs: EpochMs };

/**
 * One session of the connection. Generations count up in memory, so a worker that was cut off from the database
 * may be at a higher one than the worker that took its lease: the lease comes first.
 */
export interface BrokerSessionId {
  /** The lease's epoch, as text; absent: whichever. */
  readonly epoch?: string;
  readonly generation: number;
}

/**
 * What still counts of a fact once a whole picture of a later session is laid over the books: of an order
 * its end, and neither its terms nor that it lives, for the picture is newer. Null when nothing does.
 */
export function outlivedBy(fact: BrokerFact, picture: BrokerSessionId): BrokerFact | null {
  if (fact.kind !== 'order' || !isOlder(fact, picture)) return fact;
  return ENDED.has(fact.report.status)
    ? { ...fact, report: { ...fact.report, terms: null } }
    : null;
}

function isOlder(told: Partial<BrokerSessionId>, session: BrokerSessionId): boolean {
  if (told.generation === undefined) return false;
  const isKnown = told.epoch !== undefined && session.epoch !== undefined;
  const byLease = isKnown ? BigInt(told.epoch) - BigInt(session.epoch) : 0n;
  return byLease === 0n ? told.generation < session.generation : byLease < 0n;
}
