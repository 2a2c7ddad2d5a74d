/** Whether the quote has run away from what a plan was made at (SIZ-7). */
import { decimal, type DecimalText } from '../money.js';
import type { BracketPlan } from '../risk/plan.js';
import { signOf, type Quote } from '../vocabulary.js';

/**
 * Why the entry must be planned anew, for people; null when it may go. A limit of the signal's own says
 * itself what it pays at most: the quote may be anywhere.
 */
export function deviationOf(
  plan: BracketPlan,
  quote: Quote | null,
  allowedFraction: DecimalText,
): string | null {
  if (plan.entry.orderType === 'LMT' && !plan.entry.collared) return null;
  const executable = plan.side === 'BUY' ? quote?.ask : quote?.bid;
  if (!executable) return null;
  const planned = decimal(plan.referencePrice);
  const worse = decimal(executable).sub(planned).mul(signOf(plan.side)).div(planned);
  if (worse.lte(decimal(allowedFraction))) return null;
  return `the quote moved from ${planned.toFixed()} to ${executable} since the plan`;
}
