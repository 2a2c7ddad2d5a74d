/** What is handed to a broker to write: ordered messages that leave together or not at all. */
import type { OrderTerms } from '../orders/terms.js';
import type { Approved } from '../risk/approved.js';
import type { Instrument } from '../vocabulary.js';

/** One order to send. The session order id comes from this system's own sequence, never the library. */
export interface OrderToSend {
  readonly clientOrderId: string;
  readonly sessionOrderId: number;
  readonly account: string;
  readonly instrument: Instrument;
  readonly terms: OrderTerms;
}

/**
 * An entry with its exits, sent as one indivisible group: exits are children of the entry, in the order
 * of the wire. The stop stands last and transmits, so that no lost message leaves an entry without one.
 */
export interface BracketToSend {
  readonly entry: OrderToSend;
  readonly exits: readonly OrderToSend[];
}

/** A message that opens no risk: an exit, a close, a change, a cancel. */
export type WireMessage =
  | { readonly kind: 'place'; readonly order: OrderToSend }
  /** The same session order id with new terms. */
  | { readonly kind: 'modify'; readonly order: OrderToSend }
  | { readonly kind: 'cancel'; readonly sessionOrderId: number };

/** Messages of one write, in the order of its members: cancels, then the bracket, then the rest. */
export interface WireGroup {
  /** Session order ids of the trade's older groups: a straggler of theirs then meets its cancel. */
  readonly cancelsFirst: readonly number[];
  /** Opens risk, so only an approved one is taken (RSK-3). */
  readonly bracket: Approved<BracketToSend> | null;
  readonly messages: readonly WireMessage[];
}

/** How many protocol messages the group is: what a slot must be asked for. */
export function messagesIn({ cancelsFirst, bracket, messages }: WireGroup): number {
  const ofBracket = bracket === null ? 0 : 1 + bracket.exits.length;
  return cancelsFirst.length + ofBracket + messages.length;
}
