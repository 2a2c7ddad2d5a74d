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
