/** Orders this connection sent earlier, so that a new process recognises their callbacks. */
import type { Database } from './database.js';

/** The newest sendings are enough: finished ones never call back, live ones are bounded by limits. */
const KNOWN_MAX = 20_000;

export interface KnownOrder {
  readonly sessionOrderId: number;
  readonly clientOrderId: string;
}

/** Session order ids and client order ids of this connection's sendings, newest first. */
export async function knownOrders(db: Database, connectionId: string): Promise<KnownOrder[]> {
  const rows = await db.orderIncarnation.findMany({
    where: { connectionId },
    orderBy: { sessionOrderId: 'desc' },
    take: KNOWN_MAX,
    select: { sessionOrderId: true, order: { select: { clientOrderId: true } } },
  });
  return rows.map((row) => ({
    sessionOrderId: row.sessionOrderId,
    clientOrderId: row.order.clientOrderId,
  }));
}
