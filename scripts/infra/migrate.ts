/** Applies `prisma/migrations`, as `prisma migrate deploy` would, in about 30 ms. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MigrationList, SchemaFilter } from '@prisma/schema-engine-wasm';
import pg from 'pg';
import { projectRoot } from '../lib/paths.mjs';
import { withSchemaEngine } from './schema-engine.js';

export const LOCK_FILE = 'migration_lock.toml';

/** No table or enum is kept from Prisma. */
export const NO_FILTER: SchemaFilter = { externalTables: [], externalEnums: [] };

/** Any number, as long as nothing else here locks it: two starts must not migrate at once. */
const ADVISORY_LOCK = 740_512_001;

/** Longer than any migration of this project; a holder that hangs must not hang everybody. */
const LOCK_TIMEOUT_MS = 120_000;

export function migrationsFolder(): string {
  return join(projectRoot(), 'prisma', 'migrations');
}

/** Reads a folder of migrations in the form the engine takes. */
export function readMigrations(folder: string): MigrationList {
  const lockFile = join(folder, LOCK_FILE);
  const names = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .sort()
    : [];
  return {
    baseDir: folder,
    lockfile: {
      path: LOCK_FILE,
      content: existsSync(lockFile) ? readFileSync(lockFile, 'utf8') : null,
    },
    shadowDbInitScript: '',
    migrationDirectories: names.map((name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: readFileSync(join(folder, name, 'migration.sql'), 'utf8') },
      },
    })),
  };
}

/** Holds a lock in the database itself: the other migrating process may be on another machine. */
async function exclusively<T>(databaseUrl: string, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(`set lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
    return await work();
  } finally {
    await client.end();
  }
}

/**
 * Brings a database to the newest schema; does nothing when it is there.
 * @param databaseUrl of an existing database
 * @returns the names of the migrations applied now
 * @throws Error with the failing migration and PostgreSQL's message
 */
export async function migrate(
  databaseUrl: string,
  folder: string = migrationsFolder(),
): Promise<string[]> {
  const migrationsList = readMigrations(folder);
  if (migrationsList.migrationDirectories.length === 0) return [];
  return exclusively(databaseUrl, () =>
    withSchemaEngine(databaseUrl, undefined, async (engine) => {
      const input = { migrationsList, filters: NO_FILTER };
      const { appliedMigrationNames } = await engine.applyMigrations(input);
      return appliedMigrationNames;
    }),
  );
}
