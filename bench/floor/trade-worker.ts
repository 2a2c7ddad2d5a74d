/** The floor's workflow process: the same kind of worker as the trade worker, with nothing to do. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { loadConfig } from '../../config/index.js';
import { createLogger } from '../../config/logger.js';
import { announceReady, runProcess } from '../../worker/process.js';
import { temporalSettings } from '../../worker/settings.js';
import { connectNative, installRuntime } from '../../worker/temporal-worker.js';
import { FLOOR_QUEUE } from './contract.js';

const here = dirname(fileURLToPath(import.meta.url));
const log = createLogger('floor-trade-worker', 'warn');

await runProcess(log, async (stop) => {
  installRuntime(log);
  const settings = temporalSettings(loadConfig());
  const connection = await connectNative(settings);
  const worker = await Worker.create({
    connection,
    namespace: settings.namespace,
    taskQueue: FLOOR_QUEUE,
    workflowsPath: join(here, 'workflow.js'),
  });
  stop.signal.addEventListener('abort', () => worker.shutdown());
  announceReady();
  await worker.run();
  await connection.close();
});
