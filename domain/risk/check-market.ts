/** Checks of the contract, its hours and its quote. */
import { covers, isOpen, nextOpen, sessionClose } from '../hours.js';
import { decimal, text } from '../money.js';
import type { Check } from './check.js';
import { finding, type Finding } from './finding.js';

const none: readonly Finding[] = [];

export const contractKnown: Check = ({ plan }) => {
  const { contract, signal } = plan;
  if (contract.kind === 'known') return none;
  const measured = `${signal.instrument.symbol}: ${contract.reason}`;
  return contract.kind === 'unknown_symbol'
    ? [finding('UNKNOWN_SYMBOL', measured, 'a contract that the broker knows')]
    : [finding('DATA_UNAVAILABLE', measured, "the contract's details")];
};

/** Within liquid hours, and with time left when the trade must be flat before their end (SIG-5). */
export const marketOpen: Check = ({ plan }) => {
  const { contract, nowMs, signal, limits } = plan;
  if (contract.kind !== 'known') return none;
  const { hours, hoursProblem } = contract;
  const at = new Date(nowMs).toISOString();
  if (hours === null || !covers(hours, nowMs)) {
    const measured = `${hoursProblem ?? 'the hours known are of other days'}, at ${at}`;
    return [finding('DATA_UNAVAILABLE', measured, "the contract's liquid hours of today")];
  }
  if (!isOpen(hours, nowMs)) {
    const opensMs = nextOpen(hours, nowMs);
    const next = opensMs === null ? 'not known' : new Date(opensMs).toISOString();
    return [finding('MARKET_CLOSED', `${at}, next open ${next}`, 'within liquid hours')];
  }
  const leftMs = sessionClose(hours, nowMs)! - nowMs;
  if (!signal.closeAtSessionEnd || leftMs > limits.sessionEndLeadMs) return none;
  const limit = `more than ${limits.sessionEndLeadMs} ms, to be flat by the session's end`;
  return [finding('MARKET_CLOSED', `${leftMs} ms left of the session`, limit)];
};

export const notHaltedSymbol: Check = ({ plan }) =>
  plan.quote?.halted
    ? [finding('SYMBOL_HALTED', plan.signal.instrument.symbol, 'not halted')]
    : none;

export const quoteUsable: Check = ({ terms }) => (terms.quote.ok ? none : terms.quote.findings);

/**
 * The quote against the signal's own price, and against the one that a person saw who approved it (SIG-3). A limit
 * that waits away from the market is meant to: for it only the harmful direction counts, a limit through the market.
 */
export const priceNear: Check = ({ plan, terms }) => {
  const { signal, limits, approved } = plan;
  if (!terms.quote.ok) return none;
  const seen = signal.orderType === 'MKT' ? (approved?.price ?? null) : null;
  const references = [signal.entryPrice, seen].filter((price) => price !== null);
  const { price: quote } = terms.quote;
  return references.flatMap((reference) => {
    const rise = quote.sub(decimal(reference)).div(decimal(reference));
    const harm = signal.side === 'BUY' ? rise.neg() : rise;
    const deviation = signal.orderType === 'MKT' ? rise.abs() : harm;
    if (deviation.lte(decimal(limits.priceDeviationPct))) return [];
    const share = text(deviation.toDecimalPlaces(6));
    const measured = `${share} (quote ${text(quote)} against ${reference})`;
    return [finding('PRICE_DEVIATION', measured, `at most ${limits.priceDeviationPct}`)];
  });
};
