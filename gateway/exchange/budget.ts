/**
 * The displayed size of a quote is one budget per side, shared by all orders in time order, and gone
 * when the next quote comes. How much of it is used survives a restart.
 */
import { ZERO, max, text } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { Action, QuoteView } from './api.js';
import type { Core } from './core.js';
import type { QuoteUse } from './state.js';

export interface Budget {
  quote: QuoteView;
  use: QuoteUse;
}

function nameOf(quote: QuoteView): string {
  return [quote.bid, quote.bidSize, quote.ask, quote.askSize].map(text).join(' ');
}

/** The same quote told again, only because trading was halted or resumed. */
function isRepeat(before: QuoteView, now: QuoteView): boolean {
  return before.halted !== now.halted && nameOf(before) === nameOf(now);
}

/** Takes note of a new quote. */
export function renewBudget(core: Core, symbol: string, quote: QuoteView): Budget {
  const before = core.budgets.get(symbol);
  if (before && isRepeat(before.quote, quote)) {
    before.quote = quote;
    return before;
  }
  // The first quote after a restart may be the one that was traded on before it.
  const saved = before ? undefined : core.state.quoteUse.get(symbol);
  const fresh: QuoteUse = { symbol, quote: '', bidUsed: ZERO, askUsed: ZERO };
  const use = saved?.quote === nameOf(quote) ? saved : fresh;
  const budget = { quote, use };
  core.budgets.set(symbol, budget);
  return budget;
}

/** The budget of the symbol's current quote; undefined before its first one. */
export function currentBudget(core: Core, symbol: string): Budget | undefined {
  const budget = core.budgets.get(symbol);
  if (budget) return budget;
  const quote = core.settings.market.quote(symbol);
  return quote && renewBudget(core, symbol, quote);
}

/** Shares still on offer to a buyer (at the ask) or a seller (at the bid). */
export function available(budget: Budget, action: Action): Decimal {
  const { quote, use } = budget;
  if (action === 'BUY') {
    return quote.ask.gt(ZERO) ? max(ZERO, quote.askSize.sub(use.askUsed)) : ZERO;
  }
  return quote.bid.gt(ZERO) ? max(ZERO, quote.bidSize.sub(use.bidUsed)) : ZERO;
}

/** The price at which a buyer or seller trades on the quote. */
export function touchPrice(quote: QuoteView, action: Action): Decimal {
  return action === 'BUY' ? quote.ask : quote.bid;
}

export function useUp(core: Core, budget: Budget, action: Action, shares: Decimal): void {
  const { use } = budget;
  if (use.quote === '') use.quote = nameOf(budget.quote);
  if (action === 'BUY') use.askUsed = use.askUsed.add(shares);
  else use.bidUsed = use.bidUsed.add(shares);
  core.state.quoteUse.set(use.symbol, use);
  core.batch.quoteUse.add(use);
}
