/**
 * The correlation limit: what a trade and those that have moved with it are worth together, signed by side. A trade
 * whose correlation nobody knows counts as if it moved with the candidate, whatever its side: it may.
 */
import { decimal, min, moneyText, sum, text, type Decimal } from '../money.js';
import type { Check } from './check.js';
import type { OpenReservation, PlanContext, TradeCorrelation } from './context.js';
import { grossOf, largestText, wantedValue } from './exposure.js';
import { finding, type Finding } from './finding.js';
import { otherReservations } from './funds.js';

const none: readonly Finding[] = [];

/** Beyond it two contracts are one bet (RSK-1). */
const RHO_LIMIT = decimal('0.8');

export const correlatedNotTooLarge: Check = (context) => {
  const { plan } = context;
  const share = plan.limits.maxCorrelatedExposurePct;
  const { values } = plan.account;
  const wanted = wantedValue(context);
  if (!share || values === null || wanted === null) return none;
  const parts = otherReservations(plan).flatMap((trade) => partOf(plan, trade));
  const total = sum([wanted, ...parts.map(({ value }) => value)]);
  const allowed = decimal(values.netLiquidation).mul(decimal(share));
  if (total.lte(allowed)) return none;
  const told = new Map(parts.map((part) => [part.trade.tradeId, part]));
  const held = largestText(
    parts.map(({ trade }) => trade),
    ({ tradeId }) => partText(told.get(tradeId)!),
  );
  const beside = held === '' ? '' : ` with ${held}`;
  const limit = `at most ${text(allowed)} (${share} of ${values.netLiquidation})`;
  return [finding('CORRELATED_EXPOSURE', `${moneyText(total)}${beside}`, limit)];
};

/** Whether the limit could be met at all: else nobody need know a correlation. */
export function correlationsMatter(plan: PlanContext): boolean {
  const { maxCorrelatedExposurePct: share, maxPositionPct } = plan.limits;
  const { values } = plan.account;
  if (!share || values === null) return false;
  const others = otherReservations(plan);
  if (others.length === 0) return false;
  const equity = decimal(values.netLiquidation);
  // No approved trade is worth more than one position may be.
  return grossOf(others).gt(equity.mul(decimal(share).sub(decimal(maxPositionPct))));
}

/** Of the candidate and another trade; a contract moves with itself. */
function correlationWith(
  { signal, book }: PlanContext,
  { tradeId, symbol }: OpenReservation,
): TradeCorrelation | undefined {
  if (symbol === signal.instrument.symbol) return { tradeId, rho: '1', returns: 0 };
  return book.correlations?.find((correlation) => correlation.tradeId === tradeId);
}

interface Part {
  readonly trade: OpenReservation;
  readonly correlation: TradeCorrelation | undefined;
  readonly value: Decimal;
}

/**
 * Nothing of a trade that is known to go its own way. Only shares that are held take anything off: an entry that
 * rests may never fill, and leaves what it made room for. Whatever may come to be held adds.
 */
function partOf(plan: PlanContext, trade: OpenReservation): Part[] {
  const correlation = correlationWith(plan, trade);
  const rho = correlation?.rho ?? null;
  const exposure = decimal(trade.exposure);
  if (rho === null) return [{ trade, correlation, value: exposure }];
  if (decimal(rho).abs().lte(RHO_LIMIT)) return [];
  const sameWay = (trade.side === plan.signal.side) === decimal(rho).gt(0);
  if (sameWay) return [{ trade, correlation, value: exposure }];
  const held = exposure.mul(heldShare(trade));
  return held.isZero() ? [] : [{ trade, correlation, value: held.neg() }];
}

/** Of what was planned. Decisions of before it was kept know the phase alone. */
function heldShare({ heldShare: share, phase }: OpenReservation): Decimal {
  if (share !== undefined) return min(decimal(share), decimal('1'));
  return decimal(phase === 'EXPOSURE' ? '1' : '0');
}

function partText({ trade, correlation, value }: Part): string {
  const amount = `${trade.symbol} ${moneyText(value)}`;
  if (correlation === undefined) return `${amount} (no prices to compare)`;
  const { rho, returns } = correlation;
  if (rho === null) return `${amount} (not known from ${returns} returns)`;
  return returns === 0
    ? `${amount} (the same contract)`
    : `${amount} (ρ ${rho} of ${returns} returns)`;
}
