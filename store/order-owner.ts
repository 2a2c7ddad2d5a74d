/** Whose order is it: from a client order id or an execution id to the trade it belongs to. */
import type { Database } from './database.js';

export interface OrderOwner {
  readonly tradeId: string;
  readonly orderRowId: string;
}

/** Null for an order that this system did not send. */
export async function findOrderOwner(
  db: Database,
  key: { clientOrderId: string | null; executionId: string | null },
): Promise<OrderOwner | null> {
  if (key.clientOrderId !== null) {
    const row = await db.order.findUnique({
      where: { clientOrderId: key.clientOrderId },
      select: { id: true, tradeId: true },
    });
    return row && { tradeId: row.tradeId, orderRowId: row.id };
  }
  if (key.executionId === null) return null;
  const execution = await db.execution.findFirst({
    where: { executionId: key.executionId },
    select: { tradeId: true, orderRowId: true },
  });
  if (!execution?.tradeId || !execution.orderRowId) return null;
  return { tradeId: execution.tradeId, orderRowId: execution.orderRowId };
}
