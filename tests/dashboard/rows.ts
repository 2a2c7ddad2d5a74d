/** Thousands of trades as an installation of months has them: rows alone, which pages read. */
import { randomUUID } from 'node:crypto';
import { Prisma, type Database } from '../../store/database.js';
import type { ReadyAccount } from '../store/support/ready-account.js';

/** An id of the fourth version for each row `g` of a series, the same wherever it is named. */
function uuid(of: 's' | 't'): Prisma.Sql {
  return Prisma.sql`overlay(overlay(md5(${of} || g) placing '4' from 13) placing 'a' from 17)::uuid`;
}

/** Makes so many closed trades of four symbols, one a minute into the past. @returns the id of one of them */
export async function manyTrades(
  db: Database,
  { ownerId: userId, accountId }: ReadyAccount,
  count: number,
): Promise<string> {
  const strategy = await db.strategy.create({ data: { userId, accountId, name: 'months' } });
  await db.$executeRaw`
    INSERT INTO signals (id, user_id, signal_id, body, fingerprint, received_at)
    SELECT ${uuid('s')}, ${userId}::uuid, 'months-' || g,
           jsonb_build_object('id', 'months-' || g, 'symbol', 'AAA', 'side', 'BUY'), md5('h' || g) || md5('h'),
           now() - g * interval '1 minute'
      FROM generate_series(1, ${count}::int) g`;
  await db.$executeRaw`
    INSERT INTO trades (id, user_id, signal_row_id, account_id, strategy_id, symbol, side, state,
                        before_entry, instrument, planned_quantity, filled_quantity, reference_price,
                        average_entry, average_exit, stop_price, target_price, exit_reason, gross_pnl,
                        commission, realized_pnl, r_multiple, created_at, opened_at, closed_at,
                        settled_at, updated_at)
    SELECT ${uuid('t')}, ${userId}::uuid, ${uuid('s')}, ${accountId}::uuid,
           ${strategy.id}::uuid, (array['AAA', 'BBB', 'CCC', 'DDD'])[1 + g % 4],
           CASE WHEN g % 5 = 0 THEN 'SELL' ELSE 'BUY' END, 'CLOSED', 'RECEIVED',
           jsonb_build_object('symbol', (array['AAA', 'BBB', 'CCC', 'DDD'])[1 + g % 4],
                              'securityType', 'STK', 'exchange', 'SMART', 'currency', 'USD',
                              'brokerContractId', 1 + g % 4),
           10 + g % 90, 10 + g % 90, 100, 100, 100 + (g % 41 - 20) / 10.0, 97, 106,
           CASE WHEN g % 41 > 20 THEN 'target' ELSE 'stop' END, (10 + g % 90) * (g % 41 - 20) / 10.0,
           2, (10 + g % 90) * (g % 41 - 20) / 10.0 - 2, (g % 41 - 20) / 30.0,
           now() - g * interval '1 minute', now() - g * interval '1 minute' + interval '2 seconds',
           now() - g * interval '1 minute' + interval '40 seconds',
           now() - g * interval '1 minute' + interval '41 seconds',
           now() - g * interval '1 minute' + interval '41 seconds'
      FROM generate_series(1, ${count}::int) g`;
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM trades ORDER BY created_at DESC LIMIT 1`;
  return rows[0]?.id ?? randomUUID();
}
