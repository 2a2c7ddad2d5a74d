/** Symbols in which something is unexplained: no entry until a person has cleared it (TRD-13). */
import { randomUUID } from 'node:crypto';
import { alert } from './alerts.js';
import type { Database, Transaction } from './database.js';

export interface Quarantine {
  /** The trade in whose account and symbol it is. */
  readonly tradeId: string;
  readonly reason: string;
}

/** Quarantines a symbol of an account, of which there may be no trade, and alerts; once until it is lifted. */
export async function quarantineAccountSymbol(
  tx: Transaction,
  quarantine: Readonly<Record<'userId' | 'accountId' | 'symbol' | 'reason', string>>,
): Promise<void> {
  const { userId, accountId, symbol, reason } = quarantine;
  const where = { accountId, symbol, kind: 'quarantine', liftedAt: null };
  if ((await tx.pause.count({ where })) > 0) return;
  const data = { userId, accountId, symbol, kind: 'quarantine', reason };
  const { id } = await tx.pause.create({ data });
  await alert(tx, {
    ...{ userId, tradeId: null, kind: 'quarantine', dedupeKey: `quarantine:${id}` },
    ...{ summary: `${symbol} is quarantined: ${reason}`, detail: { symbol } },
  });
}

/** Quarantines the trade's symbol in its account and alerts; false when it was quarantined already. */
export async function quarantineSymbol(
  db: Database,
  { tradeId, reason }: Quarantine,
): Promise<boolean> {
  const [pauseId, alertId] = [randomUUID(), randomUUID()];
  const made = await db.$executeRaw`
    WITH pause AS (
      INSERT INTO pauses (id, user_id, account_id, symbol, kind, reason)
      SELECT ${pauseId}::uuid, t.user_id, t.account_id, t.symbol, 'quarantine', ${reason}
        FROM trades t WHERE t.id = ${tradeId}::uuid AND NOT EXISTS (
          SELECT 1 FROM pauses p WHERE p.account_id = t.account_id AND p.symbol = t.symbol
             AND p.kind = 'quarantine' AND p.lifted_at IS NULL)
      RETURNING user_id, symbol)
    INSERT INTO notifications (id, user_id, trade_id, dedupe_key, kind, body)
    SELECT ${alertId}::uuid, user_id, ${tradeId}::uuid, ${`quarantine:${pauseId}`}, 'quarantine',
           jsonb_build_object('symbol', symbol,
             'summary', symbol || ' is quarantined: ' || ${reason}::text)
      FROM pause`;
  return made === 1;
}
