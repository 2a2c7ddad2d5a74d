/** What doctor says of a broker worker whose link is down, and of one that is being started again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { identify } from '../../scripts/lib/processes.mjs';
import { openDatabase, type Database } from '../../store/database.js';
import { readyAccount, type ReadyAccount } from '../store/support/ready-account.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { ballast } from './support.js';

let database: TestDatabase;
let db: Database;
let ready: ReadyAccount;
let folder: string;
let sleeper: ChildProcess;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase({ url: database.url, poolSize: 2 });
  ready = await readyAccount(db, ['AAA'], '1000000');
  folder = mkdtempSync(join(tmpdir(), 'ballast-doctor-'));
  sleeper = spawn('sleep', ['120']);
  env = {
    ...{ BALLAST_STATE_DIR: folder, DATABASE_URL: database.url, TEMPORAL_ADDRESS: '127.0.0.1:1' },
    ...{ IBKR_HOST: '127.0.0.1', IBKR_PORT: '4002', IBKR_CLIENT_ID: '17' },
  };
}, 60_000);
afterAll(async () => {
  sleeper?.kill('SIGKILL');
  if (folder) rmSync(folder, { recursive: true });
  await db?.$disconnect();
  await database?.drop();
});

const SINCE = '2026-11-20T15:00:00.000Z';

/** The note of an "npm start" whose broker worker is at that. */
function runs(worker: object): void {
  const part = { state: 'up', pids: [sleeper.pid], since: SINCE, attempt: 0, log: '/l/bw.log' };
  const parts = { 'broker-worker': { ...part, ...worker } };
  const rest = { pids: {}, ports: {}, urls: {}, env: {}, startedAt: SINCE, parts };
  writeFileSync(join(folder, 'runtime.json'), JSON.stringify({ supervisor: identify(), ...rest }));
}

/** A worker at work publishes every second: this stays new for as long as doctor takes on a busy machine. */
const JUST_NOW_MS = -60_000;

/** What the worker published of its link, so long ago. */
async function published(isReady: boolean, health: object, agoMs = JUST_NOW_MS): Promise<void> {
  await db.connection.update({
    where: { id: ready.connectionId },
    data: { ready: isReady, health, downSince: isReady ? null : new Date(SINCE) },
  });
  await db.$executeRaw`
    UPDATE connections SET updated_at = now() - ${agoMs} * interval '1 millisecond'
     WHERE id = ${ready.connectionId}::uuid`;
}

async function workerLine(): Promise<{ state: string; found: string; remedy: string }> {
  const { out } = await ballast(['doctor', '--json'], { env });
  const { checks } = JSON.parse(out) as {
    checks: { name: string; state: string; found: string; remedy: string }[];
  };
  return checks.find(({ name }) => name === 'broker worker')!;
}

const LOST = {
  ...{ socket: 'up', brokerServers: false, ready: false },
  reason: "the gateway lost the broker's servers: 1100",
};
const CLOSED = {
  ...{ socket: 'down', brokerServers: false, ready: false },
  reason: 'the gateway closed the connection',
};

test("[OPS-3] [BRK-1] servers or a gateway that are away are waited for: the worker isn't killed for them", async () => {
  runs({});
  await published(false, LOST);
  const servers = await workerLine();
  expect(servers).toMatchObject({ state: 'wrong' });
  expect(servers.found).toContain("lost the broker's servers");
  expect(servers.remedy).toContain('wait for the broker');
  expect(servers.remedy).toContain('stops that were placed stand at the broker');
  await published(false, CLOSED);
  const gateway = await workerLine();
  expect(gateway.remedy).toContain('the worker connects again by itself');
  expect(servers.remedy + gateway.remedy).not.toContain('kill');
});

test('[OPS-3] of a worker that is frozen, starts again or has long said nothing, that is told first', async () => {
  runs({ state: 'restarting', attempt: 1, pids: [] });
  await published(false, LOST);
  expect((await workerLine()).remedy).toContain('starts it again, attempt 1');
  runs({});
  await published(false, LOST, 60_000);
  expect((await workerLine()).remedy).toContain('is alive and does not answer');
  await published(false, LOST);
  sleeper.kill('SIGSTOP');
  expect((await workerLine()).remedy).toContain(`kill -CONT ${sleeper.pid}`);
  sleeper.kill('SIGCONT');
});

test('[OPS-3] a worker that is not up is not well, whatever it said of itself last', async () => {
  await published(true, { socket: 'up', brokerServers: true, reason: 'ready' });
  runs({});
  expect(await workerLine()).toMatchObject({ state: 'ok' });
  runs({ state: 'restarting', attempt: 1, pids: [] });
  const again = await workerLine();
  expect(again).toMatchObject({ state: 'note' });
  expect(again.found).toContain('broker-worker is started again, attempt 1');
  expect(again.remedy).toContain('wait');
  runs({ pids: [2 ** 22 + 1] });
  expect(await workerLine()).toMatchObject({ state: 'note' });
});
