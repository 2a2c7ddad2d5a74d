/** A database of before the book, with orders in flight, is taken over as it stands. Real PostgreSQL. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { execute } from '../../scripts/infra/postgres.js';
import type { PostgresService } from '../../scripts/infra/test-services.js';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { ask } from '../support/services.js';

const BEFORE = ['20261121093000_initial', '20261121093100_checks'];
const BOOK = '20261121170000_book';

let adminUrl: string;
let name: string;
let client: pg.Client;

beforeAll(async () => {
  ({ adminUrl } = await ask<PostgresService>('postgres'));
  name = `test_${randomBytes(6).toString('hex')}`;
  await execute(adminUrl, `create database ${name}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  client = new pg.Client({ connectionString: url.href });
  await client.connect();
}, 60_000);
afterAll(async () => {
  await client?.end();
  await execute(adminUrl, `drop database if exists ${name} with (force)`);
});

const sqlOf = (migration: string) =>
  readFileSync(join(projectRoot(), 'prisma', 'migrations', migration, 'migration.sql'), 'utf8');

const id = (last: number) => `00000000-0000-0000-0000-${String(last).padStart(12, '0')}`;

const OLD_ROWS = `
  INSERT INTO users (id, name) VALUES ('${id(1)}', 'owner');
  INSERT INTO connections (id, user_id, host, port, client_id) VALUES ('${id(2)}', '${id(1)}', 'h', 1, 17);
  INSERT INTO accounts (id, user_id, connection_id, broker_account_id, is_paper)
       VALUES ('${id(3)}', '${id(1)}', '${id(2)}', 'DU1', true);
  INSERT INTO strategies (id, user_id, name, account_id) VALUES ('${id(4)}', '${id(1)}', 's', '${id(3)}');
  INSERT INTO signals (id, user_id, signal_id, fingerprint, body)
       VALUES ('${id(5)}', '${id(1)}', 'x', repeat('0', 64), '{}');
  INSERT INTO trades (id, user_id, signal_row_id, account_id, strategy_id, symbol, side, instrument)
       VALUES ('${id(6)}', '${id(1)}', '${id(5)}', '${id(3)}', '${id(4)}', 'AAA', 'BUY', '{}');
  INSERT INTO orders (id, user_id, account_id, trade_id, role, client_order_id, intent, status, terms,
                      pending_terms, pending_since)
       VALUES ('${id(7)}', '${id(1)}', '${id(3)}', '${id(6)}', 'ENTRY', 'e', 'SENT', 'EXECUTED', '{}', NULL, NULL),
              ('${id(8)}', '${id(1)}', '${id(3)}', '${id(6)}', 'STOP', 's', 'SENT', 'ACCEPTED', '{}',
               '{"stopPrice": "97"}', now()),
              ('${id(9)}', '${id(1)}', '${id(3)}', '${id(6)}', 'TARGET', 't', 'SENDING', 'UNKNOWN', '{}', NULL, NULL);
  INSERT INTO order_incarnations (id, user_id, order_row_id, connection_id, client_id, session_order_id,
                                  broker_order_id, lease_epoch, broker_day, sending_at, outcome)
       VALUES ('${id(10)}', '${id(1)}', '${id(7)}', '${id(2)}', 17, 1, '900', 1, '2026-11-20', now(), 'acknowledged'),
              ('${id(11)}', '${id(1)}', '${id(8)}', '${id(2)}', 17, 2, '901', 1, '2026-11-20', now(), 'acknowledged'),
              ('${id(12)}', '${id(1)}', '${id(9)}', '${id(2)}', 17, 3, NULL, 1, '2026-11-20', now(), 'open');
  INSERT INTO reservations (trade_id, user_id, account_id, strategy_id, symbol, side, cash, exposure, open_risk)
       VALUES ('${id(6)}', '${id(1)}', '${id(3)}', '${id(4)}', 'AAA', 'BUY', 1000, 1000, 50);
`;

test('[OPS-1] orders in flight keep their ids, and what was under way is of unknown fate', async () => {
  for (const migration of BEFORE) await client.query(sqlOf(migration));
  await client.query(OLD_ROWS);
  await client.query(sqlOf(BOOK));
  const { rows } = await client.query<{ row: string }>(`
    SELECT concat_ws(' ', o.role, i.n, i.kind, i.state, i.session_order_id, i.broker_order_ids[1]) AS row
      FROM order_incarnations i JOIN orders o ON o.id = i.order_row_id ORDER BY o.role, i.n`);
  expect(rows.map(({ row }) => row)).toEqual([
    'ENTRY 1 place ENDED 1 900',
    'STOP 1 place SHOWN 2 901',
    'STOP 2 modify UNKNOWN 2',
    'TARGET 1 place UNKNOWN 3',
  ]);
  const kept = await client.query<{ cash: string }>(
    `SELECT resting_cash::text AS cash FROM reservations`,
  );
  expect(Number(kept.rows[0]?.cash)).toBe(1000);
});
