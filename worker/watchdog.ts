/**
 * The watchdog's main file. It needs neither the database nor a worker to be there: they are what it watches, and
 * people are told by its own hand. It writes nothing and trades nothing.
 */
import {
  configuredChannels,
  isLoopbackUrl,
  loadConfig,
  requireDatabaseUrl,
} from '../config/index.js';
import { createLogger } from '../config/logger.js';
import { placeFrom } from '../contract/connection.js';
import { openChannels } from '../notify/channels.js';
import { openDatabase } from '../store/database.js';
import { signsOfLife } from '../store/signs-of-life.js';
import { exposeMetrics, registryFor } from './metrics.js';
import { announceReady, runProcess } from './process.js';
import { ANSWER_MAX_MS, runWatchdog } from './watchdog/watchdog.js';

const SECOND_MS = 1_000;
/** One look at a time, and one that was left behind. */
const POOL_SIZE = 2;

const config = loadConfig();
const log = createLogger('watchdog', config.logLevel);

await runProcess(log, async (stop) => {
  const url = requireDatabaseUrl(config);
  const db = openDatabase({ url, poolSize: POOL_SIZE, answerTimeoutMs: ANSWER_MAX_MS });
  const channels = configuredChannels(config);
  const { host, port, clientId } = placeFrom(config);
  const silentMs = config.watchdogSilentSeconds * SECOND_MS;
  log.info({ channels, host, port, clientId, silentMs }, 'watching');
  const { watchdogMetricsPort: metricsPort } = config;
  await exposeMetrics({ port: metricsPort, registry: registryFor(null, metricsPort), log });
  announceReady({ channels });
  await runWatchdog({
    signs: () => signsOfLife(db, { host, port, clientId, channels }),
    channels: openChannels(config, isLoopbackUrl),
    off: config.notifyOff,
    silentMs,
    log,
    signal: stop.signal,
  });
  await db.$disconnect();
});
