/** What the books of one account say, as a reconciliation compares them. */
import type { DecimalText } from '../money.js';
import type { Book } from '../trade/book.js';
import type { GuardedTrade } from '../trade/guard.js';
import type { EpochMs, Side } from '../vocabulary.js';

/** A contract of the account. */
export interface BookedContract {
  readonly brokerContractId: number;
  readonly symbol: string;
  /** Signed: what the strategies hold together. */
  readonly managed: DecimalText;
  /** Signed: what is counted as somebody else's. */
  readonly external: DecimalText;
  /** Per share, of what the strategies hold; null: unknown. */
  readonly averageCost: DecimalText | null;
  /** Of the last quote; null: unknown. */
  readonly lastPrice: DecimalText | null;
  /** Why its symbol waits for a person as after a split; absent or null: it doesn't. */
  readonly splitSeen?: string | null;
  /** This database has sent an order in it, whenever. */
  readonly hasOwnOrders: boolean;
  /** The newest trade of it that has sent one, over or not; absent or null: none is known, or nobody asked. */
  readonly newestTradeId?: string | null;
}

/** An own order that a picture names, as the database knows it. */
export interface KnownOrder {
  readonly clientOrderId: string;
  readonly tradeId: string;
}

/** An execution that came long after it had happened. */
export interface LateExecution {
  readonly executionId: string;
  readonly tradeId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: DecimalText;
  readonly price: DecimalText;
  readonly executedAtMs: EpochMs;
  readonly receivedAtMs: EpochMs;
}

export interface AccountBooks {
  /** The broker's id of the account. */
  readonly account: string;
  readonly installationId: string;
  readonly contracts: readonly BookedContract[];
  /** Those that aren't over, with their live legs. */
  readonly trades: readonly GuardedTrade[];
  /** Of the references that the picture names, those that the database has. */
  readonly knownOrders: readonly KnownOrder[];
  /** Of those that it lacks, the ones after which a person has lifted a recovery mode. Absent: none. */
  readonly seenReferences?: ReadonlySet<string>;
  /** Of the executions that the picture names, those that the database has. */
  readonly knownExecutions: ReadonlySet<string>;
  /** Told late since the run before this one. */
  readonly lateExecutions: readonly LateExecution[];
  /** Trades whose reservation may not be what it should be. Absent: nobody asked. */
  readonly reserved?: readonly Book[];
}
