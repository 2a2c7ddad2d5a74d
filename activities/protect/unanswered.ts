/**
 * Protective writes without an answer. Unlike an entry they are sent again under the same id: the broker
 * takes a repeated cancel or modification as the same one, and a repeated exit as its modification.
 */
import type { Instrument } from '../../domain/vocabulary.js';
import type { OrderTerms } from '../../contract/orders.js';
import type { Transaction } from '../../store/database.js';
import { wantedTerms, type TradeBook } from '../../store/book/load.js';
import { orderToSend } from '../../store/sending.js';
import type { BrokerDeps } from '../deps.js';
import { lastSessionOrderId, type SendStep } from './intents.js';

/** Gives the repeats that are due; a repeat counts from then on as the write that is waited for. */
export async function resendUnanswered(
  tx: Transaction,
  deps: BrokerDeps,
  book: TradeBook,
  instrument: Instrument,
  nowMs: number,
): Promise<SendStep[]> {
  const steps: SendStep[] = [];
  for (const [id, leg] of book.legs) {
    const row = book.rows.get(id)!;
    const sending = row.incarnations[row.incarnations.length - 1];
    const waitingSinceMs = (row.pendingSince ?? sending?.sendingAt)?.getTime() ?? nowMs;
    if (nowMs - waitingSinceMs < deps.settings.ackTimeoutMs) continue;
    if (leg.status === 'CANCEL_PENDING') {
      steps.push({ kind: 'cancel', orderRowId: id, sessionOrderId: lastSessionOrderId(row) });
    } else if (leg.modificationInFlight) {
      const terms = row.pendingTerms as unknown as OrderTerms;
      const order = orderToSend(book, row, lastSessionOrderId(row), instrument, terms);
      steps.push({ kind: 'modify', orderRowId: id, order });
    } else if (leg.role !== 'ENTRY' && leg.intent === 'SENDING' && leg.sequence > 1) {
      const order = orderToSend(book, row, lastSessionOrderId(row), instrument, wantedTerms(row));
      steps.push({ kind: 'exits', orders: [order] });
    } else {
      continue;
    }
    await tx.order.update({ where: { id }, data: { pendingSince: new Date(nowMs) } });
  }
  return steps;
}
