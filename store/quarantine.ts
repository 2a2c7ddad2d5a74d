/** Symbols in which something is unexplained: no entry until a person has cleared it (TRD-13). */
import { randomUUID } from 'node:crypto';
import { alert } from './alerts.js';
import type { Database } from './database.js';

export interface Quarantine {
  /** The trade in whose account and symbol it is. */
  readonly tradeId: string;
  readonly reason: string;
}

/** Quarantines the trade's symbol in its account and alerts; false when it was quarantined already. */
export async function quarantineSymbol(
  db: Database,
  { tradeId, reason }: Quarantine,
): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const id = randomUUID();
    const rows = await tx.$queryRaw<{ symbol: string; userId: string }[]>`
      INSERT INTO pauses (id, user_id, account_id, symbol, kind, reason)
      SELECT ${id}::uuid, t.user_id, t.account_id, t.symbol, 'quarantine', ${reason}
        FROM trades t WHERE t.id = ${tradeId}::uuid AND NOT EXISTS (
          SELECT 1 FROM pauses p WHERE p.account_id = t.account_id AND p.symbol = t.symbol
             AND p.kind = 'quarantine' AND p.lifted_at IS NULL)
      RETURNING symbol, user_id AS "userId"`;
    if (!rows[0]) return false;
    const { symbol, userId } = rows[0];
    await alert(tx, {
      ...{ userId, tradeId },
      kind: 'quarantine',
      dedupeKey: `quarantine:${id}`,
      summary: `${symbol} is quarantined: ${reason}`,
      detail: { symbol },
    });
    return true;
  });
}
