/** Failpoints never come near real money: what each process refuses, and what it says. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { ConfigError, loadConfig } from '../../config/index.js';
import { arm, taken } from '../../failpoints/arm.js';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { startNodeChild, type RunningPart } from '../../supervisor/node-child.js';
import { recordAccounts } from '../../store/accounts.js';
import { ensureConnection } from '../../store/connections.js';
import { openDatabase, type Database } from '../../store/database.js';
import { ensureInstallation } from '../../store/installation.js';
import { startScriptedGateway } from '../broker/support/scripted-gateway.js';
import type { ScriptedGateway } from '../broker/support/scripted-gateway.js';
import { builtFile } from '../support/built.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { temporalAddress, uniquePrefix } from '../support/temporal.js';

/** Starting takes two seconds on a machine of one's own. */
const READY_LIMIT_MS = 60_000;

describe('the configuration', () => {
  test('[PRF-2] failpoints are off by default, and refused beside ALLOW_LIVE', () => {
    expect(loadConfig({}).ballastFailpoints).toBeUndefined();
    const on = loadConfig({ BALLAST_FAILPOINTS: 'points', ALLOW_LIVE: 'false' });
    expect(on.ballastFailpoints).toBe(join(projectRoot(), 'points'));
    const both = () => loadConfig({ BALLAST_FAILPOINTS: 'points', ALLOW_LIVE: 'true' });
    expect(both).toThrow(ConfigError);
    expect(both).toThrow(/BALLAST_FAILPOINTS="points" must not be set with ALLOW_LIVE=true/);
  });
});

describe('the workers', () => {
  let folder: string;
  let database: TestDatabase;
  let db: Database;
  let gateway: ScriptedGateway | undefined;
  let part: RunningPart | undefined;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-failpoints-'));
    database = await freshDatabase();
    db = openDatabase({ url: database.url });
  }, 60_000);
  afterEach(async () => {
    await part?.stop();
    await gateway?.close();
    [part, gateway] = [undefined, undefined];
  }, 30_000);
  afterAll(async () => {
    await db?.$disconnect();
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const points = () => join(folder, 'points');
  const logFile = () => join(folder, 'worker.log');

  async function start(kind: 'broker-worker' | 'trade-worker', env: Record<string, string>) {
    part = await startNodeChild({
      name: kind,
      script: builtFile(`worker/${kind}.js`),
      args: [],
      env: {
        ...process.env,
        DATABASE_URL: database.url,
        TEMPORAL_ADDRESS: await temporalAddress(),
        TASK_QUEUE_PREFIX: uniquePrefix(),
        BALLAST_STATE_DIR: folder,
        ...env,
      },
      logFile: logFile(),
      readyLimitMs: READY_LIMIT_MS,
    });
  }

  async function brokerWorkerOn(accounts: string, env: Record<string, string>): Promise<void> {
    gateway = await startScriptedGateway({ accounts });
    await start('broker-worker', { IBKR_PORT: String(gateway.port), ...env });
  }

  test('[PRF-2, RSK-6] the broker worker ends when the broker names a live account', async () => {
    const env = { BALLAST_FAILPOINTS: points() };
    await expect(brokerWorkerOn('DU1234567,U7654321', env)).rejects.toThrow(
      /ended while starting[^]*BALLAST_FAILPOINTS is set, and U7654321 is no paper account/,
    );
    // The handshake, and nothing after it: neither an order nor a question.
    const ids = gateway?.received.map(({ fields }) => fields[0]);
    expect(ids).not.toContain('3');
    expect(await db.account.count()).toBe(0);
  }, 90_000);

  test('[PRF-2, RSK-6] the trade worker ends when a live account is known', async () => {
    const env = { BALLAST_FAILPOINTS: points() };
    await start('trade-worker', env);
    expect(readFileSync(logFile(), 'utf8')).toContain('failpoints are on');
    const { ownerId } = await ensureInstallation(db);
    const key = { userId: ownerId, host: '127.0.0.1', port: 4001, clientId: 17 };
    await recordAccounts(db, await ensureConnection(db, key), ownerId, ['U7654321']);
    expect(await part?.exited).toBe(1);
    await expect(start('trade-worker', env)).rejects.toThrow(/U7654321 is no paper account/);
  }, 90_000);

  test('[PRF-2] without the setting a worker does not look at the folder', async () => {
    await db.account.deleteMany();
    arm(points(), 'installation.commit.before', { action: 'exit' });
    await start('trade-worker', {});
    await part?.stop();
    expect(taken(points(), 'installation.commit.before')).toEqual([]);
  }, 90_000);
});
