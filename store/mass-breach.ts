/** Halting an account's entries because too many of its trades lost their protection at once (TRD-3). */
import { randomUUID } from 'node:crypto';
import { alert } from './alerts.js';
import type { Database } from './database.js';

const REASON = 'too many trades lost their protection within a minute';

/** Pauses entries on the accounts of these trades, each once until it is lifted, and alerts. */
export async function pauseForMassBreach(db: Database, tradeIds: readonly string[]): Promise<void> {
  await db.$transaction(async (tx) => {
    const accounts = await tx.$queryRaw<{ id: string; userId: string; name: string }[]>`
      SELECT DISTINCT a.id, a.user_id AS "userId", a.broker_account_id AS name
        FROM trades t JOIN accounts a ON a.id = t.account_id
       WHERE t.id = ANY(${[...tradeIds]}::uuid[]) AND NOT EXISTS (SELECT 1 FROM pauses p
              WHERE p.account_id = a.id AND p.kind = 'mass_breach' AND p.lifted_at IS NULL)`;
    for (const { id, userId, name } of accounts) {
      const pause = {
        id: randomUUID(),
        userId,
        accountId: id,
        kind: 'mass_breach',
        reason: REASON,
      };
      await tx.pause.create({ data: pause });
      await alert(tx, {
        ...{ userId, tradeId: null },
        kind: 'mass_breach',
        dedupeKey: `mass-breach:${pause.id}`,
        summary: `entries on ${name} are paused: ${REASON}`,
        detail: { trades: tradeIds.length },
      });
    }
  });
}
