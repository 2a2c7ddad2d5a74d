/** Writes the next migration: the difference between the schema and the migrations there are. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openTemporaryFolder } from '../lib/files.mjs';
import { projectRoot } from '../lib/paths.mjs';
import { LOCK_FILE, NO_FILTER, migrate, migrationsFolder } from './migrate.js';
import { freePort } from './ports.js';
import { startPostgres } from './postgres.js';
import { withSchemaEngine } from './schema-engine.js';

const LOCK_FILE_TEXT = `# Which database the migrations are written for. Prisma reads this file.
provider = "postgresql"
`;

/** Runs `work` with the URL of an empty database that is gone afterwards. */
export async function withScratchDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const folder = openTemporaryFolder('ballast-scratch-');
  const { url, server, dataDir } = await startPostgres({
    dataDir: join(folder, 'postgres'),
    port: await freePort(),
    logFile: join(folder, 'postgres.log'),
    durable: false,
  });
  try {
    return await work(url);
  } finally {
    await server.stop();
    rmSync(dirname(dataDir), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the engine writes when there is nothing to do. */
const EMPTY_SCRIPT = '-- This is an empty migration.';

/** The SQL from what the migrations make of an empty database to the schema, if they differ. */
async function differenceTo(
  schema: { path: string; content: string },
  url: string,
  folder: string,
): Promise<string | undefined> {
  await migrate(url, folder);
  const files = [schema];
  const { stdout } = await withSchemaEngine(url, schema, (engine) =>
    engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: dirname(schema.path) },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: NO_FILTER,
    }),
  );
  const script = stdout ?? '';
  return script.trim() === '' || script.trim() === EMPTY_SCRIPT ? undefined : script;
}

/** Such as 20261121093000: the form whose order is the order of the migrations. */
function timestamp(now: Date): string {
  return now.toISOString().replace(/\D/g, '').slice(0, 'YYYYMMDDhhmmss'.length);
}

export interface NewMigrationOptions {
  schemaFile?: string;
  folder?: string;
}

/**
 * Writes `<folder>/<timestamp>_<name>/migration.sql` and proves that all migrations apply.
 * @returns the new folder's name, or undefined when the schema has not changed
 * @throws Error from the engine when the schema is invalid or a migration fails
 */
export async function newMigration(
  name: string,
  options: NewMigrationOptions = {},
): Promise<string | undefined> {
  const folder = options.folder ?? migrationsFolder();
  const path = options.schemaFile ?? join(projectRoot(), 'prisma', 'schema.prisma');
  const schema = { path, content: readFileSync(path, 'utf8') };
  const script = await withScratchDatabase((url) => differenceTo(schema, url, folder));
  if (script === undefined) return undefined;
  const migrationName = `${timestamp(new Date())}_${name}`;
  const target = join(folder, migrationName);
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'migration.sql'), script);
  if (!existsSync(join(folder, LOCK_FILE))) writeFileSync(join(folder, LOCK_FILE), LOCK_FILE_TEXT);
  await withScratchDatabase((url) => migrate(url, folder));
  return migrationName;
}
