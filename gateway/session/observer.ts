/**
 * What an onlooker (the ledger) is told of the wire: every message as it arrived, every order as it
 * was read, and how connections came and went. Calls are synchronous and must be cheap; times are
 * wall-clock epoch milliseconds.
 */
import type { OrderRequest } from '../exchange/api.js';

/** What became of a placeOrder at the wire, before the exchange said anything. */
export type OrderReceipt =
  | 'passed' // handed to the exchange
  | 'what-if' // answered as a preview, never an order
  | 'dropped' // forgotten by a fault
  | 'refused'; // not passed on: unreadable or not allowed

export interface SessionObserver {
  /** A client id was accepted (startApi answered). */
  onConnected?(clientId: number, atMs: number): void;
  /** A socket that had a client id is gone; `reason` is for people. */
  onDisconnected?(clientId: number, reason: string, atMs: number): void;
  /** Every frame of a client after startApi, known or not; `bytes` is its length without the prefix. */
  onMessageReceived?(clientId: number, messageId: number, bytes: number, atMs: number): void;
  /** Every placeOrder that could be read, before it is passed on; also those a fault swallows. */
  onOrderReceived?(
    clientId: number,
    orderId: number,
    request: OrderRequest,
    receipt: OrderReceipt,
    atMs: number,
  ): void;
  /** Every cancelOrder and global cancel (`orderId` -1); also those a fault swallows. */
  onCancelReceived?(
    clientId: number,
    orderId: number,
    receipt: Extract<OrderReceipt, 'passed' | 'dropped'>,
    atMs: number,
  ): void;
  /**
   * A frame about an order (openOrder, orderStatus, execDetails, completedOrder) was written to the
   * socket of a client: from now on it can know of the order. Not called for frames a fault withholds.
   */
  onOrderTold?(toClientId: number, permId: number, atMs: number): void;
  /** The client sent more than the allowed messages in a second; the third breach ends its session. */
  onPacingViolation?(clientId: number, breaches: number, atMs: number): void;
}
