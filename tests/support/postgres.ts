/** Databases for tests: each its own copy of the migrated schema, on the run's one PostgreSQL. */
import { randomBytes } from 'node:crypto';
import { execute } from '../../scripts/infra/postgres.js';
import type { PostgresService } from '../../scripts/infra/test-services.js';
import { ask } from './services.js';

export interface TestDatabase {
  url: string;
  /** Drops it, with whatever is still connected. */
  drop(): Promise<void>;
}

/** Makes an empty, migrated database (some 50 ms). Drop it in `afterAll`. */
export async function freshDatabase(): Promise<TestDatabase> {
  const { adminUrl, template } = await ask<PostgresService>('postgres');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await execute(adminUrl, `create database ${name} template ${template}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      await execute(adminUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

/** A backup of a database, as `pg_dump` makes one: how it stood at one instant. */
export interface DatabaseBackup {
  /** Puts the database back to how it stood, whoever is connected; its address stays. */
  restore(): Promise<void>;
  drop(): Promise<void>;
}

/** Backs a test's database up. Whoever is connected loses the connection, and may come back at once. */
export async function backUp(url: string): Promise<DatabaseBackup> {
  const { adminUrl } = await ask<PostgresService>('postgres');
  const name = new URL(url).pathname.slice(1);
  const copy = `${name}_backup`;
  const drop = async (of: string): Promise<void> => {
    await execute(adminUrl, `drop database if exists ${of} with (force)`);
  };
  // A template may have nobody connected to it.
  await execute(adminUrl, `alter database ${name} allow_connections false`);
  await execute(
    adminUrl,
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '${name}'`,
  );
  await execute(adminUrl, `create database ${copy} template ${name}`);
  await execute(adminUrl, `alter database ${name} allow_connections true`);
  return {
    restore: async () => {
      await drop(name);
      await execute(adminUrl, `create database ${name} template ${copy}`);
    },
    drop: () => drop(copy),
  };
}
