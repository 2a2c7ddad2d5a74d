/** What protection may ask of the broker, and what it decides from (TRD-3, TRD-4, TRD-6). */
import type { DecimalText } from '../money.js';
import type { EpochMs, Quote, Side } from '../vocabulary.js';
import type { TradeLeg } from './leg.js';

export interface ProtectionInput {
  readonly nowMs: EpochMs;
  /** The entry's side. */
  readonly side: Side;
  readonly legs: readonly TradeLeg[];
  /** As approved, or as moved since; on the contract's increment. */
  readonly stopPrice: DecimalText;
  readonly targetPrice: DecimalText | null;
  readonly closeRequested: boolean;
  readonly cancelEntryRequested: boolean;
  /** Signed: what of the account's net position may be the trade's (own-share.ts); null while unknown. */
  readonly brokerNet: DecimalText | null;
  readonly quote: Quote | null;
  readonly priceIncrement: DecimalText;
  /** Since when shares are held without enough armed stops; null when they are covered. */
  readonly unarmedSinceMs: EpochMs | null;
  /** When an exit last filled; null when none did. */
  readonly lastExitFillMs: EpochMs | null;
  /** What is known of the link; null: there was no picture yet. */
  readonly link: LinkFacts | null;
  /** Of an entry that goes alone; absent: its exits go with it. */
  readonly alone?: AloneEntry;
}

/** An entry whose broker knows neither brackets nor groups: exits stand by themselves, one at a time. */
export interface AloneEntry {
  /** When this system ends it; null: its own terms do. */
  readonly endsAtMs: EpochMs | null;
}

/** Since when the picture of the broker can be relied on. */
export interface LinkFacts {
  /**
   * The link has been READY without a break since; null: it isn't, or so many trades lack their stops that none may
   * be sold for that (TRD-3).
   */
  readonly readySinceMs: EpochMs | null;
  /** When the newest complete picture was begun. */
  readonly pictureAtMs: EpochMs;
}

/** Why an action is taken, for the timeline. */
export type ActionCause =
  | 'cancel_requested'
  | 'close_requested'
  /** Nobody asked: the shares lack a stop, and are sold for that (flatten.ts). */
  | 'flatten'
  | 'exit_filled_while_entering'
  | 'unarmed_while_entering'
  | 'exit_lost_while_entering'
  | 'nothing_held'
  | 'overfilled'
  | 'duplicate_leg'
  | 'not_wanted'
  | 'quantity'
  | 'price'
  | 'missing_exit'
  | 'differs'
  | 'half_sent'
  | 'stray';

/** The cause of a sale for want of a stop, and the exit reason of what it sold. */
export const FLATTEN = 'flatten';

export type ProtectiveAction =
  | { readonly kind: 'cancel'; readonly legId: string; readonly cause: ActionCause }
  | {
      readonly kind: 'modify';
      readonly legId: string;
      /** The order's new total: what it filled plus what shall still work. */
      readonly quantity: DecimalText;
      readonly limitPrice: DecimalText | null;
      readonly stopPrice: DecimalText | null;
      readonly cause: ActionCause;
    }
  /** New exits that stand on their own: all given legs in one OCA group of type 2. */
  | {
      readonly kind: 'place_exits';
      readonly quantity: DecimalText;
      readonly stopPrice: DecimalText | null;
      readonly targetPrice: DecimalText | null;
      /** A live group to join; null: a new group. */
      readonly ocaGroup: string | null;
      readonly cause: ActionCause;
    }
  /** A new CLOSE leg: a market order. */
  | {
      readonly kind: 'market_close';
      readonly side: Side;
      readonly quantity: DecimalText;
      /** The group of an order of unknown fate that it doubles; null: a new group. */
      readonly ocaGroup: string | null;
      readonly cause: ActionCause;
    }
  /** A cancel of an order id for which no order of the book stands. */
  | {
      readonly kind: 'cancel_id';
      readonly legId: string;
      readonly sessionOrderId: number;
      readonly cause: ActionCause;
    };

export interface ProtectionPlan {
  /** In the order in which they must be sent; empty when nothing is to be done now. */
  readonly actions: readonly ProtectiveAction[];
  /** Look again at this time even if nothing comes; null when it is settled. */
  readonly recheckAtMs: EpochMs | null;
  /** What it waits for, for people; null when settled. */
  readonly waitsFor: string | null;
  /** What comes when the wait has not ended by then (TRD-16); null when settled. */
  readonly then: NextStep | null;
  /** It waits for a picture of the broker, now; absent: it doesn't. */
  readonly needsPicture?: boolean;
}

/**
 * Plan again; take a picture of the broker first; ask for facts that are on their way; or ask a person
 * (and plan again).
 */
export type NextStep = 'plan' | 'look_up' | 'facts' | 'person';
