/**
 * The border to any broker. Adapters speak the broker's words inside and these words here.
 *
 * Three ways a write can end, and callers must tell them apart (BRK-2):
 *  - it was never written (`NotSentError`): safe to try again;
 *  - it was written (`SendReceipt`): the outcome arrives as events, or never;
 *  - the socket died around the write (`UnknownOutcomeError`): look it up, never repeat it blindly.
 */
import type { AccountSnapshot, ContractInfo, DailyClose } from '../contract/market.js';
import type { BrokerDay } from '../domain/broker/day.js';
import type {
  BrokerFact,
  CommissionReport,
  ErrorClass,
  ExecutionReport,
  OrderError,
  OrderReport,
} from '../domain/broker/fact.js';
import type { BracketToSend, OrderToSend, WireGroup } from '../domain/broker/group.js';
import type { WeeklyLogin } from '../domain/broker/parking.js';
import type { BrokerPosition, Snapshot } from '../domain/broker/snapshot.js';
import type { WhatIfReport } from '../domain/broker/what-if.js';
import type { DecimalText } from '../domain/money.js';
import type { OrderTerms, TriggerMethod } from '../domain/orders/terms.js';
import type { EpochMs, Instrument, OrderType, Quote } from '../domain/vocabulary.js';

export {
  BrokerRequestError,
  NoAnswerError,
  NotSentError,
  UnknownContractError,
  UnknownOutcomeError,
} from './errors.js';
export { messagesIn } from '../domain/broker/group.js';
export type { WireGroup, WireMessage } from '../domain/broker/group.js';
export type { BrokerPosition, Snapshot } from '../domain/broker/snapshot.js';
export type { AccountSnapshot, ContractInfo, DailyClose, OrderTerms, TriggerMethod };
export type { BracketToSend, OrderToSend, WhatIfReport };
export type { BrokerFact, CommissionReport, ErrorClass, ExecutionReport, OrderError, OrderReport };

/** What is not among them is refused with `NotSentError` `invalid`; nothing of it is sent (BRK-9). */
export interface BrokerCapabilities {
  readonly orderTypes: readonly OrderType[];
  readonly nativeBrackets: boolean;
  readonly ocaGroups: boolean;
  readonly modifyOrders: boolean;
  readonly whatIf: boolean;
  readonly goodTillDate: boolean;
  readonly streamingQuotes: boolean;
  /** Whether it tells what each execution cost, soon after it. */
  readonly commissions: boolean;
  /** Its day and nightly reset: when its lists prove nothing of a send. */
  readonly day: BrokerDay;
  /** Null where no day is known on which a person must log in. */
  readonly weeklyLogin: WeeklyLogin | null;
  readonly absence: AbsenceRule;
}

/** What must pass before two snapshots without an order can prove it absent. */
export interface AbsenceRule {
  /** From the end of the send, and from the generation's beginning, to the first of them. */
  readonly settleMs: number;
  /** Between the two, in one generation. */
  readonly betweenReadsMs: number;
}

export interface SlotRequest {
  /** At least what the group will be (`messagesIn`). */
  readonly messages: number;
  /** Protective work, cancels and closes go before entries, entries before queries (BRK-7). */
  readonly priority: 'protect' | 'entry';
  /** Waits no longer than until this instant. */
  readonly deadlineMs: EpochMs;
  /** Whose write it will be, where a failpoint is meant for one trade only. */
  readonly tradeId?: string;
}

/**
 * The turn to write one group. Nobody else gets one meanwhile, so that order ids which are given out
 * now are written in their order; a slot that is held too long is taken back.
 */
export interface Slot {
  /** Of the session that it was opened on; commit them with the claim. */
  readonly generation: number;
  readonly nextValidId: number;
  readonly accounts: readonly string[];
  /**
   * Writes the group in this tick, on the socket and in the generation of the opening, once.
   * @param guard called right before the write: throw to stop it (lease, halt file, modes, send_before).
   * @throws NotSentError when nothing was written; UnknownOutcomeError when some or all may have been.
   */
  write(group: WireGroup, guard: () => void): SendReceipt;
  /** Gives the turn up. Call it whatever happened; `write` has done so by itself. */
  release(): void;
}

/** The last byte of the group was handed to the socket at this instant. */
export interface SendReceipt {
  readonly writtenAtMs: EpochMs;
}

/** Three-part health (BRK-1). `ready` is the only state in which anything is written. */
export interface ConnectionState {
  readonly socket: 'down' | 'connecting' | 'up';
  /** False after 1100 / 2110 until re-synced. */
  readonly brokerServers: boolean;
  readonly dataFarms: boolean;
  readonly ready: boolean;
  /**
   * The stretch without a break that the connection is in: a new one begins with each handshake and each
   * loss or return of the broker's servers. 0 before the first.
   */
  readonly generation: number;
  readonly generationSinceMs: EpochMs | null;
  readonly reason: string;
  readonly accounts: readonly string[];
  /** Those of them that the broker calls paper accounts; left out: it says nothing, their ids do (RSK-6). */
  readonly paperAccounts?: readonly string[];
  readonly nextValidId: number | null;
  readonly lastMessageAtMs: EpochMs | null;
  /** Broker clock minus ours, when measured. */
  readonly clockSkewMs: number | null;
}

/** An order of this system, as the database remembers it. */
export interface KnownOrder {
  readonly sessionOrderId: number;
  readonly clientOrderId: string;
  readonly isLive?: boolean;
  /** The broker's ids of it, oldest first; empty or left out where the broker told none. */
  readonly brokerOrderIds?: readonly string[];
  /** What was sent, and when; for one whose fate nobody told. */
  readonly sent?: SentOrder;
}

export interface SentOrder {
  readonly account: string;
  readonly symbol: string;
  readonly terms: OrderTerms;
  readonly writtenAtMs: EpochMs;
  /** Of a change: what had been dealt before it. A broker that replaces orders sent the rest. Left out: a new order. */
  readonly filledBefore?: DecimalText;
}

export type BrokerEvent =
  | BrokerFact
  | { readonly kind: 'account'; readonly snapshot: AccountSnapshot; readonly receivedAtMs: EpochMs }
  | { readonly kind: 'quote'; readonly instrument: Instrument; readonly quote: Quote }
  /** What an account holds of a contract, as told with a new session and with each change: a hint to look. */
  | {
      readonly kind: 'position';
      readonly position: BrokerPosition;
      readonly receivedAtMs: EpochMs;
    }
  | { readonly kind: 'connection'; readonly state: ConnectionState; readonly receivedAtMs: EpochMs }
  /** Something the broker told was lost: only a new snapshot can say what. */
  | { readonly kind: 'snapshot_due'; readonly reason: string; readonly receivedAtMs: EpochMs }
  | {
      readonly kind: 'notice';
      readonly code: number;
      readonly message: string;
      readonly errorClass: ErrorClass;
      readonly receivedAtMs: EpochMs;
    };

/** A list with its end marker: `complete` is false when the deadline passed without one. */
export interface Listing<T> {
  readonly items: readonly T[];
  readonly complete: boolean;
  readonly startedAtMs: EpochMs;
  readonly endedAtMs: EpochMs;
}

/** How much of the broker's limit of messages is used now, and who waits for room. */
export interface PacingNumbers {
  readonly used: number;
  /** Messages in a second at the most. */
  readonly limit: number;
  /** Messages and turns to write, by priority. */
  readonly waiting: Readonly<Record<'proof' | 'protect' | 'entry' | 'query', number>>;
}

export interface BrokerPort {
  readonly capabilities: BrokerCapabilities;
  state(): ConnectionState;
  /** For people who watch; an adapter without a limit has none. */
  pacing?(): PacingNumbers;
  /** Every callback, in the broker's order. Listeners run synchronously and must not throw. */
  onEvent(listener: (event: BrokerEvent) => void): () => void;

  /** Opens the one connection and keeps it: back-off, keep-alive, re-connect. Resolves at once. */
  open(): void;
  /**
   * Marks the connection ready after the owner has re-synced (a complete snapshot is in the book). Until
   * then, and again after each loss, `state().ready` is false and every write is refused.
   * @param generation that of the snapshot.
   * @throws NotSentError `not_ready` when that generation is over.
   */
  declareSynced(generation: number): void;
  /** Closes the socket; what waited is refused with NotSentError. */
  close(): Promise<void>;

  /**
   * What an earlier process sent, read from the database. A broker that keeps no reference on its orders
   * knows them by nothing else.
   */
  learnOrders(known: readonly KnownOrder[]): void;

  /** @throws UnknownContractError, NoAnswerError. */
  resolveContract(instrument: Instrument): Promise<ContractInfo>;
  /** @throws UnknownContractError, BrokerRequestError, NoAnswerError. */
  quoteSnapshot(instrument: Instrument): Promise<Quote>;
  /** Streams quotes as events until released. Bounded: throws when the line limit is reached. */
  watchQuote(instrument: Instrument): () => void;
  /**
   * Closing prices of the last months, oldest first, adjusted for splits; that of a day that is not over is its
   * newest price. Few may be asked for in ten minutes: keep what comes.
   * @throws UnknownContractError, BrokerRequestError, NoAnswerError.
   */
  dailyCloses(instrument: Instrument): Promise<readonly DailyClose[]>;
  accountSnapshot(account: string): Promise<AccountSnapshot>;
  brokerTimeMs(): Promise<EpochMs>;
  /** Asks for margin and commission; nothing is placed. Needs a session order id of its own. */
  whatIf(order: OrderToSend): Promise<WhatIfReport>;

  /**
   * The one picture of the broker (BRK-12), begun after every write that ended before the call. Never
   * rejects: a picture that proves nothing says so.
   */
  snapshot(): Promise<Snapshot>;
  /**
   * What all accounts hold, asked for after the call: a bound for a sale, and no picture. A close neither
   * waits for the long lists of a picture nor shares one that was begun before. Incomplete when the
   * deadline or a lost connection came first.
   * @throws NotSentError when it was never asked for.
   */
  positions(): Promise<Listing<BrokerPosition>>;
  /**
   * Waits until the link is READY, the pacing window has room and it is this one's turn. What waits
   * holds no order ids, and goes on waiting over re-connections.
   * @throws NotSentError when the deadline passed (`not_ready`, `too_late`), too many wait
   * (`queue_full`), the port was closed (`closed`) or the group is too large (`invalid`).
   */
  openSlot(request: SlotRequest): Promise<Slot>;
}
