/** Which quote may be traded on, and what a market order may cost beyond it (SIZ-7). */
import { decimal, roundToIncrement, text, type Decimal } from '../money.js';
import type { RiskLimits } from '../risk/limits.js';
import { finding, type Finding } from '../risk/finding.js';
import type { EpochMs, Quote, Side } from '../vocabulary.js';

export type QuoteLimits = Pick<RiskLimits, 'quoteMaxAgeMs' | 'maxSpreadPct'>;

/** The ask to buy, the bid to sell; or every reason why there is none (the first is the verdict). */
export type QuoteVerdict =
  | { readonly ok: true; readonly price: Decimal; readonly bid: Decimal; readonly ask: Decimal }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Judges a quote for an order of that side. */
export function executableQuote(
  quote: Quote | null,
  side: Side,
  nowMs: EpochMs,
  limits: QuoteLimits,
): QuoteVerdict {
  if (quote === null) return refused(finding('NO_QUOTE', 'none', 'a two-sided quote'));
  const findings: Finding[] = [];
  const { bid, ask } = sides(quote);
  const usable = bid !== null && ask !== null && bid.gt(0) && bid.lte(ask);
  if (!usable) {
    const found = `bid ${quote.bid ?? 'none'}, ask ${quote.ask ?? 'none'}`;
    findings.push(finding('NO_QUOTE', found, 'a two-sided, uncrossed quote'));
  }
  if (quote.kind !== 'live') findings.push(finding('QUOTE_DELAYED', quote.kind, 'live'));
  // A quote from the future is as doubtful as an old one.
  const ageMs = Math.abs(nowMs - quote.atMs);
  if (!(ageMs <= limits.quoteMaxAgeMs)) {
    findings.push(finding('QUOTE_STALE', `${ageMs} ms`, `at most ${limits.quoteMaxAgeMs} ms`));
  }
  if (usable) findings.push(...spreadFindings(bid, ask, decimal(limits.maxSpreadPct)));
  if (!usable || findings.length > 0) return { ok: false, findings };
  return { ok: true, price: side === 'BUY' ? ask : bid, bid, ask };
}

function sides(quote: Quote): { bid: Decimal | null; ask: Decimal | null } {
  return { bid: quote.bid ? decimal(quote.bid) : null, ask: quote.ask ? decimal(quote.ask) : null };
}

function spreadFindings(bid: Decimal, ask: Decimal, maxSpread: Decimal): Finding[] {
  const spread = ask.sub(bid).div(bid.add(ask).div(2));
  if (spread.lte(maxSpread)) return [];
  const measured = `${text(spread.toDecimalPlaces(6))} (${text(bid)} to ${text(ask)})`;
  return [finding('SPREAD_TOO_WIDE', measured, `at most ${text(maxSpread)} of the mid price`)];
}

function refused(...findings: Finding[]): QuoteVerdict {
  return { ok: false, findings };
}

/** The worst price a market entry is reckoned with: the quote, moved against the side. */
export function worstMarketPrice(side: Side, price: Decimal, slippagePct: Decimal): Decimal {
  return price.mul(slippagePct.mul(side === 'BUY' ? 1 : -1).add(1));
}

/**
 * A marketable limit at the quote plus the collar, on the increment, never beyond the collar. A collar
 * smaller than one increment gives the quote itself.
 */
export function collaredLimit(
  side: Side,
  price: Decimal,
  collarPct: Decimal,
  increment: Decimal,
): Decimal {
  const worst = worstMarketPrice(side, price, collarPct);
  return roundToIncrement(worst, increment, side === 'BUY' ? 'down' : 'up');
}
