/** [OPS-3] Doctor where this shell asks at another address than what "npm start" runs uses: that is said, and nobody is to be killed for it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { identify } from '../../scripts/lib/processes.mjs';
import { readyAccount } from '../store/support/ready-account.js';
import { openDatabase, type Database } from '../../store/database.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { temporalAddress } from '../support/temporal.js';
import { doctorLines, type Line } from './doctor-lines.js';

const SINCE = '2026-11-20T15:00:00.000Z';
const PARTS = ['postgres', 'temporal', 'gateway', 'broker-worker', 'trade-worker', 'api'];

let database: TestDatabase;
let db: Database;
let folder: string;
let sleeper: ChildProcess;
let running: NodeJS.ProcessEnv;
beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase({ url: database.url, poolSize: 2 });
  await readyAccount(db, ['AAA'], '1000000');
  folder = mkdtempSync(join(tmpdir(), 'ballast-doctor-'));
  sleeper = spawn('sleep', ['120']);
  const part = { state: 'up', pids: [sleeper.pid], since: SINCE, attempt: 0, log: '/l/part.log' };
  running = {
    ...{ BALLAST_STATE_DIR: folder, DATABASE_URL: database.url, IBKR_HOST: '127.0.0.1' },
    ...{ TEMPORAL_ADDRESS: await temporalAddress(), IBKR_PORT: '4002', API_PORT: '1' },
  };
  const parts = Object.fromEntries(PARTS.map((name) => [name, part]));
  const rest = { pids: {}, ports: {}, urls: {}, env: running, startedAt: SINCE, parts };
  writeFileSync(join(folder, 'runtime.json'), JSON.stringify({ supervisor: identify(), ...rest }));
}, 60_000);
afterAll(async () => {
  sleeper?.kill('SIGKILL');
  if (folder) rmSync(folder, { recursive: true });
  await db?.$disconnect();
  await database?.drop();
});

const lines = (shell: NodeJS.ProcessEnv) => doctorLines({ BALLAST_STATE_DIR: folder, ...shell });
const named = (all: readonly Line[], name: string) => all.find((line) => line.name === name)!;
const place = () => `${new URL(database.url).host}${new URL(database.url).pathname}`;

// Each wrong setting, and the lines of the parts that it leads away from.
test.each([
  ['DATABASE_URL', 'postgres://u:a-password@127.0.0.1:1/x', '127.0.0.1:1/x', place, ['database']],
  ['TEMPORAL_ADDRESS', '127.0.0.1:1', null, () => running['TEMPORAL_ADDRESS'], ['Temporal']],
  ['TASK_QUEUE_PREFIX', 'other', null, () => 'none', ['trade workers']],
  ['IBKR_PORT', '7496', null, () => '4002', ['broker port', 'broker worker']],
  ['IBKR_HOST', 'nosuch.invalid', null, () => '127.0.0.1', ['broker port', 'broker worker']],
  ['IBKR_CLIENT_ID', '99', null, () => '17', ['broker worker']],
  ['API_PORT', '2', null, () => '1', ['HTTP API']],
])(
  '[OPS-3] %s of this shell alone is wrong: it is named beside what runs, and no process is',
  async (name, value, shown, uses, parts) => {
    const all = await lines({ [name]: value });
    const told = `this shell's ${name} says ${shown ?? value}, what runs here uses ${uses()}: unset it`;
    expect(named(all, 'this shell').found).toContain(`${name} says ${shown ?? value}`);
    for (const part of parts) {
      expect(named(all, part)).toMatchObject({ state: 'wrong' });
      expect(named(all, part).remedy).toContain(told);
      expect(named(all, part).remedy).not.toContain('kill');
      expect(named(all, part).remedy).not.toContain(String(sleeper.pid));
    }
    expect(JSON.stringify(all)).not.toContain('a-password');
  },
  60_000,
);

test('[OPS-3] a part that is asked where it runs and does not answer is named still', async () => {
  const all = await lines({ DATABASE_URL: database.url });
  expect(named(all, 'this shell')).toBeUndefined();
  expect(named(all, 'HTTP API').remedy).toContain(`kill -9 ${sleeper.pid}`);
});
