/** The trade worker's main file: workflows, and the activities that touch only the database. */
import { createDayActivities } from '../activities/day.js';
import { createLedgerActivities } from '../activities/ledger.js';
import { createLocalActivities } from '../activities/plan.js';
import { createReconcileLedger } from '../activities/reconcile.js';
import { openTemporal } from '../client/temporal.js';
import { loadConfig, requireDatabaseUrl } from '../config/index.js';
import { createLogger } from '../config/logger.js';
import { tradeQueue } from '../contract/workflows.js';
import { sweepUnstarted } from '../app/signals.js';
import { openDatabase } from '../store/database.js';
import { ensureInstallation } from '../store/installation.js';
import { judgeChanged } from '../store/protections.js';
import { traceProcess } from '../telemetry/tracing.js';
import { refuseKnownLiveAccounts, startFailpoints } from './failpoints.js';
import { exposeMetrics, registryFor, sdkAddressFor } from './metrics.js';
import { announceReady, runProcess, unlessStopped } from './process.js';
import { ScheduleKeeper } from './schedule-keeper.js';
import { limitsFrom, planSettingsFrom, temporalSettings } from './settings.js';
import { createWake } from './wake.js';
import { WorkerBeats } from './worker-beats.js';
import {
  connectNative,
  createTradeWorker,
  installRuntime,
  runUntilShutdown,
} from './temporal-worker.js';

/** How often signals are looked for that a crash left without a workflow. */
const SWEEP_EVERY_MS = 5_000;

const config = loadConfig();
const log = createLogger('trade-worker', config.logLevel);

await runProcess(log, async (stop) => {
  startFailpoints(config, 'trade worker', log);
  const tracing = await traceProcess('ballast-trade-worker', config, log);
  const { tradeWorkerMetricsPort: port } = config;
  const sdkAddress = installRuntime(log, await sdkAddressFor(port));
  await exposeMetrics({ port, registry: registryFor(null, port), sdkAddress, log });
  const db = openDatabase({ url: requireDatabaseUrl(config) });
  const { installationId } = await unlessStopped(stop.signal, ensureInstallation(db));
  await unlessStopped(stop.signal, refuseKnownLiveAccounts(db, log));
  const settings = temporalSettings(config);
  const { payloadKeys = [] } = settings;
  const connecting = Promise.all([openTemporal(settings), connectNative(settings)]);
  const [temporal, connection] = await unlessStopped(stop.signal, connecting);
  const nowMs = () => Date.now();
  const limits = limitsFrom(config);
  const worker = await createTradeWorker({
    connection,
    namespace: settings.namespace,
    payloadKeys,
    taskQueue: tradeQueue(config.taskQueuePrefix),
    activities: {
      ...createLocalActivities({
        db,
        installationId,
        nowMs,
        settings: planSettingsFrom(config),
        wake: createWake({ db, temporal, log }),
      }),
      ...createLedgerActivities({ db, commissionWaitMs: config.commissionWaitMs, limits, nowMs }),
      ...createDayActivities({ db, keepCallbacksDays: config.keepCallbacksDays, nowMs }),
      ...createReconcileLedger(db),
    },
  });
  const beats = new WorkerBeats(db, tradeQueue(config.taskQueuePrefix), log);
  const schedules = new ScheduleKeeper({ db, temporal, config, log, nowMs });
  const sweep = setInterval(() => {
    void schedules.look();
    sweepUnstarted({ db, temporal, queuePrefix: config.taskQueuePrefix })
      .then(() => refuseKnownLiveAccounts(db, log))
      .catch((error: unknown) =>
        log.warn({ error: String(error) }, 'the sweep for unstarted signals failed'),
      );
    judgeChanged(db, limits, nowMs()).catch((error: unknown) =>
      log.warn({ error: String(error) }, 'results that have changed were not judged'),
    );
  }, SWEEP_EVERY_MS);
  if (stop.signal.aborted) worker.shutdown();
  stop.signal.addEventListener('abort', () => worker.shutdown());
  void schedules.look();
  announceReady({ taskQueue: tradeQueue(config.taskQueuePrefix) });
  await runUntilShutdown([worker], log);
  clearInterval(sweep);
  await beats.stop();
  await temporal.connection.close();
  await connection.close().catch(() => undefined); // an activity that was given up may hold it
  await db.$disconnect();
  await tracing.stop();
});
