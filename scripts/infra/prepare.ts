/**
 * What must be there before a process of a new version starts, for installations that `npm start` doesn't run:
 * the database's schema, and Temporal's namespace with its search attributes. It may run any number of times.
 */
import type { Client } from '@temporalio/client';
import { openTemporal, temporalSettings } from '../../client/temporal.js';
import { loadConfig, requireDatabaseUrl } from '../../config/index.js';
import { migrate } from './migrate.js';
import { ensureNamespace, ensureSearchAttributes } from './temporal-namespace.js';

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function prepareTemporal(client: Client): Promise<void> {
  const { namespace } = client.options;
  const wasMade = await ensureNamespace(client);
  say(`Temporal namespace ${namespace}: ${wasMade ? 'made' : 'there'}`);
  await ensureSearchAttributes(client);
  say('search attributes: there');
}

try {
  const config = loadConfig();
  const applied = await migrate(requireDatabaseUrl(config));
  say(applied.length > 0 ? `migrated: ${applied.join(', ')}` : 'database schema: up to date');
  const client = await openTemporal(temporalSettings(config));
  try {
    await prepareTemporal(client);
  } finally {
    await client.connection.close();
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
// The client's native handles may stay for a while; nothing is left to do.
process.exit();
