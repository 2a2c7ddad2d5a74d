/** What doctor says to do about a part that doesn't answer while "npm start" runs, or comes up. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { identify } from '../../scripts/lib/processes.mjs';
import { ballast } from './support.js';

let folder: string;
let sleeper: ChildProcess;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-doctor-'));
  sleeper = spawn('sleep', ['60']);
  const DATABASE_URL = 'postgresql://ballast@127.0.0.1:1/ballast';
  env = { BALLAST_STATE_DIR: folder, DATABASE_URL, TEMPORAL_ADDRESS: '127.0.0.1:1' };
});
afterEach(() => {
  sleeper.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

const SINCE = '2026-11-20T15:00:00.000Z';

function runs(postgres: object | undefined): void {
  const part = { state: 'up', pids: [sleeper.pid], since: SINCE, attempt: 0, log: '/l/pg.log' };
  const parts = postgres ? { postgres: { ...part, ...postgres } } : {};
  const rest = { pids: {}, ports: {}, urls: {}, env: {}, startedAt: SINCE, parts };
  const runtime = { supervisor: identify(), ...rest };
  writeFileSync(join(folder, 'runtime.json'), JSON.stringify(runtime));
}

async function remedy(name = 'database'): Promise<string> {
  const { out } = await ballast(['doctor', '--json'], { env });
  const { checks } = JSON.parse(out) as {
    checks: { name: string; remedy: string; found: string }[];
  };
  const found = checks.find((check) => check.name === name)!;
  return `${found.found} → ${found.remedy}`;
}

const ours = process.pid;

test('[OPS-3] with nothing running, it is to be started', async () => {
  expect(await remedy()).toContain('start it with "npm start"');
});

test('[OPS-3] one that is being started again is waited for', async () => {
  runs({ state: 'restarting', attempt: 2, pids: [] });
  const told = await remedy();
  expect(told).toContain(
    `"npm start" (process ${ours}) starts it again, attempt 2, down since ${SINCE}`,
  );
  expect(told).toContain('/l/pg.log');
  expect(told).not.toContain('start it with');
});

test('[OPS-3] one that is alive and does not answer is named, and one that is frozen', async () => {
  runs({});
  expect(await remedy()).toContain(`process ${sleeper.pid} is alive and does not answer`);
  sleeper.kill('SIGSTOP');
  const told = await remedy();
  expect(told).toContain(`process ${sleeper.pid} is frozen`);
  expect(told).toContain(`kill -CONT ${sleeper.pid}`);
});

test('[OPS-3] one that stays down, that has just ended, or that runs elsewhere', async () => {
  runs({ state: 'down', pids: [] });
  expect(await remedy()).toContain('give "npm start" once more');
  runs({ pids: [2 ** 22 + 1] });
  expect(await remedy()).toContain(`has ended: "npm start" (process ${ours}) starts it again`);
  runs(undefined);
  expect(await remedy()).toContain('see to it where it runs');
});

test('[OPS-3] an "npm start" that comes up or goes down is told from none', async () => {
  expect(await remedy('npm start')).toContain('does not run in this checkout');
  writeFileSync(join(folder, 'supervisor.lock'), JSON.stringify(identify()));
  expect(await remedy('npm start')).toContain(`process ${ours} is starting or stopping`);
  expect(await remedy()).toContain(`process ${ours} is starting or stopping`);
});
