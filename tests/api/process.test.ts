/** The API as its own process: it starts by settings alone, logs no secret, and stops when it is told to. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { launchNodeChild, type LaunchedPart } from '../../supervisor/node-child.js';
import { openDatabase } from '../../store/database.js';
import { readyAccount } from '../store/support/ready-account.js';
import { builtFile } from '../support/built.js';
import { freePort } from '../support/ports.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { token } from './support.js';

const READY_LIMIT_MS = 60_000;

let folder = '';
let database: TestDatabase;
let part: LaunchedPart;
let url = '';
const logFile = () => join(folder, 'api.log');
const log = () => readFileSync(logFile(), 'utf8');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-api-'));
  database = await freshDatabase();
  const db = openDatabase({ url: database.url, poolSize: 1 });
  await readyAccount(db, ['AAA'], '1000000');
  await db.$disconnect();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const { JWT_SECRET: _, ...env } = process.env;
  part = launchNodeChild({
    ...{ name: 'api', script: builtFile('api/main.js'), args: [], logFile: logFile() },
    readyLimitMs: READY_LIMIT_MS,
    env: {
      ...env,
      ...{ DATABASE_URL: database.url, TEMPORAL_ADDRESS: '127.0.0.1:1', API_PORT: String(port) },
      ...{ BALLAST_STATE_DIR: folder, LOG_LEVEL: 'info' },
    },
  });
  await part.ready();
}, 90_000);
afterAll(async () => {
  if (part && !part.hasExited()) await part.stop();
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

const withToken = async (secret: string) => ({
  headers: { authorization: `Bearer ${await token({ secret })}` },
});

describe('[API-2] the API as a process', () => {
  test('makes the key of its tokens where "ballast token" finds it, and takes no other', async () => {
    const secret = readFileSync(join(folder, 'jwt-secret'), 'utf8').trim();
    const path = `${url}/api/v1/accounts`;
    expect((await fetch(path, await withToken(secret))).status).toBe(200);
    const other = 'another-secret-of-more-than-32-chars';
    expect((await fetch(path, await withToken(other))).status).toBe(401);
  });

  test('logs each request once, without what may be secret in it', async () => {
    const head = { headers: { authorization: 'Bearer my-secret-token' } };
    const answer = await fetch(`${url}/api/v1/trades?symbol=my-secret-query`, head);
    const id = answer.headers.get('x-request-id') ?? 'none';
    while (!log().includes(id)) await new Promise((resolve) => setTimeout(resolve, 20));
    const line =
      log()
        .split('\n')
        .find((each) => each.includes(id)) ?? '';
    expect(JSON.parse(line)).toMatchObject({ route: '/api/v1/trades', status: 401, actor: null });
    expect(log()).not.toMatch(/my-secret/);
  });

  test('stops when it is told to, whoever follows it', async () => {
    const secret = readFileSync(join(folder, 'jwt-secret'), 'utf8').trim();
    const stream = await fetch(`${url}/api/v1/events`, await withToken(secret));
    expect(stream.status).toBe(200);
    const ended = stream.text().catch(() => 'cut');
    await part.stop();
    expect(await part.exited).toBe(0);
    await ended;
  });
});
