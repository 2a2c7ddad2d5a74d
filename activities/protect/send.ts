/** Writing what was committed. Whatever goes wrong here is seen by the next round, from the rows. */
import { NotSentError, UnknownOutcomeError, type SendOptions } from '../../broker/port.js';
import { lockBook } from '../../store/book/load.js';
import { saveBook } from '../../store/book/save.js';
import { applyToLeg } from '../../store/order-facts.js';
import { noteWritten } from '../../store/sending.js';
import { transact } from '../../store/transact.js';
import type { BrokerDeps } from '../deps.js';
import { assertMaySend } from '../entry.js';
import type { SendStep } from './intents.js';

/** Sends one step; a refusal to write is recorded, an unknown outcome is left to the next look. */
export async function send(deps: BrokerDeps, tradeId: string, step: SendStep): Promise<void> {
  const options: SendOptions = {
    sendBeforeMs: null,
    guard: () => assertMaySend(deps),
    priority: 'protect',
    tradeId,
  };
  const { port } = deps.link;
  try {
    if (step.kind === 'cancel') {
      await port.cancel(step.sessionOrderId, options);
    } else if (step.kind === 'modify') {
      await port.modify(step.order, options);
    } else {
      const receipt = await port.placeExits(step.orders, options);
      await noteWritten(deps.db, step.orders, deps.link.lease().connectionId, receipt.writtenAtMs);
    }
  } catch (error) {
    if (error instanceof UnknownOutcomeError) return;
    if (!(error instanceof NotSentError)) throw error;
    deps.log.warn({ tradeId, reason: error.reason, step: step.kind }, error.message);
    if (step.kind === 'exits') await neverWritten(deps, tradeId, step, error.message);
  }
}

/** Exits that were not written are dead before they lived: the planner places new ones. */
async function neverWritten(
  deps: BrokerDeps,
  tradeId: string,
  step: Extract<SendStep, { kind: 'exits' }>,
  message: string,
): Promise<void> {
  await transact(deps.db, 'exits.unwritten.commit', { tradeId }, async (tx) => {
    const book = await lockBook(tx, tradeId);
    const ids = new Set(step.orders.map((order) => order.clientOrderId));
    for (const row of book.rows.values()) {
      // A repeat that was not written says nothing of the first write.
      if (!ids.has(row.clientOrderId) || row.pendingSince !== null) continue;
      applyToLeg(book, row.id, { kind: 'sendFailed', message });
      await tx.orderIncarnation.updateMany({
        where: { orderRowId: row.id, outcome: 'open' },
        data: { outcome: 'not_written' },
      });
    }
    await saveBook(tx, book, deps.nowMs());
  });
}
