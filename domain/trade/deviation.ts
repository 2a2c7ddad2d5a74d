/** Whether the quote still is what a plan was made at (SIZ-7). */
import { decimal, text } from '../money.js';
import { findingText } from '../risk/finding.js';
import type { RiskLimits } from '../risk/limits.js';
import type { BracketPlan } from '../risk/plan.js';
import { exitQuote, triggersNow } from '../sizing/exits.js';
import { executableQuote } from '../sizing/quote.js';
import { signOf, type EpochMs, type Quote } from '../vocabulary.js';

export type DeviationLimits = Pick<
  RiskLimits,
  'priceDeviationPct' | 'quoteMaxAgeMs' | 'maxSpreadPct'
>;

/**
 * Whether the entry pays what the market asks. A limit of the signal's own says itself what it pays at
 * most: the quote may be anywhere, or missing.
 */
export function paysTheQuote({ entry }: BracketPlan): boolean {
  return entry.orderType === 'MKT' || entry.collared;
}

/**
 * Why the entry must not be sent as it is, for people; null when it may. A stop that triggers at once protects
 * nothing, and one of whole size may sell more than has been bought by then.
 */
export function beyondStop(
  { side, stopPrice }: Pick<BracketPlan, 'side' | 'stopPrice'>,
  quote: Quote | null,
): string | null {
  const exit = exitQuote(side, quote);
  if (exit === null || !triggersNow(side, decimal(stopPrice), quote)) return null;
  const name = side === 'BUY' ? 'bid' : 'ask';
  return `the market is beyond the stop at ${stopPrice}: the ${name} is ${text(exit)}`;
}

/**
 * Why the entry must be planned anew, for people; null when it may go. What pays the quote needs one that
 * a plan would take, not far from the one it was planned at.
 */
export function deviationOf(
  plan: BracketPlan,
  quote: Quote | null,
  nowMs: EpochMs,
  limits: DeviationLimits,
): string | null {
  const beyond = beyondStop(plan, quote);
  if (beyond !== null || !paysTheQuote(plan)) return beyond;
  const executable = executableQuote(quote, plan.side, nowMs, limits);
  if (!executable.ok) {
    return `no quote to send it at: ${findingText(executable.findings[0]!)}`;
  }
  const planned = decimal(plan.referencePrice);
  const worse = executable.price.sub(planned).mul(signOf(plan.side)).div(planned);
  if (worse.lte(decimal(limits.priceDeviationPct))) return null;
  return `the quote moved from ${planned.toFixed()} to ${executable.price.toFixed()} since the plan`;
}
