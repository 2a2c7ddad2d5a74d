/** The whole system for a test: paper gateway, broker worker, trade worker, each its own process. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { openTemporal } from '../../client/temporal.js';
import { startNodeChild, type RunningPart } from '../../supervisor/node-child.js';
import { builtFile } from './built.js';
import { submitSignal, type SubmittedSignal } from '../../app/signals.js';
import { openDatabase, type Database } from '../../store/database.js';
import { ensureInstallation } from '../../store/installation.js';
import { startGateway, type GatewayOptions, type TestGateway } from './gateway.js';
import { freshDatabase, type TestDatabase } from './postgres.js';
import { temporalAddress, uniquePrefix } from './temporal.js';

export interface StackOptions {
  readonly gateway?: GatewayOptions;
  /** Settings of both workers, by their variables' names. */
  readonly env?: Record<string, string>;
  /** A Temporal server of the test's own; default: the one that all tests share. */
  readonly temporalAddress?: string;
  /** A migrated database of the test's own; default: a new one on the server that all tests share. */
  readonly database?: TestDatabase;
}

export interface TestStack {
  readonly db: Database;
  readonly temporal: Client;
  readonly userId: string;
  readonly queuePrefix: string;
  readonly stateDir: string;
  readonly databaseUrl: string;
  gateway: TestGateway;
  submit(signal: Record<string, unknown>): Promise<SubmittedSignal>;
  /** Waits until the trade's row satisfies the test; throws with its timeline after the time. */
  waitFor(
    tradeId: string,
    test: (trade: TradeFacts) => boolean,
    timeoutMs?: number,
  ): Promise<TradeFacts>;
  /** `change`: settings of this start alone. */
  startWorker(kind: WorkerKind, change?: Record<string, string>): Promise<void>;
  /** SIGKILL, or the signal given. */
  killWorker(kind: WorkerKind): Promise<void>;
  /** Asks it to stop and waits until it has, however long that takes. */
  stopWorker(kind: WorkerKind): Promise<void>;
  /** False once it has ended, by whatever. */
  isRunning(kind: WorkerKind): boolean;
  stop(): Promise<void>;
}

export type WorkerKind = 'broker-worker' | 'trade-worker';
export type TradeFacts = NonNullable<Awaited<ReturnType<typeof readTrade>>>;

/** A worker that a stalled machine made its parent kill is back, in sync and has repaired, within half of this. */
const WAIT_MS = 45_000;
const POLL_MS = 25;
const READY_LIMIT_MS = 60_000;

/** Starts everything and waits until it takes work. Call `stop` at the end. */
export async function startStack(options: StackOptions = {}): Promise<TestStack> {
  const database = options.database ?? (await freshDatabase());
  const stateDir = mkdtempSync(join(tmpdir(), 'ballast-stack-'));
  const gateway = await startGateway(options.gateway ?? {});
  const queuePrefix = uniquePrefix();
  const address = options.temporalAddress ?? (await temporalAddress());
  const env = workerEnv(options, { database, stateDir, gateway, queuePrefix, address });
  const db = openDatabase({ url: database.url });
  const temporal = await openTemporal({ address, namespace: 'default' });
  const { ownerId } = await ensureInstallation(db);
  const workers = new Map<WorkerKind, RunningPart>();
  const stack: TestStack = {
    db,
    temporal,
    userId: ownerId,
    queuePrefix,
    stateDir,
    databaseUrl: database.url,
    gateway,
    submit: (signal) => submitSignal({ db, temporal, queuePrefix }, ownerId, signal),
    waitFor: (tradeId, test, timeoutMs = WAIT_MS) =>
      waitForTrade(db, tradeId, test, timeoutMs).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${logTails(stateDir)}`);
      }),
    startWorker: async (kind, change = {}) => {
      workers.set(kind, await startWorker(kind, stateDir, { ...env, ...change }));
      if (kind === 'broker-worker') await linkShownReady(db);
    },
    killWorker: async (kind) => {
      await endWorker(workers.get(kind), 'SIGKILL');
    },
    stopWorker: async (kind) => {
      await endWorker(workers.get(kind), 'SIGTERM');
    },
    isRunning: (kind) => workers.get(kind)?.hasExited() === false,
    stop: async () => {
      for (const part of workers.values()) await part.stop();
      await stack.gateway.stop();
      await temporal.connection.close();
      await db.$disconnect();
      await database.drop();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
  await Promise.all([stack.startWorker('broker-worker'), stack.startWorker('trade-worker')]);
  return stack;
}

/** The plan of a signal asks the link's row, which follows the worker by a moment. */
async function linkShownReady(db: Database): Promise<void> {
  const deadline = Date.now() + READY_LIMIT_MS;
  while ((await db.connection.count({ where: { ready: true } })) === 0) {
    if (Date.now() > deadline) throw new Error(`no link was shown ready for ${READY_LIMIT_MS} ms`);
    await sleep(POLL_MS);
  }
}

/** Sends the signal unless it has ended by itself, and waits until it has. */
async function endWorker(part: RunningPart | undefined, signal: NodeJS.Signals): Promise<void> {
  const pid = part?.pid();
  try {
    if (pid && !part?.hasExited()) process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
  await part?.exited;
}

interface Surroundings {
  readonly database: TestDatabase;
  readonly stateDir: string;
  readonly gateway: TestGateway;
  readonly queuePrefix: string;
  readonly address: string;
}

function workerEnv(options: StackOptions, around: Surroundings): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DATABASE_URL: around.database.url,
    TEMPORAL_ADDRESS: around.address,
    TASK_QUEUE_PREFIX: around.queuePrefix,
    IBKR_HOST: '127.0.0.1',
    IBKR_PORT: String(around.gateway.port),
    BALLAST_STATE_DIR: around.stateDir,
    TRADING_ENABLED: 'true',
    // Most tests trade a few shares that are of one industry by chance.
    MAX_SECTOR_EXPOSURE_PCT: '100',
    MAX_CORRELATED_EXPOSURE_PCT: '100',
    // The paper gateway knows no nights, and tests run at any hour.
    PARK_ENTRIES: 'false',
    // The tests of schedules turn them on: others share one Temporal server, where they would stay.
    SCHEDULES_ENABLED: 'false',
    ...options.env,
  };
}

function startWorker(
  kind: WorkerKind,
  stateDir: string,
  env: NodeJS.ProcessEnv,
): Promise<RunningPart> {
  return startNodeChild({
    name: kind,
    script: builtFile(`worker/${kind}.js`),
    args: [],
    env,
    logFile: join(stateDir, `${kind}.log`),
    readyLimitMs: READY_LIMIT_MS,
  });
}

const LOG_TAIL_LINES = 25;

/** The ends of the workers' logs, for a failing test's message. */
function logTails(stateDir: string): string {
  return (['broker-worker', 'trade-worker'] as const)
    .map((kind) => {
      const lines = readFileSync(join(stateDir, `${kind}.log`), 'utf8')
        .trim()
        .split('\n');
      return `── ${kind}\n${lines.slice(-LOG_TAIL_LINES).join('\n')}`;
    })
    .join('\n');
}

function readTrade(db: Database, tradeId: string) {
  return db.trade.findUnique({
    where: { id: tradeId },
    include: {
      orders: {
        include: { incarnations: true, executions: true },
        orderBy: [{ createdAt: 'asc' }, { role: 'asc' }],
      },
      events: { orderBy: { id: 'asc' } },
    },
  });
}

async function waitForTrade(
  db: Database,
  tradeId: string,
  test: (trade: TradeFacts) => boolean,
  timeoutMs: number,
): Promise<TradeFacts> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const trade = await readTrade(db, tradeId);
    if (trade && test(trade)) return trade;
    if (Date.now() > deadline) {
      const timeline = trade?.events.map((e) => `${e.at.toISOString()} ${e.kind}: ${e.summary}`);
      throw new Error(
        `not so after ${timeoutMs} ms; state ${trade?.state}\n${timeline?.join('\n')}`,
      );
    }
    await sleep(POLL_MS);
  }
}
