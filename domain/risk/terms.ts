/** What a signal means once defaults, the quote and the contract's increment are applied to it. */
import { decimal, roundToIncrement, type Decimal, type DecimalText } from '../money.js';
import {
  collaredLimit,
  executableQuote,
  worstMarketPrice,
  type QuoteVerdict,
} from '../sizing/quote.js';
import { percentExits, roundStop, roundTarget } from '../sizing/exits.js';
import type { Side } from '../vocabulary.js';
import type { PlanContext, Trail } from './context.js';
import type { AppliedDefault } from './plan.js';

export interface ResolvedTerms {
  readonly side: Side;
  readonly quote: QuoteVerdict;
  readonly increment: Decimal;
  /**
   * The limit, or the executable quote; failing that the signal's own reference, so that a denial can
   * still tell what else is wrong. Null when there is neither.
   */
  readonly entryPrice: Decimal | null;
  /** The collar's limit of a market entry; null without one. */
  readonly collar: Decimal | null;
  /** Worst price reckoned with; null for a limit entry. */
  readonly worstEntryPrice: Decimal | null;
  readonly hasStop: boolean;
  readonly stopPrice: Decimal | null;
  readonly targetPrice: Decimal | null;
  readonly stopLossPct: DecimalText | null;
  readonly takeProfitPct: DecimalText | null;
  readonly trailing: Trail | null;
  readonly riskPct: DecimalText;
  readonly applied: readonly AppliedDefault[];
}

/** Stands in where the contract is unknown and the denial is sure: a US stock's tick. */
const FALLBACK_INCREMENT = '0.01';

/** Resolves a signal against its context. */
export function resolveTerms(context: PlanContext): ResolvedTerms {
  const { signal, limits, contract } = context;
  const known = contract.kind === 'known';
  const increment = decimal(known ? contract.priceIncrement : FALLBACK_INCREMENT);
  const quote = executableQuote(context.quote, signal.side, context.nowMs, limits);
  const entry = entryPrices(context, quote, increment);
  const { stopLossPct, takeProfitPct, riskPct, applied } = withDefaults(context);
  const exits = exitPrices(context, entry.entryPrice, { stopLossPct, takeProfitPct }, increment);
  return {
    side: signal.side,
    quote,
    increment,
    ...entry,
    ...exits,
    hasStop: signal.stopLoss !== null || stopLossPct !== null || signal.trailingStop !== null,
    stopLossPct,
    takeProfitPct,
    trailing: signal.trailingStop,
    riskPct,
    applied,
  };
}

type EntryPrices = Pick<ResolvedTerms, 'entryPrice' | 'collar' | 'worstEntryPrice'>;

function entryPrices(context: PlanContext, quote: QuoteVerdict, increment: Decimal): EntryPrices {
  const { signal, limits } = context;
  const reference = orNull(signal.entryPrice);
  if (signal.orderType === 'LMT') {
    const direction = signal.side === 'BUY' ? 'down' : 'up';
    const limit = reference && roundToIncrement(reference, increment, direction);
    return { entryPrice: limit, collar: null, worstEntryPrice: null };
  }
  const entryPrice = quote.ok ? quote.price : reference;
  if (entryPrice === null) return { entryPrice, collar: null, worstEntryPrice: null };
  if (limits.maxSlippagePct === null) {
    const worst = worstMarketPrice(signal.side, entryPrice, decimal(limits.slippagePct));
    return { entryPrice, collar: null, worstEntryPrice: worst };
  }
  const slippagePct = decimal(limits.maxSlippagePct);
  const collar =
    orNull(context.collar ?? null) ??
    collaredLimit(signal.side, entryPrice, slippagePct, increment);
  return { entryPrice, collar, worstEntryPrice: collar };
}

type Resolved = Pick<ResolvedTerms, 'stopLossPct' | 'takeProfitPct' | 'riskPct' | 'applied'>;

/** A default stands in only where the signal left something open, and is then shown. */
function withDefaults({ signal, limits }: PlanContext): Resolved {
  const applied: AppliedDefault[] = [];
  const fallback = (field: string, value: DecimalText | null): DecimalText | null => {
    if (value !== null) applied.push({ field, value });
    return value;
  };
  const ownStop = signal.stopLoss !== null || signal.trailingStop !== null;
  const ownTarget = signal.takeProfit !== null;
  const stopLossPct =
    signal.stopLossPct ?? (ownStop ? null : fallback('stop_loss_pct', limits.stopLossPct));
  const takeProfitPct =
    signal.takeProfitPct ?? (ownTarget ? null : fallback('take_profit_pct', limits.takeProfitPct));
  return { stopLossPct, takeProfitPct, riskPct: riskPctOf({ signal, limits }, fallback), applied };
}

function riskPctOf(
  { signal, limits }: Pick<PlanContext, 'signal' | 'limits'>,
  fallback: (field: string, value: DecimalText) => unknown,
): DecimalText {
  if (signal.riskPct !== null) return signal.riskPct;
  if (signal.riskCategory !== null) return limits.riskCategories[signal.riskCategory];
  // With a quantity of its own the signal's risk is what that quantity risks.
  if (signal.quantity === null) fallback('risk_pct', limits.riskPct);
  return limits.riskPct;
}

function exitPrices(
  { signal }: PlanContext,
  entry: Decimal | null,
  fractions: { stopLossPct: DecimalText | null; takeProfitPct: DecimalText | null },
  increment: Decimal,
): Pick<ResolvedTerms, 'stopPrice' | 'targetPrice'> {
  const { side, stopLoss, takeProfit, trailingStop } = signal;
  const ownStop = stopLoss === null ? null : roundStop(side, decimal(stopLoss), increment);
  const ownTarget = takeProfit === null ? null : roundTarget(side, decimal(takeProfit), increment);
  if (entry === null) return { stopPrice: ownStop, targetPrice: ownTarget };
  const stopPct = orNull(fractions.stopLossPct);
  const targetPct = orNull(fractions.takeProfitPct);
  const derived = percentExits(side, entry, { stopPct, targetPct }, increment);
  const trailed = trailedStop(trailingStop, side, entry, increment);
  return {
    stopPrice: ownStop ?? derived.stopPrice ?? trailed,
    targetPrice: ownTarget ?? derived.targetPrice,
  };
}

function orNull(value: DecimalText | null): Decimal | null {
  return value === null ? null : decimal(value);
}

/** Where a trailing stop starts: its distance from the entry. */
function trailedStop(
  trail: Trail | null,
  side: Side,
  entry: Decimal,
  increment: Decimal,
): Decimal | null {
  if (trail === null) return null;
  const distance = 'amount' in trail ? decimal(trail.amount) : entry.mul(decimal(trail.fraction));
  return roundStop(side, side === 'BUY' ? entry.sub(distance) : entry.add(distance), increment);
}
