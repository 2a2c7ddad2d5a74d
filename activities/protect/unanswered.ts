/**
 * Protective writes without an answer. Unlike an entry they are sent again under the same id: the broker
 * takes a repeated cancel or modification as the same one, and a repeated exit as its modification. An
 * exit is repeated once: an id lower than one used since is refused, whether the order lives or not.
 */
import type { Instrument } from '../../domain/vocabulary.js';
import type { OrderTerms } from '../../contract/orders.js';
import { decimal } from '../../domain/money.js';
import { isLive } from '../../domain/orders/machine.js';
import type { TradeView } from '../../domain/trade/derive.js';
import type { TradeLeg } from '../../domain/trade/leg.js';
import type { Transaction } from '../../store/database.js';
import { wantedTerms, type OrderRow, type TradeBook } from '../../store/book/load.js';
import { entryMayFill, unansweredExits } from '../../store/book/needs-work.js';
import { applyToLeg } from '../../store/order-facts.js';
import { orderToSend } from '../../store/sending.js';
import type { BrokerDeps } from '../deps.js';
import { lastSessionOrderId, type SendStep } from './intents.js';

/** Exits without an answer in time are of unknown fate from now on, and the planner must know. */
export function markUnanswered(deps: BrokerDeps, book: TradeBook, nowMs: number): void {
  for (const leg of unansweredExits([...book.legs.values()])) {
    if (!isDue(deps, book, leg.legId, nowMs)) continue;
    applyToLeg(book, leg.legId, { kind: 'outcomeUnknown', message: 'no answer in time' });
  }
}

/** Gives the repeats that are due; a repeat counts from then on as the write that is waited for. */
export async function resendUnanswered(
  tx: Transaction,
  deps: BrokerDeps,
  book: TradeBook,
  view: TradeView,
  instrument: Instrument,
  nowMs: number,
): Promise<SendStep[]> {
  const legs = [...book.legs.values()].filter(isLive);
  // An exit sent again stands on its own: over nothing held, or before a parent, it would open.
  const mayPlace = decimal(view.heldQuantity).gt(0) && !entryMayFill(legs);
  const steps: SendStep[] = [];
  for (const leg of legs) {
    const { legId } = leg;
    if (!isDue(deps, book, legId, nowMs)) continue;
    const row = book.rows.get(legId)!;
    const step = repeatOf(book, leg, row, instrument, mayPlace);
    if (step === null) continue;
    steps.push(step);
    row.pendingSince = new Date(nowMs);
    await tx.order.update({ where: { id: legId }, data: { pendingSince: row.pendingSince } });
  }
  return steps;
}

function isDue(deps: BrokerDeps, book: TradeBook, legId: string, nowMs: number): boolean {
  const row = book.rows.get(legId)!;
  const sending = row.incarnations[row.incarnations.length - 1];
  const waitingSinceMs = (row.pendingSince ?? sending?.sendingAt)?.getTime() ?? nowMs;
  return nowMs - waitingSinceMs >= deps.settings.ackTimeoutMs;
}

function repeatOf(
  book: TradeBook,
  leg: TradeLeg,
  row: OrderRow,
  instrument: Instrument,
  mayPlace: boolean,
): SendStep | null {
  if (leg.status === 'CANCEL_PENDING') {
    return { kind: 'cancel', orderRowId: row.id, sessionOrderId: lastSessionOrderId(row) };
  }
  if (leg.modificationInFlight) {
    const terms = row.pendingTerms as unknown as OrderTerms;
    const order = orderToSend(book, row, lastSessionOrderId(row), instrument, terms);
    return { kind: 'modify', orderRowId: row.id, order };
  }
  // Once is enough: what stays unanswered is doubled by the planner, and looked up.
  const isRepeat = leg.role !== 'ENTRY' && row.pendingSince !== null;
  if (leg.role === 'ENTRY' || leg.intent !== 'SENDING' || isRepeat || !mayPlace) return null;
  const order = orderToSend(book, row, lastSessionOrderId(row), instrument, wantedTerms(row));
  return { kind: 'exits', orders: [order] };
}
