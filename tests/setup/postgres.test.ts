/** The embedded PostgreSQL outlives crashes of its own and of whoever started it. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { migrate } from '../../scripts/infra/migrate.js';
import { execute, startPostgres, type RunningPostgres } from '../../scripts/infra/postgres.js';
import { openTemporaryFolder } from '../../scripts/lib/files.mjs';
import { freshDatabase } from '../support/postgres.js';
import { freePort } from '../support/ports.js';

let folder: string;
let running: RunningPostgres | undefined;
beforeAll(() => {
  folder = openTemporaryFolder('ballast-postgres-');
});
afterAll(async () => {
  await running?.server.stop();
  if (running) rmSync(dirname(running.dataDir), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<RunningPostgres> {
  running = await startPostgres({
    dataDir: join(folder, 'data'),
    port: await freePort(),
    logFile: join(folder, 'postgres.log'),
    durable: true,
  });
  return running;
}

test('[OPS-1] data survives a kill, and a stale lock file does not keep it from starting', async () => {
  const first = await start();
  await execute(first.url, 'create table kept as select 42 as answer');
  process.kill(first.server.pid() ?? 0, 'SIGKILL');
  await first.server.exited;
  // The number in the file now belongs to a process that is no PostgreSQL.
  const file = join(first.dataDir, 'postmaster.pid');
  const [, ...rest] = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, [process.pid, ...rest].join('\n'));
  const second = await start();
  const { rows } = await execute(second.url, 'select answer from kept');
  expect(rows).toEqual([{ answer: 42 }]);
}, 60_000);

test('[OPS-1] a server that a crashed start left behind is stopped first', async () => {
  const left = running;
  const again = await start();
  expect(await left?.server.exited).toBe(0);
  const { rows } = await execute(again.url, 'select answer from kept');
  expect(rows).toEqual([{ answer: 42 }]);
}, 60_000);

test('it is safe against power loss', async () => {
  const { rows } = await execute(running?.url ?? '', 'show fsync');
  expect(rows).toEqual([{ fsync: 'on' }]);
});

test('migrations apply once, also when several processes start at once', async () => {
  const database = await freshDatabase();
  await execute(database.url, 'drop schema public cascade');
  await execute(database.url, 'create schema public');
  const applied = await Promise.all([1, 2, 3].map(() => migrate(database.url)));
  expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
  expect(await migrate(database.url)).toEqual([]);
  await database.drop();
});
