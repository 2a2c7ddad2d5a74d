/**
 * What workflows may ask of the outside world, by where it runs. Every call is idempotent by trade id:
 * it reads the trade's rows first and does only what they don't show as done, so it may run any number
 * of times. Inputs and results are plain JSON.
 */
import type { DecimalText } from '../domain/money.js';
import type { EpochMs } from '../domain/vocabulary.js';
import type { CommandAnswer, TradeSnapshot } from './workflows.js';

export interface TradeRef {
  readonly tradeId: string;
}

// ── plan: one database transaction, run as a local activity of the first workflow task ────────────

export type PlanOutcome =
  /** Contract, quote or account values are missing or old: the broker worker must fetch them first. */
  | { readonly kind: 'needs_market'; readonly missing: readonly string[] }
  /** Only the link to the broker is missing, and the signal may wait for it (BRK-11). */
  | {
      readonly kind: 'parked';
      /** For people: what is missing. */
      readonly cause: string;
      /** From then on it is denied. */
      readonly untilMs: EpochMs;
      readonly snapshot: TradeSnapshot;
    }
  /** Without codes: it ended before, or was cancelled. */
  | { readonly kind: 'denied'; readonly codes: readonly string[]; readonly snapshot: TradeSnapshot }
  | {
      readonly kind: 'approved';
      readonly decisionId: string;
      readonly snapshot: TradeSnapshot;
      /** For people: `BUY 40 AAPL @ 190.00 stop 185.00 target 200.00`. */
      readonly summary: string;
      readonly quantity: DecimalText;
      /** The signal asked to be flat by then (before the contract's own close); null if it didn't. */
      readonly closeByMs: EpochMs | null;
    };

export interface PlanInput extends TradeRef {
  /** True when the market was fetched on demand a moment ago: then decide with what there is. */
  readonly final: boolean;
  /** How long it may wait for the link, as an earlier plan of it said. */
  readonly parkedUntilMs?: EpochMs | null;
}

export interface WarmInput extends TradeRef {
  /** Goes on trying until then; without it, once. */
  readonly untilMs?: EpochMs;
}

// ── enter: the irreversible step, guarded by its row ─────────────────────────────────────────────

export type EntryOutcome =
  | { readonly kind: 'acknowledged'; readonly snapshot: TradeSnapshot }
  /** The broker said no; nothing works and nothing is held. */
  | { readonly kind: 'refused'; readonly reason: string; readonly snapshot: TradeSnapshot }
  /** Nothing left this system: safe to plan again. */
  | { readonly kind: 'not_sent'; readonly reason: string; readonly snapshot: TradeSnapshot }
  /** Written, unanswered: look it up. */
  | { readonly kind: 'unknown'; readonly snapshot: TradeSnapshot };

// ── the rest ─────────────────────────────────────────────────────────────────────────────────────

export interface SettleOutcome {
  readonly snapshot: TradeSnapshot;
  readonly realizedPnl: DecimalText | null;
  readonly summary: string;
}

export interface CommandRequest extends TradeRef {
  readonly kind: 'close' | 'cancel_entry';
  readonly key: string;
  readonly actor: string;
  /** Why a close was asked for: `manual`, `max_holding` … becomes the exit reason. */
  readonly cause: string;
}

export interface CommandOutcome extends CommandAnswer {
  readonly snapshot: TradeSnapshot;
}

/** Local activities of the trade worker: one database transaction each. */
export interface LocalActivities {
  plan(input: PlanInput): Promise<PlanOutcome>;
  recordCommand(input: CommandRequest): Promise<CommandOutcome>;
  /** What became of an entry that no worker took in time: `not_sent` to plan again, or `unknown`. */
  withdrawEntry(input: TradeRef): Promise<EntryOutcome>;
}

/** On the trades queue. */
export interface LedgerActivities {
  /** Waits (bounded) for commissions, books lots and P&L, releases the reservation, ends the trade. */
  settle(input: TradeRef): Promise<SettleOutcome>;
  /** Ends a trade that never sent anything, for the reason given; one in flight stays as it is. */
  abandon(input: TradeRef & { readonly reason: string }): Promise<TradeSnapshot>;
}

/** On `broker-<account>-work`: stale entries may wait or be planned again. */
export interface EntryActivities {
  /** Has contract, quote and account values stored, as far as the broker gives them. */
  warmMarket(input: WarmInput): Promise<void>;
  enter(input: TradeRef): Promise<EntryOutcome>;
  /** Finds out what became of a send: present, absent with proof, or still unknown. */
  lookUpEntry(input: TradeRef): Promise<EntryOutcome>;
}

/** On `broker-<account>-protect`: never behind an entry. */
export interface ProtectActivities {
  /** Brings the orders at the broker to what the trade wants: verify, re-anchor, repair, cancel, close. */
  pursue(input: TradeRef): Promise<TradeSnapshot>;
}
