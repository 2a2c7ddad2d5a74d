/** Reading the exits back and comparing them with what was sent: a preset may have changed them. */
import type { OrderTerms } from '../../contract/orders.js';
import { readBackTerms, wantedTerms, type TradeBook } from '../../store/book/load.js';
import type { TradeChanges } from '../../store/book/save.js';
import type { Transaction } from '../../store/database.js';
import { addTradeEvent } from '../../store/timeline.js';

/** Fields that must come back as they were sent. Prices and quantity are the planner's business. */
const COMPARED = [
  'side',
  'orderType',
  'timeInForce',
  'outsideRegularHours',
  'ocaType',
  'triggerMethod',
] as const;

const LIVE = new Set(['ACCEPTED', 'PARTIAL', 'HELD']);

/** Marks the trade verified once every live exit was read back; differences are told on its timeline. */
export async function verifyExits(tx: Transaction, book: TradeBook): Promise<TradeChanges> {
  const differences: string[] = [];
  for (const [id, leg] of book.legs) {
    if (leg.role === 'ENTRY' || !LIVE.has(leg.status)) continue;
    const row = book.rows.get(id)!;
    const read = readBackTerms(row);
    if (read === null) return {};
    differences.push(...differing(wantedTerms(row), read).map((text) => `${leg.role} ${text}`));
  }
  const { userId, id: tradeId } = book.trade;
  const summary =
    differences.length === 0
      ? 'exits read back: as sent'
      : `exits read back, but different: ${differences.join('; ')}`;
  await addTradeEvent(tx, { userId, tradeId }, 'verified', summary, { differences });
  return { verified: true, failure: differences.length === 0 ? book.trade.failure : summary };
}

/** A field that the broker doesn't give back is no difference. */
export function differing(wanted: OrderTerms, read: OrderTerms): string[] {
  return COMPARED.filter((field) => read[field] !== null && wanted[field] !== null)
    .filter((field) => read[field] !== wanted[field])
    .map((field) => `${field}: sent ${String(wanted[field])}, is ${String(read[field])}`);
}
