/** What is measured, on one machine: the whole system and the floor beside it, each its own processes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { openTemporal } from '../client/temporal.js';
import { findProgram } from '../scripts/infra/find-program.js';
import { migrate } from '../scripts/infra/migrate.js';
import { freePort } from '../scripts/infra/ports.js';
import { startPostgres } from '../scripts/infra/postgres.js';
import { TEMPORAL } from '../scripts/infra/temporal-programs.js';
import { startTemporal } from '../scripts/infra/temporal.js';
import { startNodeChild } from '../supervisor/node-child.js';
import { openDatabase, type Database } from '../store/database.js';
import { ensureInstallation } from '../store/installation.js';

const here = dirname(fileURLToPath(import.meta.url));
const READY_LIMIT_MS = 60_000;

export interface BenchStack {
  readonly db: Database;
  /** Of the database that the parts run on. */
  readonly databaseUrl: string;
  readonly temporal: Client;
  readonly userId: string;
  /** Every order the gateway has received, with the time of its receipt, by its reference. */
  receivedAt(): Promise<Map<string, number>>;
  stop(): Promise<void>;
}

/** Limits that a burst of measurements would otherwise meet; everything else is as delivered. */
const ROOMY_LIMITS = {
  MAX_OPEN_POSITIONS: '100000',
  MAX_TRADES_PER_DAY: '1000000',
  MAX_ORDERS_PER_MINUTE: '100000',
  MAX_POSITION_PCT: '0.5',
  MAX_SECTOR_EXPOSURE_PCT: '100',
  MAX_CORRELATED_EXPOSURE_PCT: '100',
  LOSS_STREAK: '0',
  TRADING_ENABLED: 'true',
};

/** Starts all parts; `say` is told of each. Call `stop` at the end. */
export async function startBenchStack(say: (line: string) => void): Promise<BenchStack> {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-bench-'));
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const step of stops.splice(0).reverse()) await step();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { ...(await startParts(folder, stops, say)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(
  folder: string,
  stops: (() => Promise<unknown>)[],
  say: (line: string) => void,
): Promise<Omit<BenchStack, 'stop'>> {
  say('PostgreSQL and Temporal');
  const postgres = await startPostgres({
    dataDir: join(folder, 'postgres'),
    port: await freePort(),
    logFile: join(folder, 'postgres.log'),
    durable: true,
  });
  stops.push(() => postgres.server.stop());
  await migrate(postgres.url);
  const { path } = await findProgram(TEMPORAL);
  const temporalServer = await startTemporal({
    path,
    port: await freePort(),
    uiPort: await freePort(),
    dbFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
  });
  stops.push(() => temporalServer.server.stop());
  const [gatewayPort, controlPort] = [await freePort(), await freePort()];
  const env = {
    ...process.env,
    ...ROOMY_LIMITS,
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporalServer.address,
    IBKR_HOST: '127.0.0.1',
    IBKR_PORT: String(gatewayPort),
    BALLAST_STATE_DIR: folder,
    LOG_LEVEL: 'warn',
    PARK_ENTRIES: 'false',
  };
  const child = async (name: string, entry: string, args: string[] = []) => {
    say(name);
    const part = await startNodeChild({
      name,
      script: join(here, '..', entry),
      args,
      env,
      logFile: join(folder, `${name.replaceAll(' ', '-')}.log`),
      readyLimitMs: READY_LIMIT_MS,
    });
    stops.push(() => part.stop());
  };
  const ports = ['--port', String(gatewayPort), '--control-port', String(controlPort)];
  const gatewayArgs = [...ports, '--state', join(folder, 'gateway'), '--cash', '1000000000'];
  await child('paper gateway', 'gateway/main.js', gatewayArgs);
  await child('broker worker', 'worker/broker-worker.js');
  await child('trade worker', 'worker/trade-worker.js');
  await child('floor broker worker', 'bench/floor/broker-worker.js');
  await child('floor trade worker', 'bench/floor/trade-worker.js');
  const db = openDatabase({ url: postgres.url });
  stops.push(() => db.$disconnect());
  const temporal = await openTemporal({ address: temporalServer.address, namespace: 'default' });
  stops.push(() => temporal.connection.close());
  const { ownerId: userId } = await ensureInstallation(db);
  return {
    db,
    databaseUrl: postgres.url,
    temporal,
    userId,
    receivedAt: () => receivedAt(controlPort),
  };
}

interface LedgerOrder {
  readonly orderRef: string;
  readonly firstAtMs: number;
}

async function receivedAt(controlPort: number): Promise<Map<string, number>> {
  const response = await fetch(`http://127.0.0.1:${controlPort}/ledger`);
  const { orders } = (await response.json()) as { orders: LedgerOrder[] };
  return new Map(orders.map((order) => [order.orderRef, order.firstAtMs]));
}
