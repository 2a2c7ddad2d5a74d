/** A preview as it is read (PRV-1). */
import type { CheckOutcome } from '../../domain/preview/content.js';
import type { LegRole, Side } from '../../domain/vocabulary.js';
import type { Json, JsonObject } from './json.js';
import type { TermsView } from './orders.js';
import type { PlanView, SizingView } from './trade.js';

/** `executed`: its trade says what became of it. `unmade`: nobody could make it (yet). */
export type PreviewState = 'approved' | 'denied' | 'executed' | 'expired' | 'unmade';

export interface PreviewOrderView extends TermsView {
  readonly role: LegRole;
  /** With GTD, as it would have been then: reckoned anew when it is sent. */
  readonly good_till: string | null;
}

export interface PreviewCheckView {
  readonly code: string;
  readonly outcome: CheckOutcome;
  readonly findings: readonly { readonly measured: string; readonly limit: string }[];
}

/** Null where the broker gave no figure; money in the account's base currency. */
export interface WhatIfView {
  readonly initial_margin_change: string | null;
  readonly maintenance_margin_change: string | null;
  readonly equity_with_loan_after: string | null;
  readonly commission: string | null;
  readonly commission_currency: string;
  readonly warning_text: string;
}

export interface PreviewView {
  readonly preview_id: string;
  readonly state: PreviewState;
  readonly account_id: string;
  readonly signal_id: string;
  readonly strategy_id: string;
  readonly symbol: string;
  readonly side: Side;
  readonly created_at: string;
  /** Of its quote: its age counts from then. */
  readonly made_at: string | null;
  /** Until then it is executed as it is; after that only while a new one is about the same. */
  readonly as_shown_until: string | null;
  readonly expires_at: string | null;
  /** The older one that it was made to be compared with. */
  readonly replaces: string | null;
  readonly trade_id: string | null;
  /** Null until it is made. */
  readonly shows: ShownView | null;
}

/** What it shows; made once. */
export interface ShownView {
  readonly verdict: 'approved' | 'denied';
  readonly needs_approval: boolean;
  /** What the broker says of it, or why it says nothing. */
  readonly contract: Json;
  readonly quote: Json;
  readonly fx_rate: Json;
  readonly sizing: SizingView | null;
  readonly applied_defaults: readonly { readonly field: string; readonly value: string }[];
  readonly checks: readonly PreviewCheckView[];
  readonly plan: PlanView | null;
  /** What is sent, in these very terms, when it is executed; none when it is denied. */
  readonly orders: readonly PreviewOrderView[];
  readonly what_if: WhatIfView | null;
  /** Why there is none. */
  readonly what_if_problem: string | null;
  /** The signal that it becomes. */
  readonly signal: JsonObject;
}
