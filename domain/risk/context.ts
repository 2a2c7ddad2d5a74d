/**
 * Everything a plan is decided from, as plain JSON: decimals are text, instants epoch milliseconds. The
 * whole context is kept with the decision, so that the verdict can be computed again from it.
 */
import type { Abilities } from '../broker/abilities.js';
import type { Parked } from '../broker/parking.js';
import type { TradingHours } from '../hours.js';
import type { DecimalText } from '../money.js';
import type { EpochMs, Instrument, OnOpposite, Quote, Side, WhenClosed } from '../vocabulary.js';
import type { Correlation } from './correlation.js';
import type { RiskCategory, RiskLimits } from './limits.js';
import type { Mode } from './modes.js';
import type { Overtaker } from './overtaken.js';
import type { AppliedDefault, BracketPlan } from './plan.js';

export type Trail = { readonly amount: DecimalText } | { readonly fraction: DecimalText };

/** What a signal asks for, after parsing and before defaults; absent members are null. */
export interface SignalTerms {
  readonly instrument: Instrument;
  readonly side: Side;
  readonly orderType: 'MKT' | 'LMT';
  readonly entryPrice: DecimalText | null;
  readonly stopLoss: DecimalText | null;
  readonly stopLossPct: DecimalText | null;
  readonly takeProfit: DecimalText | null;
  readonly takeProfitPct: DecimalText | null;
  readonly trailingStop: Trail | null;
  readonly quantity: DecimalText | null;
  readonly riskPct: DecimalText | null;
  readonly riskCategory: RiskCategory | null;
  readonly timeInForce: 'DAY' | 'GTC';
  readonly expiresAtMs: EpochMs | null;
  readonly generatedAtMs: EpochMs | null;
  readonly closeAtSessionEnd: boolean;
  readonly whenClosed: WhenClosed | null;
  readonly onOpposite: OnOpposite | null;
}

/** Switches of the installation, read at the moment of the decision. */
export interface InstallationState {
  readonly tradingEnabled: boolean;
  readonly mode: Mode;
  readonly haltFile: boolean;
  readonly readOnly: boolean;
  readonly allowLive: boolean;
  readonly authorizedAccounts: readonly string[];
}

export interface BrokerState {
  readonly ready: boolean;
  /** Why it isn't ready, for people. */
  readonly reason: string;
  /** Since when the link is up without a break; null while it is down, or nobody has said. */
  readonly upSinceMs: EpochMs | null;
  /** Why entries must wait although the link may be up (BRK-8, REC-1); null when they need not. */
  readonly parked: Parked | null;
  /** The accounts that the broker reports; what it says is believed (RSK-6). */
  readonly reportedAccounts: readonly string[];
  /** Those that it calls paper accounts; absent: their ids tell (IBKR). */
  readonly paperAccounts?: readonly string[];
  readonly port: number;
  /** Broker clock minus ours; null while unmeasured. */
  readonly clockSkewMs: number | null;
}

/** The account's own values, in its base currency; null where the broker gave none yet. */
export interface AccountValues {
  readonly netLiquidation: DecimalText;
  readonly settledCash: DecimalText;
  readonly availableFunds: DecimalText;
  readonly buyingPower: DecimalText;
  readonly excessLiquidity: DecimalText;
  readonly atMs: EpochMs;
}

/** The day's result (RSK-8): net liquidation at the previous close, flows since, and the latch. */
export interface DayResult {
  readonly previousCloseEquity: DecimalText;
  /** When the broker gave that; null: nobody has noted it. Absent in contexts of before it was kept. */
  readonly sinceMs?: EpochMs | null;
  /** Deposits less withdrawals since. */
  readonly netFlows: DecimalText;
  /** The limit was reached earlier today. */
  readonly latched: boolean;
}

export interface AccountState {
  /** As the signal names it. */
  readonly brokerAccountId: string;
  /** The one that its trade is on; absent: the same. */
  readonly tradesOn?: string;
  readonly kind: 'cash' | 'margin';
  readonly baseCurrency: string;
  readonly mode: Mode;
  /** Cause of a pause in force, for people; null when not paused. */
  readonly pausedBy: string | null;
  readonly values: AccountValues | null;
  /** Null when it isn't known: the daily loss is then not checked. */
  readonly day: DayResult | null;
  /** What its broker lacks; absent: nothing. */
  readonly abilities?: Abilities;
  /**
   * From this share of loss on the day is over for all of the account, whatever its strategies' own limits are.
   * Absent in contexts of before it was kept.
   */
  readonly dailyLossPct?: DecimalText;
}

export interface StrategyState {
  readonly strategyId: string;
  /** Its own name, for people; absent in contexts of before it was kept. */
  readonly strategyName?: string;
  readonly mode: Mode;
  readonly pausedBy: string | null;
  /** Pauses that end by themselves, of the strategy or of the trade's symbol or side in it. Absent: none. */
  readonly locks?: readonly StrategyLock[];
}

export interface StrategyLock {
  /** For people, with its numbers. */
  readonly cause: string;
  readonly untilMs: EpochMs;
}

export interface Sector {
  readonly name: string;
  readonly atMs: EpochMs;
}

/** What the broker says of the contract, or why it says nothing. */
export type ContractState =
  | {
      readonly kind: 'known';
      readonly instrument: Instrument;
      readonly priceIncrement: DecimalText;
      readonly sizeIncrement: DecimalText;
      /** Null when they could not be read from the broker's words; then `hoursProblem` says why. */
      readonly hours: TradingHours | null;
      readonly hoursProblem: string | null;
      /** The industry that the broker names, empty where it names none, and when. Absent: nobody asked. */
      readonly sector?: Sector | null;
      /** False when the contract can't be sold short; null when unknown. */
      readonly shortable: boolean | null;
    }
  | { readonly kind: 'unknown_symbol'; readonly reason: string }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** What a live trade keeps from others, in the account's base currency. */
export interface OpenReservation {
  readonly tradeId: string;
  readonly strategyId: string;
  /** For people; kept of the signal's own symbol alone. */
  readonly strategyName?: string;
  readonly symbol: string;
  readonly side: Side;
  readonly phase: 'CASH' | 'EXPOSURE';
  readonly cash: DecimalText;
  readonly exposure: DecimalText;
  readonly openRisk: DecimalText;
  /** Of the planned shares, what it holds now: 0 to 1. Absent in contexts of before it was kept. */
  readonly heldShare?: DecimalText;
  /** Of its contract when it was planned, empty where the broker names none. Null or absent: not known. */
  readonly sector?: string | null;
}

/** A position by holder; strategy null is EXTERNAL. Quantity is signed. */
export interface HeldPosition {
  readonly strategyId: string | null;
  /** For people; kept of the signal's own symbol alone. */
  readonly strategyName?: string;
  readonly symbol: string;
  readonly quantity: DecimalText;
}

/** A trade of the same strategy in the same contract, of the other direction, that came before (TRD-7). */
export interface OppositeTrade {
  readonly tradeId: string;
  readonly side: Side;
  readonly state: string;
  /** Nothing of it is left, but it is not accounted yet. */
  readonly isOver: boolean;
  /** Since when its end is wanted for this very signal; null: it isn't. */
  readonly wantedAtMs: EpochMs | null;
}

/** This system's own books of the account, read under the account's lock (RSK-2). */
/** How the candidate's contract has moved with another trade's. */
export interface TradeCorrelation extends Correlation {
  readonly tradeId: string;
}

export interface BookState {
  readonly reservations: readonly OpenReservation[];
  /** Of those trades of which prices of both contracts are known. Absent: the limit could not be met, nobody looked. */
  readonly correlations?: readonly TradeCorrelation[];
  readonly positions: readonly HeldPosition[];
  readonly tradesToday: number;
  /** Orders made for the account within the last 60 s, exits included; those of a withdrawn plan of this trade are not. */
  readonly ordersLastMinute: number;
  /** Why the symbol is quarantined; null when it isn't. */
  readonly quarantinedBy: string | null;
  /** An order of the symbol, of another trade, whose fate nobody knows: it may fill any moment (TRD-11). */
  readonly hasUnknownOrder: boolean;
  /** Absent: none. */
  readonly opposites?: readonly OppositeTrade[];
}

/** Base currency per one unit of the contract's currency, and when the broker told it. */
export interface FxRate {
  readonly rate: DecimalText;
  readonly atMs: EpochMs;
}

/** What a person was shown, and approved (SIG-3): no more shares and risk than that, at no price far from that. */
export interface ApprovedTerms {
  /** 0: nothing was to be opened. */
  readonly quantity: DecimalText;
  /** Null when nothing was to be opened. */
  readonly price: DecimalText | null;
  /** What may be lost at the stop, in the contract's currency; null when nothing was to be opened. */
  readonly risk: DecimalText | null;
}

/** What a preview has shown of a trade that executes it (PRV-2): this is sent, or nothing. */
export interface ShownPlan {
  readonly plan: BracketPlan;
  readonly appliedDefaults: readonly AppliedDefault[];
  /** Share of its quantity by which it may be more than what would be sized now. */
  readonly sizeTolerance: DecimalText;
  /** It was executed too long ago after that, unless a person has approved it since. */
  readonly sendByMs: EpochMs;
}

export interface PlanContext {
  readonly nowMs: EpochMs;
  /** The trade this is for; its own reservation, if any, is not counted against it. */
  readonly tradeId: string;
  readonly receivedAtMs: EpochMs;
  readonly signal: SignalTerms;
  readonly limits: RiskLimits;
  readonly installation: InstallationState;
  readonly broker: BrokerState;
  readonly account: AccountState;
  readonly strategy: StrategyState;
  readonly contract: ContractState;
  readonly quote: Quote | null;
  /** Only needed when the contract's currency isn't the account's. */
  readonly fxRate: FxRate | null;
  readonly book: BookState;
  /** What was made after the signal and came before it, against it. Absent: nothing. */
  readonly overtakenBy?: Overtaker;
  /** Absent: nobody was asked. */
  readonly approved?: ApprovedTerms;
  /** What of the settings of account and strategy could not be read, for people. Absent: nothing. */
  readonly settingsProblems?: readonly string[];
  /** Absent: it was not previewed. */
  readonly shown?: ShownPlan;
  /** The collar of a market entry, where it is not to be reckoned from the quote. Null or absent: it is. */
  readonly collar?: DecimalText | null;
}
