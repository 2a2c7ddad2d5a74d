/**
 * The border to any broker. Adapters speak the broker's words inside and these words here.
 *
 * Three ways a write can end, and callers must tell them apart (BRK-2):
 *  - it was never written (`NotSentError`): safe to try again;
 *  - it was written (`SendReceipt`): the outcome arrives as events, or never;
 *  - the socket died around the write (`UnknownOutcomeError`): look it up, never repeat it blindly.
 */
import type { AccountSnapshot, ContractInfo } from '../contract/market.js';
import type { OrderTerms, TriggerMethod } from '../contract/orders.js';
import type {
  CommissionReport,
  ErrorClass,
  ExecutionReport,
  OrderError,
  OrderReport,
} from '../contract/broker-facts.js';
import type { BracketToSend, OrderToSend } from '../contract/sending.js';
import type { DecimalText } from '../domain/money.js';
import type { Approved } from '../domain/risk/approved.js';
import type { EpochMs, Instrument, Quote } from '../domain/vocabulary.js';

export type { AccountSnapshot, ContractInfo, OrderTerms, TriggerMethod };
export type { BracketToSend, OrderToSend };
export type { CommissionReport, ErrorClass, ExecutionReport, OrderError, OrderReport };

export interface BrokerCapabilities {
  readonly nativeBrackets: boolean;
  readonly ocaGroups: boolean;
  readonly modifyOrders: boolean;
  readonly whatIf: boolean;
  readonly goodTillDate: boolean;
  readonly streamingQuotes: boolean;
}

export interface SendOptions {
  /** An entry may not be written after this instant; null for cancels and protective work. */
  readonly sendBeforeMs: EpochMs | null;
  /** Called right before the write, in the same tick: throw to stop it (lease epoch, halt file). */
  readonly guard: () => void;
  readonly priority: SendPriority;
  /** Whose write it is, where a failpoint is meant for one trade only. */
  readonly tradeId?: string;
}

/** Repairs and cancels go before entries, entries before queries (BRK-7). */
export type SendPriority = 'protect' | 'entry' | 'query';

/** The last byte of the group was handed to the socket at this instant. */
export interface SendReceipt {
  readonly writtenAtMs: EpochMs;
}

/**
 * Nothing left this system. `reason` says why: not ready, too late, guard, queue full, connection
 * closed, or an order that can't be expressed (`invalid`: trying again won't help).
 */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
  constructor(
    readonly reason: 'not_ready' | 'too_late' | 'guard' | 'queue_full' | 'closed' | 'invalid',
    message: string,
  ) {
    super(message);
  }
}

/** Some or all of the group may have reached the broker. */
export class UnknownOutcomeError extends Error {
  override readonly name = 'UnknownOutcomeError';
}

/** A question without an answer in time, or cut off by a lost connection: asking again is safe. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** The broker answered a request with an error of its own. */
export class BrokerRequestError extends Error {
  override readonly name = 'BrokerRequestError';
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

export interface BrokerPosition {
  readonly account: string;
  readonly symbol: string;
  readonly brokerContractId: number;
  readonly quantity: DecimalText; // signed
  readonly averageCost: DecimalText;
}

/** What an order would cost, before it is sent (BRK-6); null where the broker gave no figure. */
export interface WhatIfReport {
  readonly initialMarginChange: DecimalText | null;
  readonly maintenanceMarginChange: DecimalText | null;
  readonly equityWithLoanAfter: DecimalText | null;
  readonly commission: DecimalText | null;
  readonly commissionCurrency: string;
  readonly warningText: string;
}

/** Three-part health (BRK-1). `ready` is the only state in which anything is written. */
export interface ConnectionState {
  readonly socket: 'down' | 'connecting' | 'up';
  /** False after 1100 / 2110 until re-synced. */
  readonly brokerServers: boolean;
  readonly dataFarms: boolean;
  readonly ready: boolean;
  readonly reason: string;
  readonly accounts: readonly string[];
  readonly nextValidId: number | null;
  readonly lastMessageAtMs: EpochMs | null;
  /** Broker clock minus ours, when measured. */
  readonly clockSkewMs: number | null;
}

export type BrokerEvent =
  | {
      readonly kind: 'order';
      readonly report: OrderReport;
      readonly receivedAtMs: EpochMs;
      /** From a list that was asked for: the present state, not a message on its way. */
      readonly listed?: boolean;
    }
  | { readonly kind: 'execution'; readonly report: ExecutionReport; readonly receivedAtMs: EpochMs }
  | {
      readonly kind: 'commission';
      readonly report: CommissionReport;
      readonly receivedAtMs: EpochMs;
    }
  | { readonly kind: 'order_error'; readonly error: OrderError; readonly receivedAtMs: EpochMs }
  | { readonly kind: 'account'; readonly snapshot: AccountSnapshot; readonly receivedAtMs: EpochMs }
  | { readonly kind: 'quote'; readonly symbol: string; readonly quote: Quote }
  | { readonly kind: 'connection'; readonly state: ConnectionState; readonly receivedAtMs: EpochMs }
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

export interface BrokerPort {
  readonly capabilities: BrokerCapabilities;
  state(): ConnectionState;
  /** Every callback, in the broker's order. Listeners run synchronously and must not throw. */
  onEvent(listener: (event: BrokerEvent) => void): () => void;

  /** Opens the one connection and keeps it: back-off, keep-alive, re-connect. Resolves at once. */
  open(): void;
  /**
   * Marks the connection ready after the owner has re-synced (lists read, orders known). Until then,
   * and again after each loss, `state().ready` is false and every write is refused.
   */
  declareSynced(): void;
  /** Closes the socket; what waited is refused with NotSentError. */
  close(): Promise<void>;

  /** Session order id → client order id for orders sent by an earlier process, read from the database. */
  learnOrders(known: readonly { sessionOrderId: number; clientOrderId: string }[]): void;

  resolveContract(instrument: Instrument): Promise<ContractInfo>; // BrokerRequestError 200 when unknown
  quoteSnapshot(instrument: Instrument): Promise<Quote>;
  /** Streams quotes as events until released. Bounded: throws when the line limit is reached. */
  watchQuote(instrument: Instrument): () => void;
  accountSnapshot(account: string): Promise<AccountSnapshot>;
  brokerTimeMs(): Promise<EpochMs>;
  /** Asks for margin and commission; nothing is placed. Needs a session order id of its own. */
  whatIf(order: OrderToSend): Promise<WhatIfReport>;

  openOrders(): Promise<Listing<OrderReport>>; // of all clients
  completedOrders(): Promise<Listing<OrderReport>>;
  executions(): Promise<Listing<ExecutionReport>>; // today's; commissions arrive as events
  positions(): Promise<Listing<BrokerPosition>>;

  /** Sends a bracket as one unit. Only an approved one is accepted (RSK-3). */
  placeBracket(bracket: Approved<BracketToSend>, options: SendOptions): Promise<SendReceipt>;
  /** Protective or closing orders: they reduce risk, so they need no approval. */
  placeExits(exits: readonly OrderToSend[], options: SendOptions): Promise<SendReceipt>;
  /** The same session order id with new terms. */
  modify(order: OrderToSend, options: SendOptions): Promise<SendReceipt>;
  cancel(sessionOrderId: number, options: SendOptions): Promise<SendReceipt>;
}
