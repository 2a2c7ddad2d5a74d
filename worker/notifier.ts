/** The notifier's main file: sends what the outbox has. It trades nothing, and nothing waits for it. */
import { hostname } from 'node:os';
import {
  configuredChannels,
  isLoopbackUrl,
  loadConfig,
  requireDatabaseUrl,
} from '../config/index.js';
import { createLogger } from '../config/logger.js';
import { openChannels } from '../notify/channels.js';
import { openDatabase } from '../store/database.js';
import { startFailpoints, refuseKnownLiveAccounts } from './failpoints.js';
import { runNotifier } from './notifier/notifier.js';
import { exposeMetrics, registryFor } from './metrics.js';
import { announceReady, runProcess, unlessStopped } from './process.js';

/** One for each channel, and one for what becomes due. */
const POOL_SIZE = 5;
/** A statement that takes longer waits for a lock or a server that is gone: it is tried again. */
const ANSWER_TIMEOUT_MS = 15_000;
const HOUR_MS = 3_600_000;

const config = loadConfig();
const log = createLogger('notifier', config.logLevel);

await runProcess(log, async (stop) => {
  startFailpoints(config, 'notifier', log);
  const db = openDatabase({
    url: requireDatabaseUrl(config),
    poolSize: POOL_SIZE,
    answerTimeoutMs: ANSWER_TIMEOUT_MS,
  });
  await unlessStopped(stop.signal, refuseKnownLiveAccounts(db, log));
  const channels = configuredChannels(config);
  log.info({ channels }, 'messages go to these');
  const { notifierMetricsPort: port } = config;
  await exposeMetrics({ port, registry: registryFor(null, port), log });
  announceReady({ channels });
  await runNotifier({
    db,
    channels: openChannels(config, isLoopbackUrl),
    holder: `${hostname()}:${process.pid}:${Date.now()}`,
    off: config.notifyOff,
    giveUpAfterMs: config.notifyGiveUpHours * HOUR_MS,
    log,
    signal: stop.signal,
  });
  await db.$disconnect();
});
