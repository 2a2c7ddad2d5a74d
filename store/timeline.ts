/** A trade's timeline: what happened and why, written in the transaction that made it true. */
import { toJson, type Transaction } from './database.js';

export interface TradeKey {
  readonly userId: string;
  readonly tradeId: string;
}

/** Adds one line to a trade's timeline; `detail` is any JSON, decimals as text. */
export async function addTradeEvent(
  tx: Transaction,
  { userId, tradeId }: TradeKey,
  kind: string,
  summary: string,
  detail: Record<string, unknown> = {},
): Promise<void> {
  await tx.tradeEvent.create({ data: { userId, tradeId, kind, summary, detail: toJson(detail) } });
}
