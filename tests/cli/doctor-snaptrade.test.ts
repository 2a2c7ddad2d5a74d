/** A broker worker that gets nowhere with SnapTrade: why, by its log and by doctor, while it tries and once it was stopped. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DEFAULT_CREDENTIALS } from '../../snaptrade-stub/options.js';
import { startStub, type Stub } from '../../snaptrade-stub/stub.js';
import { linkReason } from '../../supervisor/link-reason.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { temporalAddress } from '../support/temporal.js';
import { createWorkers, untilTrue, type Workers } from '../support/workers.js';
import { told } from './doctor-lines.js';

let database: TestDatabase;
let stub: Stub;
let workers: Workers;
let folder: string;
let temporal: string;
beforeAll(async () => {
  database = await freshDatabase();
  stub = await startStub();
  temporal = await temporalAddress();
  folder = mkdtempSync(join(tmpdir(), 'ballast-doctor-'));
  workers = createWorkers({
    ...{ DATABASE_URL: database.url, TEMPORAL_ADDRESS: '127.0.0.1:1', BROKER: 'snaptrade' },
  });
}, 60_000);
afterAll(async () => {
  await workers?.stop();
  await stub?.stop();
  await database?.drop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const settings = (user: string, url: string) => ({
  ...{ SNAPTRADE_URL: url, SNAPTRADE_USER_ID: user, SNAPTRADE_USER_SECRET: 'not-the-secret' },
  SNAPTRADE_CLIENT_ID: DEFAULT_CREDENTIALS.clientId,
  SNAPTRADE_CONSUMER_KEY: DEFAULT_CREDENTIALS.consumerKey,
});

test('[BRK-1] [OPS-3] unreachable is told from a login that is needed, with what to do', async () => {
  const cases = [
    [
      settings('one', 'http://127.0.0.1:1'),
      /can't be reached at 127\.0\.0\.1:1: .*ECONNREFUSED.*check SNAPTRADE_URL/,
    ],
    [settings('two', stub.basePath), /login needed: .*401.*check SNAPTRADE_CLIENT_ID/],
  ] as const;
  const started = cases.map(([env]) => workers.start('broker-worker', env));
  for (const [index, [env, why]] of cases.entries()) {
    const worker = started[index]!;
    await untilTrue('the reason in the log', () => why.test(linkReason(worker.log()) ?? ''));
    expect(worker.log()).not.toContain('not-the-secret');
    const shell = {
      ...{ BALLAST_STATE_DIR: folder, DATABASE_URL: database.url, API_PORT: '1' },
      // One that answers: what is away is waited for.
      ...{ TEMPORAL_ADDRESS: temporal, BROKER: 'snaptrade', ...env },
    };
    const line = () => told(shell, 'broker worker');
    await untilTrue('doctor to tell it', async () => why.test(await line()));
    expect(await line()).toMatch(/^wrong: client .* is not ready: /);
    expect(await line()).not.toMatch(/kill|TWS|not-the-secret/);
    await worker.stop();
    expect(await line()).toMatch(/^wrong: nobody holds the lease/);
    expect(await line()).toMatch(why);
  }
}, 120_000);
