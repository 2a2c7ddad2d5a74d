/** Each process of a running stack is killed in turn, by its id: the page says so, says what is known, and recovers by itself (UI-1). */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openShared, type SharedApp } from '../../app/users.js';
import { loadConfig } from '../../config/index.js';
import { migrate } from '../../scripts/infra/migrate.js';
import { findProgram } from '../../scripts/infra/find-program.js';
import { startPostgres, type RunningPostgres } from '../../scripts/infra/postgres.js';
import { TEMPORAL } from '../../scripts/infra/temporal-programs.js';
import { startTemporal, type RunningTemporal } from '../../scripts/infra/temporal.js';
import { openTemporaryFolder } from '../../scripts/lib/files.mjs';
import { startNodeChild, type RunningPart } from '../../supervisor/node-child.js';
import { SECRET } from '../api/support.js';
import { builtFile } from '../support/built.js';
import { freePort } from '../support/ports.js';
import { startStack, type TestStack, type WorkerKind } from '../support/stack.js';
import { openBrowser, openPage, until, type OpenPage } from './support.js';

/** The page tells within some ten seconds; a busy machine may take several times that. */
const TOLD_MS = 45_000;
/** A process starts, gets in sync, and is seen, on busy cores. */
const BACK_MS = 90_000;
/** What was known last is of the moments before the kill. */
const KNOWN_BEFORE_MAX_MS = 20_000;
const READY_LIMIT_MS = 60_000;

let folder: string;
let postgres: RunningPostgres;
let postgresPort: number;
let temporal: RunningTemporal;
let temporalPorts: { readonly port: number; readonly uiPort: number };
let stack: TestStack;
let api: RunningPart;
let env: Record<string, string>;
let shared: SharedApp;
let browser: Browser;
let shown: OpenPage;

/** On one port each time, as `npm start` has it: who was connected comes back to it. */
const startDatabase = () =>
  startPostgres({
    ...{ dataDir: join(folder, 'data'), logFile: join(folder, 'postgres.log') },
    ...{ port: postgresPort, durable: true },
  });
const startIts = async () =>
  startTemporal({
    ...{ path: (await findProgram(TEMPORAL)).path, ...temporalPorts },
    ...{ dbFile: join(folder, 'temporal.db'), logFile: join(folder, 'temporal.log') },
  });
const startApi = () =>
  startNodeChild({
    ...{ name: 'api', script: builtFile('api/main.js'), args: [] },
    env: { ...process.env, ...env },
    logFile: join(folder, 'api.log'),
    readyLimitMs: READY_LIMIT_MS,
  });

beforeAll(async () => {
  folder = openTemporaryFolder('ballast-killed-');
  postgresPort = await freePort();
  postgres = await startDatabase();
  await migrate(postgres.url);
  const drop = () => Promise.resolve();
  temporalPorts = { port: await freePort(), uiPort: await freePort() };
  temporal = await startIts();
  const database = { url: postgres.url, drop };
  stack = await startStack({ database, temporalAddress: temporal.address });
  const apiPort = String(await freePort());
  env = {
    ...{ DATABASE_URL: postgres.url, TEMPORAL_ADDRESS: temporal.address },
    ...{ TASK_QUEUE_PREFIX: stack.queuePrefix, BALLAST_STATE_DIR: stack.stateDir },
    ...{ JWT_SECRET: SECRET, API_PORT: apiPort, TRADING_ENABLED: 'true' },
  };
  shared = openShared(loadConfig(env), { poolSize: 1, answerTimeoutMs: 15_000 });
  [api, browser] = await Promise.all([startApi(), openBrowser()]);
  const { tradeId } = await stack.submit({
    ...{ id: 'held-1', strategy_id: 'held', symbol: 'AAPL', side: 'BUY' },
    ...{ quantity: '3', stop_loss_pct: '0.2' },
  });
  await stack.waitFor(tradeId, ({ verified }) => verified);
  shown = await openPage(browser, { shared, url: `http://127.0.0.1:${apiPort}` });
  await shown.page.evaluate('window.isSamePage = true');
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await shared?.close();
  await api?.stop();
  await stack?.stop();
  await temporal?.server.stop();
  await postgres?.server.stop();
  if (postgres) rmSync(dirname(postgres.dataDir), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

const answer = () => shown.page.locator('.answer').getAttribute('data-answer');
const blind = () => shown.page.locator('[data-news="blind"]');

/** Kills it, waits until the page has told what is away, brings it back, and waits until all is well again. */
async function lose(part: RunningPart | WorkerKind, told: RegExp, comeBack: () => Promise<void>) {
  const { page } = shown;
  await until('all is well', async () => (await answer()) === 'protected');
  const killedAtMs = Date.now();
  if (typeof part === 'string') await stack.killWorker(part);
  else {
    process.kill(part.pid()!, 'SIGKILL');
    await part.exited;
  }
  await until('it is told', async () => (await answer()) === 'unknown', TOLD_MS);
  const awayToldMs = Date.now() - killedAtMs;
  await until('the reason is told', async () => told.test((await blind().textContent()) ?? ''));
  await whatIsKnown(killedAtMs);
  const startedAtMs = Date.now();
  await comeBack();
  const startMs = Date.now() - startedAtMs;
  await until('protected again', async () => (await answer()) === 'protected', BACK_MS);
  const recoveredMs = Date.now() - startedAtMs;
  await blind().waitFor({ state: 'detached' });
  await page.getByText('live', { exact: true }).waitFor({ timeout: BACK_MS });
  expect(await page.evaluate('window.isSamePage')).toBe(true);
  return { awayToldMs, startMs, recoveredMs };
}

/** What is still protected, and since when that is known. */
async function whatIsKnown(killedAtMs: number): Promise<void> {
  const { page } = shown;
  const said = (await page.locator('.answer').textContent()) ?? '';
  expect(said).toMatch(/Last known at \d\d:\d\d:\d\d.*1 of 1 position has an armed stop/);
  const knownAt = await blind().locator('time').first().getAttribute('datetime');
  const knownAtMs = Date.parse(knownAt!);
  expect(knownAtMs).toBeGreaterThan(killedAtMs - KNOWN_BEFORE_MAX_MS);
  // What was on its way may still have come; nothing is known of later.
  expect(knownAtMs).toBeLessThan(killedAtMs + 1_000);
  expect(await blind().textContent()).toContain('Stops at the broker work without Ballast');
  expect(await page.locator('table.last-known').count()).toBe(1);
}

test('[UI-1] the broker worker is killed, and comes back', async () => {
  const took = await lose('broker-worker', /no broker worker runs/, () =>
    stack.startWorker('broker-worker'),
  );
  console.log({ killed: 'broker worker', ...took });
}, 240_000);

test('[UI-1] the HTTP API is killed, and comes back', async () => {
  const took = await lose(api, /the HTTP API does not answer/, async () => {
    api = await startApi();
  });
  console.log({ killed: 'HTTP API', ...took });
}, 240_000);

test('[UI-1] Temporal is killed, and named, and nobody else; it comes back', async () => {
  const { page } = shown;
  await until('all is well', async () => (await answer()) === 'protected');
  const [away, workers] = ['temporal', 'trade worker'].map((name) =>
    page.locator(`[data-news="${name}"]`),
  );
  process.kill(temporal.server.pid()!, 'SIGKILL');
  await away!.getByText('Temporal is down').waitFor({ timeout: TOLD_MS });
  expect(await workers!.count()).toBe(0);
  // What the broker holds is seen without it.
  expect(await answer()).toBe('protected');
  temporal = await startIts();
  await away!.waitFor({ state: 'detached', timeout: BACK_MS });
  await workers!.waitFor({ state: 'detached', timeout: BACK_MS });
}, 240_000);

test('[UI-1] PostgreSQL is killed, and comes back', async () => {
  const took = await lose(postgres.server, /the database does not answer/, async () => {
    await shown.page.locator('[data-news="database"]').waitFor();
    expect(await shown.page.locator('.fact-link').textContent()).toContain('was ready');
    expect(await shown.page.locator('.fact-link .tone-good').count()).toBe(0);
    postgres = await startDatabase();
    // A worker that lost its lease meanwhile has ended; whoever supervises starts it again.
    for (const kind of ['broker-worker', 'trade-worker'] as const) {
      if (!stack.isRunning(kind)) await stack.startWorker(kind);
    }
  });
  console.log({ killed: 'PostgreSQL', ...took });
  await shown.page.locator('[data-news="database"]').waitFor({ state: 'detached' });
  expect(shown.complaints).toEqual([]);
}, 240_000);
