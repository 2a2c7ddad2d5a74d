/** Halting an account's entries because too many of its trades lost their protection at once (TRD-3). */
import { alertFrom } from './alerts.js';
import { Prisma, type Database } from './database.js';

const REASON = 'too many trades lost their protection within a minute';

/** Pauses entries on the accounts of these trades, each once until it is lifted, and alerts. */
export async function pauseForMassBreach(db: Database, tradeIds: readonly string[]): Promise<void> {
  const told = alertFrom({
    ...{ userId: Prisma.sql`user_id`, kind: 'mass_breach' },
    dedupeKey: Prisma.sql`'mass-breach:' || id`,
    summary: Prisma.sql`'entries of an account are paused: ' || ${REASON}::text`,
    detail: Prisma.sql`jsonb_build_object('trades', ${tradeIds.length}::int)`,
    from: Prisma.sql`FROM pause`,
  });
  await db.$executeRaw`
    WITH pause AS (
      INSERT INTO pauses (id, user_id, account_id, kind, reason)
      SELECT gen_random_uuid(), a.user_id, a.id, 'mass_breach', ${REASON}
        FROM accounts a
       WHERE a.id IN (SELECT account_id FROM trades WHERE id = ANY(${[...tradeIds]}::uuid[]))
         AND NOT EXISTS (SELECT 1 FROM pauses p WHERE p.account_id = a.id
              AND p.kind = 'mass_breach' AND p.lifted_at IS NULL)
      RETURNING id, user_id)
    ${told}`;
}
