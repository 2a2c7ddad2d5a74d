/** Movements that people told before statements were read keep what they say, and get their kind. Real PostgreSQL. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { execute } from '../../scripts/infra/postgres.js';
import type { PostgresService } from '../../scripts/infra/test-services.js';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { ask } from '../support/services.js';

const STATEMENTS = '20261122210000_statements';
const FOLDER = join(projectRoot(), 'prisma', 'migrations');

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

const apply = (migration: string) =>
  client.query(readFileSync(join(FOLDER, migration, 'migration.sql'), 'utf8'));
const id = (last: number) => `00000000-0000-0000-0000-${String(last).padStart(12, '0')}`;

test('[RSK-8] they are deposits above zero and withdrawals below, and still can not be changed', async () => {
  const before = readdirSync(FOLDER)
    .filter((entry) => /^\d{14}_/.test(entry) && entry < STATEMENTS)
    .sort();
  for (const migration of before) await apply(migration);
  await client.query(`
    INSERT INTO users (id, name) VALUES ('${id(1)}', 'owner');
    INSERT INTO connections (id, user_id, host, port, client_id) VALUES ('${id(2)}', '${id(1)}', 'h', 1, 17);
    INSERT INTO accounts (id, user_id, connection_id, broker_account_id, is_paper)
         VALUES ('${id(3)}', '${id(1)}', '${id(2)}', 'DU1', true);
    INSERT INTO cash_movements (id, user_id, account_id, reference, amount, at, source, actor)
         VALUES ('${id(4)}', '${id(1)}', '${id(3)}', 'a', 500, now(), 'person', 'me'),
                ('${id(5)}', '${id(1)}', '${id(3)}', 'b', -40, now(), 'person', 'me');`);
  await apply(STATEMENTS);
  const { rows } = await client.query(
    'SELECT reference, kind, trim_scale(amount)::text AS amount, same_as_id FROM cash_movements ORDER BY reference',
  );
  expect(rows).toEqual([
    { reference: 'a', kind: 'deposit', amount: '500', same_as_id: null },
    { reference: 'b', kind: 'withdrawal', amount: '-40', same_as_id: null },
  ]);
  await expect(client.query(`UPDATE cash_movements SET kind = 'deposit'`)).rejects.toThrow(
    /stays as it was told/,
  );
  const dividend = `INSERT INTO cash_movements (id, user_id, account_id, reference, kind, amount, at, source, actor)
    VALUES ('${id(6)}', '${id(1)}', '${id(3)}', 'c', 'dividend', 5, now(), 'person', 'me')`;
  await expect(client.query(dividend)).rejects.toThrow(/cash_movements_kind/);
});
