/** A halt that was given while the database was away comes into the audit log later. Real PostgreSQL. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { listAudit, verifyAudit } from '../../app/audit.js';
import { startHaltBook } from '../../supervisor/halt-book.js';
import { ballast } from '../cli/support.js';
import { testApp, type TestApp } from './support.js';
import { untilTrue } from '../support/workers.js';

let it: TestApp;
let folder: string;
beforeAll(async () => {
  it = await testApp();
  folder = mkdtempSync(join(tmpdir(), 'ballast-halts-'));
}, 60_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await it?.close();
});

const AWAY = 'postgresql://nobody@127.0.0.1:1/none';
const entries = async () =>
  (await listAudit(it.app, 20)).map(({ actor, action, body }) => ({ actor, action, body }));

test('[OPS-6] [RSK-5] who halted without the database stands in the log once it is back', async () => {
  const env = { BALLAST_STATE_DIR: join(folder, 'one'), DATABASE_URL: AWAY };
  const halted = await ballast(['halt', '--reason', 'odd: fills'], { env });
  expect(halted.err).toContain('added to the audit log');
  const now = { ...env, DATABASE_URL: it.database.url };
  await ballast(['resume'], { env: now });
  const [resumed, halt, ...more] = await entries();
  expect(resumed).toMatchObject({ action: 'resume' });
  expect(halt).toMatchObject({ action: 'halt', actor: resumed!.actor });
  expect(halt!.body).toMatchObject({ reason: 'odd: fills', at: expect.stringMatching(/Z$/) });
  expect(more).toStrictEqual([]);
  expect((await verifyAudit(it.app)).broken).toBeNull();
});

test('[OPS-6] npm start adds it by itself, once; one that a hand made is nobody’s by name', async () => {
  const before = (await entries()).length;
  const files = [join(folder, 'TWO'), join(folder, 'BYHAND'), join(folder, 'NONE')];
  writeFileSync(files[0]!, '2026-11-20T15:00:00.000Z cli:anna: odd fills\n');
  writeFileSync(files[1]!, '');
  let env: NodeJS.ProcessEnv = { DATABASE_URL: AWAY };
  const stop = startHaltBook({ files: () => files, env: () => env, everyMs: 50 });
  try {
    await sleep(300);
    env = { DATABASE_URL: it.database.url };
    await untilTrue('both are booked', async () => (await entries()).length >= before + 2);
    await sleep(300);
  } finally {
    stop();
  }
  const fresh = (await entries()).slice(0, -before);
  const body = { reason: 'odd fills', at: '2026-11-20T15:00:00.000Z', booked_by: 'supervisor' };
  expect(fresh).toHaveLength(2);
  expect(fresh).toContainEqual({ action: 'halt', actor: 'cli:anna', body });
  expect(fresh).toContainEqual(expect.objectContaining({ action: 'halt', actor: 'halt file' }));
}, 60_000);
