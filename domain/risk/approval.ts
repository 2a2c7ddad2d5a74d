/**
 * A person's word before anything is sent (SIG-3). A signal that passes every check waits for it with the numbers it
 * passed with; once it is given, every check is made anew. Whoever was asked must answer: a setting that is changed
 * meanwhile lets nothing pass.
 */
import { decimal, moneyText, type DecimalText } from '../money.js';
import type { EpochMs, Side } from '../vocabulary.js';
import type { ApprovedTerms, PlanContext } from './context.js';
import { decidePlan } from './decide.js';
import { finding, type Finding } from './finding.js';
import { asIfOver } from './opposing.js';
import type { PlanDecision } from './plan.js';

export type ApprovalVerdict = 'approved' | 'rejected' | 'expired';

/** What a person is shown, and answers to. */
export interface Shown {
  readonly side: Side;
  /** 0: it only ends another trade. */
  readonly quantity: DecimalText;
  readonly price: DecimalText | null;
  readonly stopPrice: DecimalText | null;
  readonly targetPrice: DecimalText | null;
  /** What may be lost at the stop, in the contract's currency. */
  readonly risk: DecimalText | null;
  /** All of it in a sentence. */
  readonly summary: string;
}

interface Asked {
  readonly shown: Shown;
  readonly expiresAtMs: EpochMs;
}

interface Undecided extends Asked {
  readonly verdict: null;
}

export interface Decided extends Asked {
  readonly verdict: ApprovalVerdict;
  readonly actor: string;
  readonly reason: string | null;
  readonly decidedAtMs: EpochMs;
}

/** The row of a trade that was asked for; its times are the database's. */
export type ApprovalFacts = Undecided | Decided;

/** What an approval makes of a plan. */
export type ApprovalGate =
  /** Nobody need be asked, or a person has approved it. */
  | { readonly kind: 'open' }
  /** A person is to be asked, if it passes everything else. */
  | { readonly kind: 'ask' }
  | { readonly kind: 'wait'; readonly cause: string; readonly untilMs: EpochMs }
  /** `isDue`: the row doesn't say so yet. */
  | { readonly kind: 'closed'; readonly isDue: boolean; readonly finding: Finding };

/** Where a trade stands with its approval; `nowMs` is the database's clock, by which it is decided. */
export function approvalGate(
  { limits, settingsProblems = [] }: Pick<PlanContext, 'limits' | 'settingsProblems'>,
  facts: ApprovalFacts | null,
  nowMs: EpochMs,
): ApprovalGate {
  const { approval, approvalTimeoutMs } = limits;
  // A setting that nobody foresaw asks a person; so does one that can't be read, for it may be this one.
  const isFree = approval === 'none' && settingsProblems.length === 0;
  if (facts === null) return { kind: isFree ? 'open' : 'ask' };
  const { expiresAtMs, shown } = facts;
  if (facts.verdict === null) {
    if (nowMs >= expiresAtMs) return closed(`nobody decided until ${iso(expiresAtMs)}`, true);
    return { kind: 'wait', cause: waitCause(shown), untilMs: expiresAtMs };
  }
  if (facts.verdict === 'expired') return closed(`nobody decided until ${iso(expiresAtMs)}`);
  if (facts.verdict === 'rejected') return closed(decisionText(facts));
  if (nowMs < goodUntilMs(facts, approvalTimeoutMs)) return { kind: 'open' };
  return closed(`${decisionText(facts)}, and not sent within ${approvalTimeoutMs} ms of it`);
}

/** What the trade waits for, for people; the same at each look, so that it is told once. */
export function waitCause({ summary }: Shown): string {
  return `waits to be approved: ${summary}`;
}

function closed(measured: string, isDue = false): ApprovalGate {
  const why = finding('NOT_APPROVED', measured, 'approved by a person in time');
  return { kind: 'closed', isDue, finding: why };
}

/** `rejected by cli:anna at 2026-04-06T16:00:00.000Z: too late in the day`. */
export function decisionText({ verdict, actor, decidedAtMs, reason }: Decided): string {
  const said = reason ? `: ${reason}` : '';
  return `${verdict} by ${actor} at ${iso(decidedAtMs)}${said}`;
}

/** Why a decision can't be taken now, in plain words; null when it can. */
export function decisionRefusal(
  facts: ApprovalFacts | null,
  { state, isOver, cancelRequested }: TradeNow,
  nowMs: EpochMs,
): string | null {
  if (facts === null) return `the trade waits for no approval (${state})`;
  if (facts.verdict === 'expired') return `its time was over at ${iso(facts.expiresAtMs)}`;
  if (facts.verdict !== null) return `it was ${decisionText(facts)}`;
  if (isOver) return `the trade is over (${state})`;
  if (cancelRequested) return 'the trade is to be cancelled';
  return nowMs < facts.expiresAtMs ? null : `its time was over at ${iso(facts.expiresAtMs)}`;
}

export interface TradeNow {
  readonly state: string;
  readonly isOver: boolean;
  readonly cancelRequested: boolean;
}

/** Until when a person may decide: never past the signal's own end. */
export function asksUntilMs({ limits, signal }: PlanContext, nowMs: EpochMs): EpochMs {
  const untilMs = nowMs + limits.approvalTimeoutMs;
  return signal.expiresAtMs === null ? untilMs : Math.min(untilMs, signal.expiresAtMs);
}

/** What a person is to be shown; null when there is nothing to approve: it is denied anyway, or waits for something else. */
export function shownOf(
  context: PlanContext,
  decision: PlanDecision,
  endsOthers: boolean,
): Shown | null {
  if (decision.verdict === 'approved') return shownPlan(context, decision.plan, '');
  if (!endsOthers) return null;
  const ends = 'ends the trades of the other direction';
  const after = decidePlan(asIfOver(context));
  if (after.verdict === 'approved') return shownPlan(context, after.plan, `${ends}, then `);
  const { side, instrument } = context.signal;
  const none = { price: null, stopPrice: null, targetPrice: null, risk: null };
  return { side, quantity: '0', ...none, summary: `${side} ${instrument.symbol}: ${ends}` };
}

type Plan = Extract<PlanDecision, { verdict: 'approved' }>['plan'];

function shownPlan({ signal }: PlanContext, plan: Plan, before: string): Shown {
  const { side, quantity, referencePrice: price, stopPrice, targetPrice, approvedRisk } = plan;
  const risk = moneyText(decimal(approvedRisk));
  const { symbol, currency } = signal.instrument;
  const target = targetPrice === null ? '' : ` target ${targetPrice}`;
  const bracket = `${side} ${quantity} ${symbol} @ ${price} stop ${stopPrice}${target}`;
  const summary = `${before}${bracket}, risks ${risk} ${currency}`;
  return { side, quantity, price, stopPrice, targetPrice, risk, summary };
}

/** What the plan may take of what was approved; null before that. */
export function approvedTerms(facts: ApprovalFacts | null): ApprovedTerms | null {
  if (facts?.verdict !== 'approved') return null;
  const { quantity, price, risk } = facts.shown;
  return { quantity, price, risk };
}

/**
 * The same trade as received when it was approved: what it waits for from then on (a link, another trade's end) is
 * reckoned from there, and ends where the word counts no more.
 */
export function asOfApproval(context: PlanContext, facts: ApprovalFacts | null): PlanContext {
  if (facts?.verdict !== 'approved') return context;
  const { signal, limits } = context;
  const goodMs = goodUntilMs(facts, limits.approvalTimeoutMs);
  const expiresAtMs = Math.min(goodMs, signal.expiresAtMs ?? goodMs);
  return {
    ...context,
    receivedAtMs: facts.decidedAtMs,
    signal: { ...signal, generatedAtMs: null, expiresAtMs },
  };
}

/** A word of long ago was given on another price. */
function goodUntilMs({ decidedAtMs }: Decided, timeoutMs: number): EpochMs {
  return decidedAtMs + timeoutMs;
}

function iso(ms: EpochMs): string {
  return new Date(ms).toISOString();
}
