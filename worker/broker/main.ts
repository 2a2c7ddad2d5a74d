/**
 * The broker worker proper, run by a small parent (`../broker-worker.ts`). It waits for the connection's
 * lease, opens the one link to the broker, re-syncs, and only then takes work from the account's two
 * queues. A second one stands by.
 */
import { hostname } from 'node:os';
import type { Client } from '@temporalio/client';
import type { NativeConnection, Worker } from '@temporalio/worker';
import { createAccountActivities } from '../../activities/account.js';
import { createEntryActivities } from '../../activities/entry.js';
import { createPreviewActivities } from '../../activities/preview.js';
import { createProtectActivities } from '../../activities/protect.js';
import { temporalWhenNeeded, type TemporalSettings } from '../../client/temporal.js';
import { createReconcileActivities } from '../../activities/reconcile.js';
import { loadConfig, requireDatabaseUrl } from '../../config/index.js';
import { createLogger } from '../../config/logger.js';
import { placeFrom } from '../../contract/connection.js';
import { brokerQueue, type BrokerQueueKind } from '../../contract/workflows.js';
import { around } from '../../failpoints/failpoint.js';
import { ensureConnection, guardTotals, lastGeneration } from '../../store/connections.js';
import {
  openDatabase,
  openLeaseDatabase,
  openProtectDatabase,
  type Database,
} from '../../store/database.js';
import { ensureInstallation, type InstallationIdentity } from '../../store/installation.js';
import { traceProcess } from '../../telemetry/tracing.js';
import { LeaseKeeper } from './lease-keeper.js';
import { createLink, type Link } from './link.js';
import { createMeters, NO_METERS } from './meters.js';
import { startFailpoints } from '../failpoints.js';
import { exposeMetrics, registryFor, sdkAddressFor } from '../metrics.js';
import { startBeating } from '../parent.js';
import { announceReady, runProcess, unlessStopped } from '../process.js';
import { temporalSettings } from '../settings.js';
import {
  connectNativeWhenThere,
  createActivityWorker,
  installRuntime,
  runUntilShutdown,
} from '../temporal-worker.js';

/** Entries in progress at once: a burst of 100 signals fits, the broker's pacing decides the rest. */
const ENTRIES_AT_ONCE = 100;
/** Repairs in progress at once. */
const REPAIRS_AT_ONCE = 50;
/** Without a first sync the process says so and ends, so that its supervisor can show why. */
const FIRST_SYNC_MS = 10 * 60_000;

const config = loadConfig();
const log = createLogger('broker-worker', config.logLevel);
const { brokerWorkerMetricsPort: metricsPort } = config;
const registry = registryFor('broker worker', metricsPort);
const meters = registry === null ? NO_METERS : createMeters(registry);

await runProcess(log, async (stop) => {
  const stopBeating = startBeating(config.leaseRenewMs);
  startFailpoints(config, 'broker worker', log);
  const tracing = await traceProcess('ballast-broker-worker', config, log);
  const sdkAddress = installRuntime(log, await sdkAddressFor(metricsPort));
  await exposeMetrics({ port: metricsPort, registry, sdkAddress, log });
  const url = requireDatabaseUrl(config);
  const databases = [openDatabase({ url }), openProtectDatabase(url)] as const;
  const [db, leaseDb] = [databases[0], openLeaseDatabase(url, config.leaseTtlMs)];
  const identity = await unlessStopped(stop.signal, ensureInstallation(db));
  // The link and its guard need no Temporal (TRD-3).
  const temporal = temporalWhenNeeded(temporalSettings(config));
  const lease = await takeLease(leaseDb, identity, stop);
  try {
    await ownLink(databases, temporal, identity, lease, stop);
  } finally {
    await lease.release().catch(() => undefined); // it runs out by itself
  }
  await closeAll(temporal, ...databases, leaseDb);
  await tracing.stop();
  stopBeating();
});

/** The link with its work, from the lease on until the process is to stop; the second database is protection's. */
async function ownLink(
  [db, protectDb]: readonly [Database, Database],
  temporal: Client,
  identity: InstallationIdentity,
  lease: LeaseKeeper,
  stop: AbortController,
): Promise<void> {
  const { signal } = stop;
  const { connectionId } = lease.current;
  const last = await unlessStopped(signal, lastGeneration(db, connectionId));
  const countedBefore = await unlessStopped(signal, guardTotals(db, connectionId));
  const link = createLink({
    ...{ config, db, protectDb, temporal, identity, connectionId, lease, log },
    firstGeneration: last + 1,
    ...{ meters, countedBefore },
    onFatal: (reason) => stop.abort(reason),
  });
  // Whoever holds the lease now can connect only once this socket is closed: before the last activity ends.
  signal.addEventListener('abort', () => {
    if (!lease.isHeld()) void link.close();
  });
  try {
    await unlessStopped(signal, link.open(FIRST_SYNC_MS));
    await work(link, lease.lost, signal);
  } finally {
    await link.close();
  }
}

/** Waits until this process may use the connection; `db` is the lease's own (store/database.ts). */
async function takeLease(
  db: Database,
  identity: InstallationIdentity,
  stop: AbortController,
): Promise<LeaseKeeper> {
  const key = { userId: identity.ownerId, ...placeFrom(config) };
  const recorded = around('connection.record', {}, () => ensureConnection(db, key));
  const lease = new LeaseKeeper({
    db,
    connectionId: await unlessStopped(stop.signal, recorded),
    holder: `${hostname()}/${process.pid}/${Date.now()}`,
    ttlMs: config.leaseTtlMs,
    renewMs: config.leaseRenewMs,
    log,
    onLost: (reason) => stop.abort(reason),
  });
  await lease.acquire(stop.signal);
  return lease;
}

/** Takes work until asked to stop. */
async function work(link: Link, lost: AbortSignal, signal: AbortSignal): Promise<void> {
  const settings = temporalSettings(config);
  const connection = await connectNativeWhenThere(settings, signal, log);
  const workers = await createWorkers(connection, settings, link, lost);
  const shutdown = () => workers.forEach((worker) => worker.shutdown());
  if (signal.aborted) shutdown();
  signal.addEventListener('abort', shutdown);
  announceReady({ accounts: link.accounts().map((row) => row.brokerAccountId) });
  await runUntilShutdown(workers, log);
  await connection.close().catch(() => undefined); // an activity that was given up may hold it
}

/** Two workers per account: protective work never waits behind entries. */
async function createWorkers(
  connection: NativeConnection,
  { namespace, payloadKeys = [] }: TemporalSettings,
  link: Link,
  lost: AbortSignal,
): Promise<Worker[]> {
  const entry = createEntryActivities(link.deps);
  const preview = createPreviewActivities(link.deps);
  const protect = {
    ...createProtectActivities(link.protect),
    ...createAccountActivities(link.protect),
    ...createReconcileActivities(link.reconcile),
    lookUpEntry: entry.lookUpEntry,
  };
  const create = (account: string, kind: BrokerQueueKind, activities: object, atOnce: number) =>
    createActivityWorker(
      {
        ...{ connection, namespace, payloadKeys },
        taskQueue: brokerQueue(config.taskQueuePrefix, account, kind),
        activities,
      },
      atOnce,
      lost,
    );
  return Promise.all(
    link
      .accounts()
      .flatMap(({ brokerAccountId }) => [
        create(brokerAccountId, 'work', { ...entry, ...preview }, ENTRIES_AT_ONCE),
        create(brokerAccountId, 'protect', protect, REPAIRS_AT_ONCE),
      ]),
  );
}

async function closeAll(temporal: Client, ...databases: readonly Database[]): Promise<void> {
  await temporal.connection.close();
  for (const database of databases) await database.$disconnect();
}
