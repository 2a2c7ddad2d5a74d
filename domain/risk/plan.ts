/** The decision on a signal: a denial with every finding, or an approved bracket with its numbers. */
import type { DecimalText } from '../money.js';
import type { SizingRecord } from '../sizing/record.js';
import type { EpochMs, Side, TimeInForce } from '../vocabulary.js';
import type { Trail } from './context.js';
import type { Finding } from './finding.js';

/** A default that stood in for something the signal left open. */
export interface AppliedDefault {
  readonly field: string;
  readonly value: string;
}

/** What an approved trade keeps from others, in the account's base currency. */
export interface ReservationAmounts {
  readonly cash: DecimalText;
  readonly exposure: DecimalText;
  readonly openRisk: DecimalText;
}

export interface EntryPlan {
  readonly orderType: 'MKT' | 'LMT';
  readonly limitPrice: DecimalText | null;
  /** The limit is a collar around a market entry (SIZ-7), not the signal's own price. */
  readonly collared: boolean;
  readonly timeInForce: TimeInForce;
  /** When the entry is to end (TRD-14): at the broker with GTD; else this system cancels it then. */
  readonly goodTillMs: EpochMs | null;
  /** The signal's own end, whatever the order: from then on nothing is sent. Null without one. */
  readonly expiresAtMs: EpochMs | null;
  /** The broker knows no brackets: the stop is placed after the fills (protect-alone.ts). Absent: it goes with the entry. */
  readonly goesAlone?: true;
}

/** The bracket to send: prices in the contract's currency. */
export interface BracketPlan {
  readonly side: Side;
  readonly quantity: DecimalText;
  readonly entry: EntryPlan;
  readonly stopPrice: DecimalText;
  readonly targetPrice: DecimalText | null;
  readonly trailing: Trail | null;
  /** What sizing took as the entry: the limit, or the executable quote. */
  readonly referencePrice: DecimalText;
  /** Kept for re-anchoring to the average fill (SIZ-6); null where the signal gave a price. */
  readonly stopLossPct: DecimalText | null;
  readonly takeProfitPct: DecimalText | null;
  /** In the contract's currency: what may be lost at the stop. Re-anchoring stays within it. */
  readonly approvedRisk: DecimalText;
  readonly reservation: ReservationAmounts;
  /** When the position must be flat, before the contract's own close; null when it wasn't asked. */
  readonly closeByMs: EpochMs | null;
}

interface PlanRecord {
  /** Null when no quantity could be reckoned: a price or an account value was missing. */
  readonly sizing: SizingRecord | null;
  readonly appliedDefaults: readonly AppliedDefault[];
}

export type PlanDecision =
  | (PlanRecord & { readonly verdict: 'denied'; readonly findings: readonly Finding[] })
  | (PlanRecord & {
      readonly verdict: 'approved';
      readonly findings: readonly [];
      readonly plan: BracketPlan;
    });
