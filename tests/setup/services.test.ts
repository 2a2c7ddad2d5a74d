/** The servers that tests share are what they promise. */
import { afterAll, describe, expect, test } from '@jest/globals';
import { Connection } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { execute } from '../../scripts/infra/postgres.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { temporalAddress, timeSkippingEnv } from '../support/temporal.js';

describe('PostgreSQL', () => {
  const databases: TestDatabase[] = [];
  afterAll(() => Promise.all(databases.map((database) => database.drop())));

  test('gives each test a migrated database of its own', async () => {
    const [one, other] = await Promise.all([freshDatabase(), freshDatabase()]);
    databases.push(one, other);
    await execute(one.url, 'create table only_here (id int)');
    const count = "select count(*)::int n from information_schema.tables where table_name = '";
    const found = await execute(other.url, `${count}only_here'`);
    expect(found.rows[0]).toEqual({ n: 0 });
    const migrations = await execute(other.url, 'select migration_name from _prisma_migrations');
    expect(migrations.rowCount).toBeGreaterThan(0);
  });

  test('is version 18 and speaks UTC', async () => {
    const database = await freshDatabase();
    databases.push(database);
    const { rows } = await execute(database.url, 'show server_version_num');
    expect(
      Math.floor(Number((rows[0] as Record<string, string>)['server_version_num']) / 1e4),
    ).toBe(18);
    expect((await execute(database.url, 'show timezone')).rows[0]).toEqual({ TimeZone: 'UTC' });
  });
});

describe('Temporal', () => {
  let environment: TestWorkflowEnvironment | undefined;
  afterAll(() => environment?.teardown());

  test('[TRD-9] the shared server knows the search attributes of trades', async () => {
    const connection = await Connection.connect({ address: await temporalAddress() });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: 'default',
    });
    expect(Object.keys(customAttributes ?? {})).toEqual(
      expect.arrayContaining([
        'TradeSymbol',
        'TradeStatus',
        'StrategyId',
        'AccountId',
        'Side',
        'Protected',
      ]),
    );
    await connection.close();
  }, 60_000);

  test('a time-skipping server sleeps a day at once', async () => {
    environment = await timeSkippingEnv();
    const before = await environment.currentTimeMs();
    await environment.sleep('1 day');
    expect((await environment.currentTimeMs()) - before).toBeGreaterThanOrEqual(86_400_000);
  }, 60_000);
});
