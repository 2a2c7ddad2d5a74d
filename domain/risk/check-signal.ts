/** Checks of what the signal asks: its age, its stop, its target. */
import { decimal, text, type Decimal } from '../money.js';
import { triggersNow } from '../sizing/exits.js';
import type { Check } from './check.js';
import { finding, type Finding } from './finding.js';
import type { ResolvedTerms } from './terms.js';

const none: readonly Finding[] = [];

export const hasStop: Check = ({ terms }) =>
  terms.hasStop ? none : [finding('NO_STOP', 'no stop and no default', 'a stop')];

/** A limit order's price is the signal's own; the quote is no substitute. */
export const hasLimit: Check = ({ plan }) =>
  plan.signal.orderType === 'LMT' && plan.signal.entryPrice === null
    ? [finding('DATA_UNAVAILABLE', 'a limit order without a price', 'entry_price')]
    : none;

/**
 * Judged at receipt: what comes later has its own expiry and the price deviation (SIG-4). One that comes
 * from the future has no age that could be judged; only as much as clocks may differ is forgiven.
 */
export const notStale: Check = ({ plan }) => {
  const { signal, receivedAtMs, limits } = plan;
  if (signal.orderType !== 'MKT' || signal.generatedAtMs === null) return none;
  const ageMs = receivedAtMs - signal.generatedAtMs;
  if (-ageMs > limits.clockSkewMaxMs) {
    const limit = `at most ${limits.clockSkewMaxMs} ms ahead`;
    return [finding('SIGNAL_STALE', `generated_at is ${-ageMs} ms ahead of its receipt`, limit)];
  }
  if (ageMs <= limits.signalMaxAgeMs) return none;
  return [finding('SIGNAL_STALE', `${ageMs} ms`, `at most ${limits.signalMaxAgeMs} ms`)];
};

export const notExpired: Check = ({ plan }) => {
  const { expiresAtMs } = plan.signal;
  if (expiresAtMs === null || plan.nowMs < expiresAtMs) return none;
  const [now, expiry] = [plan.nowMs, expiresAtMs].map((ms) => new Date(ms).toISOString());
  return [finding('SIGNAL_EXPIRED', `${now}`, `before ${expiry}`)];
};

/** Protective of the entry, above zero, and for a market entry not through the present quote. */
export const stopProtects: Check = ({ plan, terms }) => {
  const { entryPrice, stopPrice, side } = terms;
  if (entryPrice === null || stopPrice === null) return none;
  const where = side === 'BUY' ? 'below' : 'above';
  if (stopPrice.lte(0) || !isLoss(terms, stopPrice)) {
    const measured = `stop ${text(stopPrice)}, entry ${text(entryPrice)}`;
    return [finding('STOP_WRONG_SIDE', measured, `${where} the entry of a ${side}, above 0`)];
  }
  if (plan.signal.orderType === 'LMT' || !terms.quote.ok) return none;
  if (!triggersNow(side, stopPrice, plan.quote)) return none;
  const measured = `stop ${text(stopPrice)}, quote ${text(terms.quote.bid)} to ${text(terms.quote.ask)}`;
  return [finding('STOP_WRONG_SIDE', measured, `${where} the quote, not triggering at once`)];
};

export const targetGains: Check = ({ terms }) => {
  const { entryPrice, targetPrice, side } = terms;
  if (entryPrice === null || targetPrice === null) return none;
  if (targetPrice.gt(0) && isGain(terms, targetPrice)) return none;
  const where = side === 'BUY' ? 'above' : 'below';
  const measured = `target ${text(targetPrice)}, entry ${text(entryPrice)}`;
  return [finding('TARGET_WRONG_SIDE', measured, `${where} the entry of a ${side}, above 0`)];
};

export const rewardEnough: Check = ({ plan, terms }) => {
  const { entryPrice, stopPrice, targetPrice } = terms;
  if (entryPrice === null || stopPrice === null || targetPrice === null) return none;
  if (!isLoss(terms, stopPrice) || !isGain(terms, targetPrice)) return none;
  const ratio = targetPrice.sub(entryPrice).abs().div(entryPrice.sub(stopPrice).abs());
  if (ratio.gte(decimal(plan.limits.minRewardRisk))) return none;
  const measured = text(ratio.toDecimalPlaces(4));
  return [finding('REWARD_RISK_TOO_LOW', measured, `at least ${plan.limits.minRewardRisk}`)];
};

function isLoss({ side, entryPrice }: ResolvedTerms, price: Decimal): boolean {
  return side === 'BUY' ? price.lt(entryPrice!) : price.gt(entryPrice!);
}

function isGain({ side, entryPrice }: ResolvedTerms, price: Decimal): boolean {
  return side === 'BUY' ? price.gt(entryPrice!) : price.lt(entryPrice!);
}
