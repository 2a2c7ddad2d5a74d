/** What account `a` has begun of late, as statements count it: for plans, and for whoever looks. */
import { Prisma } from './database.js';

/**
 * Its trades that were approved since an instant of today. The wider bound by `now()` changes no answer: without it
 * the server takes a third of the table for what a parameter will leave.
 * @param except a trade that does not count, as SQL
 */
export function approvedSince(since: Date, except = Prisma.sql`NULL::uuid`): Prisma.Sql {
  return Prisma.sql`(SELECT count(DISTINCT d.trade_id) FROM decisions d
        WHERE d.account_id = a.id AND d.kind = 'plan' AND d.verdict = 'approved'
          AND d.decided_at >= ${since} AND d.decided_at > now() - interval '2 days'
           AND d.trade_id IS DISTINCT FROM ${except})`;
}

/** Its orders since an instant of the last hour; the same of `except`. */
export function ordersSince(since: Date, except = Prisma.sql`NULL::uuid`): Prisma.Sql {
  return Prisma.sql`(SELECT count(*) FROM orders o
        WHERE o.account_id = a.id AND o.trade_id IS DISTINCT FROM ${except}
           AND o.created_at > ${since} AND o.created_at > now() - interval '1 hour')`;
}
