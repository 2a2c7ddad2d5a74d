/**
 * A plan that may only be what a preview has shown (PRV-2): every check is made anew, of the signal as it would be
 * planned now and of the very bracket that was shown. The bracket is sent as it was shown, or not at all.
 */
import { canonical } from '../canonical.js';
import { decimal, text } from '../money.js';
import type { PlanContext, ShownPlan } from './context.js';
import { finding, inRegistryOrder, type Finding } from './finding.js';
import type { BracketPlan, PlanDecision } from './plan.js';

/**
 * Decides on a context as on any other, but for its preview.
 * @param decide what any other plan is decided by
 */
export function decideAsShown(
  { shown, ...rest }: PlanContext & { readonly shown: ShownPlan },
  decide: (context: PlanContext) => PlanDecision,
): PlanDecision {
  const context = onItsOwn(rest);
  const free = decide(context);
  const pinned = decide(pinnedTo(context, shown.plan));
  const { sizing } = pinned;
  const { appliedDefaults } = shown;
  const failed = merged([...tooLate(context, shown), ...free.findings], pinned.findings);
  if (failed.length > 0 || pinned.verdict === 'denied' || free.verdict === 'denied') {
    return { verdict: 'denied', findings: failed, sizing, appliedDefaults };
  }
  // Where the exits go once the entry has filled follows from what the signal gave, as for any other trade.
  const { stopLossPct, takeProfitPct } = shown.plan;
  const plan = { ...pinned.plan, stopLossPct, takeProfitPct };
  const outdated = [...otherOrders(shown.plan, plan), ...smallerNow(shown, free.plan)];
  return outdated.length > 0
    ? { verdict: 'denied', findings: outdated, sizing, appliedDefaults }
    : { verdict: 'approved', findings: [], plan, sizing, appliedDefaults };
}

/**
 * The same signal, received when it was previewed: its age was judged then. It waits for no open, and ends no other
 * trade: neither was shown. Whoever plans takes it so from the first step on, and not the decision alone.
 */
export function onItsOwn(context: PlanContext): PlanContext {
  const { signal } = context;
  const still = { generatedAtMs: null, whenClosed: 'deny', onOpposite: 'deny' } as const;
  return { ...context, signal: { ...signal, ...still } };
}

/** Asks for that bracket and no other; a market order's own price is then the one that it was sized at. */
function pinnedTo(context: PlanContext, plan: BracketPlan): PlanContext {
  const { entry, quantity, stopPrice, targetPrice, referencePrice } = plan;
  const isLimit = entry.orderType === 'LMT' && !entry.collared;
  const signal = {
    ...context.signal,
    orderType: isLimit ? ('LMT' as const) : ('MKT' as const),
    entryPrice: isLimit ? entry.limitPrice : referencePrice,
    ...{ quantity, stopLoss: stopPrice, stopLossPct: null },
    ...{ takeProfit: targetPrice, takeProfitPct: null },
  };
  return { ...context, signal, collar: entry.collared ? entry.limitPrice : null };
}

/** Whatever kept it since, what was shown then is not what anybody would see now; an approval has its own end. */
function tooLate({ nowMs, approved }: PlanContext, { sendByMs }: ShownPlan): Finding[] {
  if (approved !== undefined || nowMs < sendByMs) return [];
  const [now, end] = [nowMs, sendByMs].map((ms) => new Date(ms).toISOString());
  return [finding('PREVIEW_OUTDATED', `executed, and not planned until ${now}`, `before ${end}`)];
}

/** Findings of both, each once. */
function merged(first: readonly Finding[], second: readonly Finding[]): Finding[] {
  const known = new Set(first.map(({ code }) => code));
  return inRegistryOrder([...first, ...second.filter(({ code }) => !known.has(code))]);
}

/** What of the orders would not be as it was shown; ends by the clock are reckoned from the send. */
function otherOrders(shown: BracketPlan, now: BracketPlan): Finding[] {
  const differing = SHOWN_FIELDS.filter(
    (field) => canonical(valueOf(shown, field)) !== canonical(valueOf(now, field)),
  );
  if (differing.length === 0) return [];
  const told = (plan: BracketPlan) =>
    differing.map((field) => `${field} ${canonical(valueOf(plan, field))}`).join(', ');
  return [finding('PREVIEW_OUTDATED', told(now), `as shown: ${told(shown)}`)];
}

const SHOWN_FIELDS = [
  'side',
  'quantity',
  'orderType',
  'limitPrice',
  'stopPrice',
  'targetPrice',
  'trailing',
] as const;

function valueOf(plan: BracketPlan, field: (typeof SHOWN_FIELDS)[number]): unknown {
  return { ...plan.entry, ...plan }[field];
}

/** Sized as any other signal it would be much smaller now: risk or funds have changed since. */
function smallerNow({ plan, sizeTolerance }: ShownPlan, now: BracketPlan): Finding[] {
  const least = decimal(plan.quantity).mul(decimal('1').sub(decimal(sizeTolerance)));
  if (decimal(now.quantity).gte(least)) return [];
  const limit = `at least ${text(least)}, for the ${plan.quantity} shown`;
  return [finding('PREVIEW_OUTDATED', `would be sized ${now.quantity} now`, limit)];
}
