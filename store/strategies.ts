/** Strategies as rows: made when a name is seen for the first time. */
import { randomUUID } from 'node:crypto';
import type { Database, Transaction } from './database.js';

/** Makes the strategy on that account unless it is there. Of several callers at once one makes it, and all use it. */
export async function ensureStrategy(
  db: Database | Transaction,
  userId: string,
  name: string,
  accountId: string,
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO strategies (id, user_id, name, account_id)
    VALUES (${randomUUID()}::uuid, ${userId}::uuid, ${name}, ${accountId}::uuid)
    ON CONFLICT (user_id, name) DO NOTHING`;
}
