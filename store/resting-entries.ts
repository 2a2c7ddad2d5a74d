/** Entries that rest at the broker though a switch is in force that lets none stand (RSK-5). */
import { MODE_TABLE, type Mode } from '../domain/risk/modes.js';
import { Prisma, type Database } from './database.js';
import { ACCOUNT_PAUSED, LOSS_REACHED, STRATEGY_PAUSED } from './switches.js';

/** As in the partial index `orders_resting_entries_idx`: the broker has shown it, and it may still fill. */
const RESTS = Prisma.sql`o.role = 'ENTRY' AND o.intent = 'SENT'
  AND o.status NOT IN ('EXECUTED', 'CANCELLED', 'REJECTED', 'EXPIRED', 'FAILED')`;

const CANCELLING_MODES = (['ACTIVE', 'REDUCING', 'HALTED'] satisfies Mode[]).filter(
  (mode) => MODE_TABLE[mode].cancelsEntries,
);

export interface RestingQuery {
  readonly accountIds: readonly string[];
  /** A switch outside the database (the halt file) is in force for all of them. */
  readonly isHalted: boolean;
  /** Trades that are seen to already. */
  readonly except: readonly string[];
  readonly limit: number;
}

/** Trades whose resting entry a switch forbids, the oldest first. */
export async function forbiddenEntries(db: Database, query: RestingQuery): Promise<string[]> {
  const { accountIds, isHalted, except, limit } = query;
  if (accountIds.length === 0) return [];
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT t.id
      FROM orders o JOIN trades t ON t.id = o.trade_id
      JOIN strategies s ON s.id = t.strategy_id JOIN accounts a ON a.id = t.account_id
     WHERE o.account_id = ANY(${[...accountIds]}::uuid[]) AND ${RESTS}
       AND NOT t.id = ANY(${[...except]}::uuid[])
       AND (${isHalted} OR a.mode = ANY(${CANCELLING_MODES}) OR s.mode = ANY(${CANCELLING_MODES})
            OR EXISTS (SELECT 1 FROM installation i WHERE i.mode = ANY(${CANCELLING_MODES}))
            OR ${ACCOUNT_PAUSED} OR ${STRATEGY_PAUSED} OR ${LOSS_REACHED})
     ORDER BY o.created_at LIMIT ${limit}`;
  return rows.map((row) => row.id);
}
