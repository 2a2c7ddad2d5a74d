/**
 * From a signal to a verdict (TRD-1: validate, size and reserve), in one pure function: resolve the
 * terms, size, run every check; then either all findings, or a bracket with what it reserves.
 */
import { invariant } from '../invariant.js';
import { sessionClose } from '../hours.js';
import { decimal, max, roundToIncrement, text, type Decimal } from '../money.js';
import { sizingRecord, type SizingRecord } from '../sizing/record.js';
import { sizePosition, worstNotionalPrice, worstRiskPerShare } from '../sizing/size.js';
import type { SizingInput } from '../sizing/types.js';
import type { EpochMs } from '../vocabulary.js';
import { decideAsShown } from './as-shown.js';
import { checkRisk } from './check-risk.js';
import type { Sized } from './check.js';
import type { ApprovedTerms, PlanContext } from './context.js';
import { currencyOf, fundsOf, usableFxRate } from './funds.js';
import type { BracketPlan, EntryPlan, PlanDecision, ReservationAmounts } from './plan.js';
import { resolveTerms, type ResolvedTerms } from './terms.js';

/** A trade with exits is in whole shares: fractions are refused with several order types (SIZ-2). */
const WHOLE_SHARE = '1';

/** Decides on a signal. The same context gives the same decision, at any time. */
export function decidePlan(context: PlanContext): PlanDecision {
  const { shown } = context;
  return shown === undefined
    ? decideFreely(context)
    : decideAsShown({ ...context, shown }, decideFreely);
}

function decideFreely(context: PlanContext): PlanDecision {
  const terms = resolveTerms(context);
  const sized = sizeUp(context, terms);
  const findings = checkRisk({ plan: context, terms, sized });
  const record = {
    sizing: sized && recordOf(context, sized),
    appliedDefaults: terms.applied,
  };
  if (findings.length > 0) return { verdict: 'denied', findings, ...record };
  return { verdict: 'approved', findings: [], plan: bracketOf(context, terms, sized), ...record };
}

/** With the rate that the account's values were converted at, and its instant (SIZ-8). */
function recordOf(context: PlanContext, { input, result }: Sized): SizingRecord {
  const record = sizingRecord(input, result);
  const { account, fxRate } = context;
  const currency = currencyOf(context);
  if (fxRate === null || currency === account.baseCurrency) return record;
  const { baseCurrency } = account;
  const fxRateAt = new Date(fxRate.atMs).toISOString();
  const inputs = { ...record.inputs, currency, baseCurrency, fxRate: fxRate.rate, fxRateAt };
  return { ...record, inputs };
}

/** Null when a price or an account value is missing, or the stop is at the entry. */
function sizeUp(context: PlanContext, terms: ResolvedTerms): Sized | null {
  const { limits, signal, approved } = context;
  const { entryPrice, stopPrice } = terms;
  const funds = fundsOf(context);
  if (funds === null || entryPrice === null || stopPrice === null) return null;
  if (entryPrice.eq(stopPrice)) return null;
  const input: SizingInput = {
    side: signal.side,
    ...funds,
    riskPct: decimal(terms.riskPct),
    entryPrice,
    stopPrice,
    targetPrice: terms.targetPrice,
    quantity: signal.quantity === null ? null : decimal(signal.quantity),
    maxPositionPct: decimal(limits.maxPositionPct),
    maxStrategyPct: decimal(limits.maxStrategyPct),
    maxOpenRiskPct: decimal(limits.maxOpenRiskPct),
    minQuantity: decimal(limits.minQuantity),
    maxQuantity: limits.maxQuantity === null ? null : decimal(limits.maxQuantity),
    quantityStep: wholeStep(context),
    onCap: limits.onCap,
    worstEntryPrice: terms.worstEntryPrice,
    ...(approved && approvedBounds(approved)),
  };
  return { input, result: sizePosition(input) };
}

/** Risk is shown to the cent: what was shown is not to take a share away. */
const SHOWN_TO = '0.01';

function approvedBounds({
  quantity,
  risk,
}: ApprovedTerms): Pick<SizingInput, 'approvedQuantity' | 'approvedRisk'> {
  const approvedQuantity = decimal(quantity);
  return risk === null
    ? { approvedQuantity }
    : { approvedQuantity, approvedRisk: decimal(risk).add(SHOWN_TO) };
}

/** The contract's size increment in whole shares. */
function wholeStep({ contract }: PlanContext): Decimal {
  const share = decimal(WHOLE_SHARE);
  if (contract.kind !== 'known') return share;
  return max(share, roundToIncrement(decimal(contract.sizeIncrement), share, 'up'));
}

function bracketOf(context: PlanContext, terms: ResolvedTerms, sized: Sized | null): BracketPlan {
  invariant(sized !== null && sized.result.approved, 'a plan without findings was sized');
  const { input, result } = sized;
  return {
    side: terms.side,
    quantity: text(result.quantity),
    entry: entryOf(context, terms),
    stopPrice: text(input.stopPrice),
    targetPrice: input.targetPrice && text(input.targetPrice),
    trailing: terms.trailing,
    referencePrice: text(input.entryPrice),
    stopLossPct: terms.stopLossPct,
    takeProfitPct: terms.takeProfitPct,
    approvedRisk: text(result.risk!.riskAmount),
    reservation: reservationOf(context, sized),
    closeByMs: closeBy(context),
  };
}

function entryOf(context: PlanContext, terms: ResolvedTerms): EntryPlan {
  const { signal } = context;
  const { expiresAtMs } = signal;
  const collared = terms.collar !== null;
  const alone = context.account.abilities?.brackets === false && ({ goesAlone: true } as const);
  if (signal.orderType === 'MKT' && !collared) {
    const plain = { limitPrice: null, collared, goodTillMs: null, expiresAtMs };
    return { orderType: 'MKT', ...plain, timeInForce: 'DAY', ...alone };
  }
  const limitPrice = text((terms.collar ?? terms.entryPrice)!);
  const goodTillMs = goodTill(context);
  const isDated = goodTillMs !== null && (context.account.abilities?.goodTillDate ?? true);
  const timeInForce: EntryPlan['timeInForce'] = isDated ? 'GTD' : signal.timeInForce;
  const priced = { limitPrice, collared, timeInForce, goodTillMs, expiresAtMs };
  return { orderType: 'LMT', ...priced, ...alone };
}

/**
 * When a resting entry dies at the broker (TRD-14); null when its time in force ends it sooner. What it bought once the
 * trade is to be flat would be sold at once, the next day too.
 */
function goodTill(context: PlanContext): EpochMs | null {
  const { signal, limits, nowMs, contract } = context;
  const timeoutMs = limits.entryTimeoutMs === null ? null : nowMs + limits.entryTimeoutMs;
  const ends = [signal.expiresAtMs, timeoutMs, closeBy(context)].filter((end) => end !== null);
  if (ends.length === 0) return null;
  const end = Math.min(...ends);
  const close = closeOfSession(contract, nowMs);
  return signal.timeInForce === 'DAY' && end >= close ? null : end;
}

function closeBy({ signal, limits, contract, nowMs }: PlanContext): EpochMs | null {
  if (!signal.closeAtSessionEnd) return null;
  return closeOfSession(contract, nowMs) - limits.sessionEndLeadMs;
}

/** Close of the session that is open now; the checks made sure that there is one. */
function closeOfSession(contract: PlanContext['contract'], nowMs: EpochMs): EpochMs {
  invariant(contract.kind === 'known', 'a plan without findings has a contract');
  const close = contract.hours && sessionClose(contract.hours, nowMs);
  invariant(close !== null, 'a plan without findings is made in an open session');
  return close;
}

/** At the worst price allowed for, so that what is kept from others covers what may be filled. */
function reservationOf(context: PlanContext, { input, result }: Sized): ReservationAmounts {
  const rate = usableFxRate(context);
  invariant(rate !== null, 'a plan without findings has a rate');
  const value = text(result.quantity.mul(worstNotionalPrice(input)).mul(rate));
  const openRisk = text(result.quantity.mul(worstRiskPerShare(input)).mul(rate));
  return { cash: value, exposure: value, openRisk };
}
