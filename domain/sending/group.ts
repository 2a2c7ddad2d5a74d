/**
 * What is written to a broker in one go: messages in their order, and the incarnations that they are.
 * A group is claimed whole, written in one tick, and judged by its incarnations.
 */
import type { OrderToSend } from '../broker/group.js';
import type { DecimalText } from '../money.js';
import type { EpochMs } from '../vocabulary.js';

/** One claimed write of a leg: its place in the leg's history. */
export interface WriteRef {
  readonly legId: string;
  readonly n: number;
}

export type SendMessage =
  | ({ readonly kind: 'cancel'; readonly sessionOrderId: number } & WriteRef)
  | ({ readonly kind: 'modify'; readonly order: OrderToSend } & WriteRef)
  | ({ readonly kind: 'place'; readonly order: OrderToSend } & WriteRef);

export interface SendGroup {
  /** Names the group on its incarnations: all messages of one write share it. */
  readonly key: string;
  /** `bracket` opens risk: its place messages are parent, target, stop, and the stop transmits. */
  readonly kind: 'bracket' | 'protective';
  /** In the order of writing; cancels of older groups stand first. */
  readonly messages: readonly SendMessage[];
}

/** Who sends: what a claim is made with and later compared by. */
export interface Sender {
  /** The connection's lease epoch, as text: it is a 64-bit number. */
  readonly epoch: string;
  /** The generation of the connection that the write belongs to. */
  readonly generation: number;
  readonly sessionClientId: number;
  /** The broker's day of the claim (`2026-04-06`). */
  readonly brokerDay: string;
  readonly nowMs: EpochMs;
}

/** What a position list must say for the book to explain it. */
export interface ExpectedPosition {
  readonly account: string;
  readonly brokerContractId: number;
  /** Signed, over every strategy and what is external. */
  readonly quantity: DecimalText;
  /** Per share, over all of it; null or absent: unknown. */
  readonly averageCost?: DecimalText | null;
}
