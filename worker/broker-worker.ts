/**
 * The broker worker's main file: a small parent that runs the worker proper (`broker/main.ts`) and kills
 * it when it freezes for longer than its lease lasts.
 */
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../config/index.js';
import { createLogger } from '../config/logger.js';
import { runWorker, startBeating } from './parent.js';

const config = loadConfig();
const log = createLogger('broker-parent', config.logLevel);

// The supervisor watches this process, as this one watches the worker.
startBeating(config.leaseRenewMs);

process.exitCode = await runWorker({
  script: fileURLToPath(new URL('./broker/main.js', import.meta.url)),
  silentMs: config.leaseTtlMs,
  log,
});
process.exit();
