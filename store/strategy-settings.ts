/** Settings of one strategy, laid over the installation's and its account's. */
import type { ApprovalPolicy } from '../domain/vocabulary.js';
import type { Transaction } from './database.js';

/** Whether its signals need an approval (SIG-3); gives what was set before, or null when there is no such strategy. */
export async function setApprovalPolicy(
  tx: Transaction,
  userId: string,
  name: string,
  policy: ApprovalPolicy,
): Promise<string | null> {
  const rows = await tx.$queryRaw<{ before: string }[]>`
    UPDATE strategies st SET settings = st.settings || jsonb_build_object('approval', ${policy}::text)
      FROM (SELECT id, coalesce(settings->>'approval', 'not set') AS before FROM strategies
             WHERE user_id = ${userId}::uuid AND name = ${name} FOR UPDATE) old
     WHERE st.id = old.id RETURNING old.before`;
  return rows[0]?.before ?? null;
}
