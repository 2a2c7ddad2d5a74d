/**
 * The broker worker's main file. It waits for the connection's lease, opens the one link to the broker,
 * re-syncs, and only then takes work from the account's two queues. A second one stands by.
 */
import { hostname } from 'node:os';
import type { NativeConnection, Worker } from '@temporalio/worker';
import type { BrokerDeps } from '../activities/deps.js';
import { createEntryActivities } from '../activities/entry.js';
import { createProtectActivities } from '../activities/protect.js';
import { createIbkrBroker } from '../broker/ibkr/index.js';
import { openTemporal } from '../client/temporal.js';
import { loadConfig, requireDatabaseUrl } from '../config/index.js';
import { createLogger } from '../config/logger.js';
import { brokerQueue } from '../contract/workflows.js';
import type { AccountRow } from '../store/accounts.js';
import { ensureConnection } from '../store/connections.js';
import { openDatabase } from '../store/database.js';
import { ensureInstallation } from '../store/installation.js';
import { InboxWatch } from './broker/commit-watch.js';
import { Delivery } from './broker/delivery.js';
import { Inbox } from './broker/inbox.js';
import { LeaseKeeper } from './broker/lease-keeper.js';
import { MarketKeeper } from './broker/market-keeper.js';
import { BrokerSession } from './broker/session.js';
import { announceReady, runProcess, stopSignal } from './process.js';
import { limitsFrom, switchesFrom, temporalSettings } from './settings.js';
import { connectNative, createActivityWorker, installRuntime } from './temporal-worker.js';

/** Entries in progress at once: a burst of 100 signals fits, the broker's pacing decides the rest. */
const ENTRIES_AT_ONCE = 100;
/** Repairs in progress at once. */
const REPAIRS_AT_ONCE = 50;
/** Without a first sync the process says so and ends, so that its supervisor can show why. */
const FIRST_SYNC_MS = 10 * 60_000;
/** Health is published at least this often; others take a silent link for a dead one. */
const PUBLISH_EVERY_MS = 1_000;

const config = loadConfig();
const log = createLogger('broker-worker', config.logLevel);

await runProcess(log, async () => {
  const stop = stopSignal(log);
  installRuntime(log);
  const db = openDatabase({ url: requireDatabaseUrl(config) });
  const { installationId, ownerId } = await ensureInstallation(db);
  const temporalConfig = temporalSettings(config);
  const temporal = await openTemporal(temporalConfig);
  const clientId = config.ibkrClientId;
  const connectionId = await ensureConnection(db, {
    userId: ownerId,
    host: config.ibkrHost,
    port: config.ibkrPort,
    clientId,
  });
  const lease = new LeaseKeeper({
    db,
    connectionId,
    holder: `${hostname()}/${process.pid}/${Date.now()}`,
    ttlMs: config.leaseTtlMs,
    renewMs: config.leaseRenewMs,
    log,
    onLost: () => stop.abort('the connection lease was lost'),
  });
  await lease.acquire(stop.signal);

  const broker = createIbkrBroker({
    host: config.ibkrHost,
    port: config.ibkrPort,
    clientId,
    allowLive: config.allowLive,
    authorizedAccounts: config.ibkrAuthorizedAccounts,
    limits: { maxMessagesPerSecond: config.maxMessagesPerSecond },
    logger: {
      info: (message, fields) => log.info(fields ?? {}, message),
      warn: (message, fields) => log.warn(fields ?? {}, message),
      error: (message, fields) => log.error(fields ?? {}, message),
    },
  });
  const accounts = (): readonly AccountRow[] => session.accounts;
  const watch = new InboxWatch();
  const delivery = new Delivery(db, temporal, () => accounts().map((row) => row.id), log);
  const inbox = new Inbox({
    db,
    log,
    context: () => ({
      userId: ownerId,
      connectionId,
      accountIds: new Map(accounts().map((row) => [row.brokerAccountId, row.id])),
    }),
    onCommitted: (committed) => {
      watch.committed(committed);
      if (committed.wakes) delivery.notify(committed.tradeId);
    },
    onOverflow: () => stop.abort('too many callbacks wait for the database'),
  });
  watch.attach(inbox);
  const market = new MarketKeeper(db, broker, connectionId, log);
  const session = new BrokerSession({ db, broker, lease, inbox, market, userId: ownerId, log });
  session.open();
  await session.ready(FIRST_SYNC_MS);

  const deps: BrokerDeps = {
    db,
    link: {
      port: broker,
      sessionClientId: clientId,
      ready: (timeoutMs) => session.ready(timeoutMs),
      reread: () => session.readLists(),
      lease: () => lease.current,
      maySend: () => lease.isHeld(),
    },
    market,
    commits: watch,
    delivery,
    settings: {
      ackTimeoutMs: config.ackTimeoutMs,
      entrySendWindowMs: config.entrySendWindowMs,
      limits: limitsFrom(config),
      switches: switchesFrom(config),
    },
    installationId,
    log,
    nowMs: () => Date.now(),
  };
  const connection = await connectNative(temporalConfig);
  const workers = await createWorkers(connection, temporalConfig.namespace, deps, accounts());
  const publish = setInterval(() => void session.publish(), PUBLISH_EVERY_MS);
  stop.signal.addEventListener('abort', () => workers.forEach((worker) => worker.shutdown()));
  announceReady({ accounts: accounts().map((row) => row.brokerAccountId) });
  await Promise.all(workers.map((worker) => worker.run()));

  clearInterval(publish);
  delivery.stop();
  market.stop();
  await session.stop();
  await lease.release().catch(() => undefined); // it runs out by itself
  await connection.close();
  await temporal.connection.close();
  await db.$disconnect();
});

/** Two workers per account: protective work never waits behind entries. */
async function createWorkers(
  connection: NativeConnection,
  namespace: string,
  deps: BrokerDeps,
  accounts: readonly { brokerAccountId: string }[],
): Promise<Worker[]> {
  const entry = createEntryActivities(deps);
  const protect = { ...createProtectActivities(deps), lookUpEntry: entry.lookUpEntry };
  const queue = (account: string, kind: 'protect' | 'work') =>
    brokerQueue(config.taskQueuePrefix, account, kind);
  const base = { connection, namespace };
  return Promise.all(
    accounts.flatMap(({ brokerAccountId }) => [
      createActivityWorker(
        { ...base, taskQueue: queue(brokerAccountId, 'work'), activities: { ...entry } },
        ENTRIES_AT_ONCE,
      ),
      createActivityWorker(
        { ...base, taskQueue: queue(brokerAccountId, 'protect'), activities: { ...protect } },
        REPAIRS_AT_ONCE,
      ),
    ]),
  );
}
