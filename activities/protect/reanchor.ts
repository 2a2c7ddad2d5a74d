/** Moving percent exits to the average fill, once, when the entry is finished (SIZ-6). */
import { decimal, text } from '../../domain/money.js';
import type { BracketPlan } from '../../domain/risk/plan.js';
import { reanchorExits } from '../../domain/sizing/exits.js';
import type { TradeView } from '../../domain/trade/derive.js';
import type { Quote } from '../../domain/vocabulary.js';
import type { Transaction } from '../../store/database.js';
import type { TradeBook } from '../../store/book/load.js';
import { entryMayFill } from '../../store/book/needs-work.js';
import type { TradeChanges } from '../../store/book/save.js';
import { addTradeEvent } from '../../store/timeline.js';
import type { BrokerDeps } from '../deps.js';

/** Gives the new prices to pursue, or nothing when it isn't due (any more). */
export async function reanchor(
  tx: Transaction,
  book: TradeBook,
  view: TradeView,
  quote: Quote | null,
  increment: string,
  deps: BrokerDeps,
): Promise<TradeChanges> {
  const { trade } = book;
  const isDue = !trade.reanchored && !entryMayFill([...book.legs.values()]);
  if (!isDue || view.averageEntry === null || view.awaitsExecutions) return {};
  const plan = await planOf(tx, trade.decisionId!);
  if (plan.trailing !== null) return { reanchored: true };
  const exits = reanchorExits({
    side: plan.side,
    averageFill: decimal(view.averageEntry),
    filledQuantity: decimal(view.entryFilled),
    stopPct: plan.stopLossPct === null ? null : decimal(plan.stopLossPct),
    targetPct: plan.takeProfitPct === null ? null : decimal(plan.takeProfitPct),
    increment: decimal(increment),
    approvedRisk: decimal(plan.approvedRisk),
    stopPrice: decimal(plan.stopPrice),
    targetPrice: plan.targetPrice === null ? null : decimal(plan.targetPrice),
    quote,
  });
  if (!exits.changed) return { reanchored: true };
  const stopPrice = text(exits.stopPrice);
  const targetPrice = exits.targetPrice && text(exits.targetPrice);
  const { userId, id: tradeId } = trade;
  const summary = `exits re-anchored to the fill at ${view.averageEntry}: stop ${stopPrice}${
    targetPrice ? `, target ${targetPrice}` : ''
  }`;
  await addTradeEvent(tx, { userId, tradeId }, 'reanchored', summary, { stopPrice, targetPrice });
  deps.log.info({ tradeId, stopPrice, targetPrice }, 'exits re-anchored');
  return { reanchored: true, stopPrice, targetPrice };
}

async function planOf(tx: Transaction, decisionId: string): Promise<BracketPlan> {
  const row = await tx.decision.findUniqueOrThrow({
    where: { id: decisionId },
    select: { plan: true },
  });
  return row.plan as unknown as BracketPlan;
}
