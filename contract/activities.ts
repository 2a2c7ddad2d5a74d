/**
 * What workflows may ask of the outside world, by where it runs. Every call is idempotent by trade id:
 * it reads the trade's rows first and does only what they don't show as done, so it may run any number
 * of times. Inputs and results are plain JSON.
 */
import type { DateText } from '../domain/calendar.js';
import type { DecimalText } from '../domain/money.js';
import type { StartSource } from '../domain/schedules/day.js';
import type { EpochMs } from '../domain/vocabulary.js';
import type {
  ApprovalInput,
  CommandAnswer,
  CommandKind,
  CommandTerms,
  TradeSnapshot,
} from './workflows.js';

export interface TradeRef {
  readonly tradeId: string;
}

// ── plan: one database transaction, run by the visit that enters, or as a local activity ──────────

export type PlanOutcome =
  /** Contract, quote or account values are missing or old: the broker worker must fetch them first. */
  | { readonly kind: 'needs_market'; readonly missing: readonly string[] }
  /** Only the link to the broker is missing (BRK-11), or the market's open (SIG-5), and the signal may wait for it. */
  | {
      readonly kind: 'parked';
      /** For people: what is missing. */
      readonly cause: string;
      /** From then on it is denied; one that waits for the open is planned anew. */
      readonly untilMs: EpochMs;
      /** It waits for what parks entries (BRK-8), which is no link's wait; absent: an older worker's word. */
      readonly isOfParking?: boolean;
      /** Set when the market is closed, or its open crowded, until then: that hour ends the wait, and nothing else. */
      readonly opensMs?: EpochMs;
      /** It follows another trade of its strategy (TRD-7), and looks every now and then whether that is over. */
      readonly awaitsOther?: true;
      /** A person is to approve it (SIG-3): any newer snapshot may bring the word, and at its end it is denied. */
      readonly awaitsApproval?: true;
      /** Said by the trade worker's own plan: its story ends the wait when somebody cancels. */
      readonly endsOnCancel?: true;
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

export type Approved = Extract<PlanOutcome, { kind: 'approved' }>;
/** Nothing may be sent by it; `needs_market` is mended where the plan is made. */
export type NotApproved = Extract<PlanOutcome, { kind: 'denied' | 'parked' }>;

export interface PlanInput extends TradeRef {
  /** True when the market was fetched on demand a moment ago: then decide with what there is. */
  readonly final: boolean;
  /** How long it may wait for the link, as an earlier plan of it said. */
  readonly parkedUntilMs?: EpochMs | null;
  /** That was for what parks entries, not for the link. */
  readonly isOfParking?: boolean;
}

export interface WarmInput extends TradeRef {
  /** Goes on trying until then; without it, once. */
  readonly untilMs?: EpochMs;
  /** That long only while entries are parked; a link that is down after it is the next plan's to wait for. */
  readonly isOfParking?: boolean;
}

// ── enter: the irreversible step, guarded by its row ─────────────────────────────────────────────

export interface EnterInput extends TradeRef {
  /**
   * Decide first, in the same visit to the broker worker: `cold` has the market fetched before, `warm` only
   * when the plan says that it is missing. Left out: a plan of the trade is committed.
   */
  readonly plan?: 'warm' | 'cold';
}

export type EntryOutcome =
  | { readonly kind: 'acknowledged'; readonly snapshot: TradeSnapshot }
  /** The broker said no; nothing works and nothing is held. */
  | { readonly kind: 'refused'; readonly reason: string; readonly snapshot: TradeSnapshot }
  /** Nothing left this system: safe to plan again. */
  | { readonly kind: 'not_sent'; readonly reason: string; readonly snapshot: TradeSnapshot }
  /** Written, unanswered: look it up. */
  | { readonly kind: 'unknown'; readonly snapshot: TradeSnapshot };

/** What a visit came to, with the plan that it made, or found; or what that plan says instead. */
export type EnterOutcome = (EntryOutcome & { readonly planned?: Approved }) | NotApproved;

// ── the rest ─────────────────────────────────────────────────────────────────────────────────────

export interface SettleOutcome {
  readonly snapshot: TradeSnapshot;
  readonly realizedPnl: DecimalText | null;
  readonly summary: string;
}

export interface CommandRequest extends TradeRef {
  readonly kind: CommandKind;
  /** What a move asks for; left out by the others. */
  readonly terms?: CommandTerms;
  readonly key: string;
  readonly actor: string;
  /** Why a close was asked for: `manual`, `max_holding` … becomes the exit reason. */
  readonly cause: string;
}

export interface CommandOutcome extends CommandAnswer {
  readonly snapshot: TradeSnapshot;
}

export interface ApprovalRequest extends TradeRef, ApprovalInput {
  readonly verdict: 'approved' | 'rejected';
}

/** Local activities of the trade worker: one database transaction each. */
export interface LocalActivities {
  plan(input: PlanInput): Promise<PlanOutcome>;
  recordCommand(input: CommandRequest): Promise<CommandOutcome>;
  /** A person's word on a trade that waits for it (SIG-3): once, and in time. */
  decideApproval(input: ApprovalRequest): Promise<CommandOutcome>;
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
  enter(input: EnterInput): Promise<EnterOutcome>;
  /** Finds out what became of a send: present, absent with proof, or still unknown. */
  lookUpEntry(input: TradeRef): Promise<EntryOutcome>;
}

/** On `broker-<account>-protect`: never behind an entry. */
export interface ProtectActivities {
  /** Brings the orders at the broker to what the trade wants: verify, re-anchor, repair, cancel, close. */
  pursue(input: TradeRef): Promise<TradeSnapshot>;
}

// ── by the clock (SCH-1): of an account, not of a trade ───────────────────────────────────────────

export interface AccountRef {
  /** The account's row, and its name at the broker. */
  readonly accountId: string;
  readonly brokerAccountId: string;
}

export interface AccountDay extends AccountRef {
  readonly day: DateText;
}

export type DayBegun = (
  | {
      /** `kept`: another run had begun it. */
      readonly kind: 'begun' | 'kept';
      readonly startEquity: DecimalText;
      readonly source: StartSource;
    }
  /** A later day has begun: nothing is written down of this one. */
  | { readonly kind: 'past' }
) & {
  /** Pauses that ended with the day's 9:30, or before, and were lifted now. Absent: none. */
  readonly lifted?: number;
};

/** A trading day of an account, for people. */
export interface DaySummary {
  readonly opened: number;
  readonly closed: number;
  readonly denied: number;
  readonly fills: number;
  /** Of the trades that closed; net of commissions, in the account's base currency at the rates of its values. */
  readonly realizedPnl: DecimalText;
  /** Of the day's fills; in the same currency. */
  readonly commissions: DecimalText;
  /** By the broker's values of the close; absent: none were written down, or by an earlier version. */
  readonly equity?: EquityAtClose;
  /** All trades that hold shares; `open` lists the first of them. */
  readonly openCount: number;
  readonly unprotectedCount: number;
  readonly open: readonly OpenAtEnd[];
  /** When it was made: what is open is as of then. */
  readonly atMs: EpochMs;
}

export interface EquityAtClose {
  readonly netLiquidation: DecimalText;
  readonly cash: DecimalText;
  /** Deposits less withdrawals of the day. */
  readonly netFlows: DecimalText;
  /** Since what the day is measured from, net of commissions. */
  readonly realizedPnl: DecimalText;
  /** The rest of the day's result; null: nobody knows what the day is measured from. */
  readonly unrealizedPnl: DecimalText | null;
  readonly atMs: EpochMs;
}

export interface OpenAtEnd {
  readonly tradeId: string;
  readonly symbol: string;
  readonly side: string;
  readonly heldQuantity: DecimalText;
  readonly stopPrice: DecimalText | null;
  readonly isProtected: boolean;
}

export interface DayEnded {
  readonly summary: DaySummary;
  /** Null when the account's values are not those of the close. */
  readonly closeEquity: DecimalText | null;
  /** False when a summary of that past day stood already. */
  readonly written: boolean;
  /** Callbacks of trades long settled that were deleted; 0 unless a setting says so. */
  readonly archived: number;
}

/** On the trades queue. */
export interface DayActivities {
  /** Writes down what the day's loss is measured from, once; lifts pauses that end with the day's 9:30. */
  beginDay(input: AccountDay): Promise<DayBegun>;
  /** Writes down the close and the day's summary; deletes what is older than a setting allows. */
  endDay(input: AccountDay): Promise<DayEnded>;
}

export interface AccountVerified {
  /** Trades that hold shares, or whose exits were found wanting. */
  readonly looked: number;
  /** What had to be repaired. */
  readonly repaired: number;
  /** Still not as it should be: a person was told. */
  readonly wanting: readonly string[];
}

export interface AccountSwept {
  /** Trades with an order of unknown fate, before and after. */
  readonly doubtful: number;
  /** Still so: a person was told. */
  readonly unsettled: readonly string[];
}

/** On `broker-<account>-protect`: they only read, repair, and find out. */
export interface AccountActivities {
  /** Has the account's values stored as they are now. */
  fetchValues(input: AccountRef): Promise<void>;
  /** Compares every open trade with a fresh picture of the broker, and repairs. */
  verifyAccount(input: AccountDay): Promise<AccountVerified>;
  /** Books what a fresh picture tells, and finds out about orders of unknown fate. */
  sweepAccount(input: AccountDay): Promise<AccountSwept>;
}
