/** Making Temporal workers, with the settings that were measured to fit this system. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DefaultLogger,
  GracefulShutdownPeriodExpiredError,
  NativeConnection,
  type NativeConnectionOptions,
  Runtime,
  Worker,
  type WorkerOptions,
} from '@temporalio/worker';
import { dataConverterOf } from '../client/data-converter.js';
import { connectionOptions, type TemporalSettings } from '../client/temporal.js';
import type { Logger } from '../config/logger.js';
import type { PayloadKey } from '../contract/payload-keys.js';
import { temporalTracing } from '../telemetry/temporal.js';
import { activityFailpoints, FAILPOINT_SINKS } from './activity-failpoints.js';
import { leavingWhen } from './leave.js';
import { Stopped, unlessStopped } from './process.js';
import { TRACE_SINKS } from './trace-sinks.js';
import { workflowCode } from './workflow-code.js';

/** A killed worker's trades wait this long before another takes them over (10 s by default). */
const STICKY_SCHEDULE_TO_START = '1 s';
/** About 1,500 idle trades fit into half a gigabyte. */
const CACHED_WORKFLOWS_MAX = 1_500;
/** What is running gets this long to end when the process is asked to stop. */
const SHUTDOWN_GRACE = '3 s';

/**
 * After this, activities that still run are given up (a database may hang): each may be run again
 * anywhere, and the process ends what has not ended after `STOP_WITHIN_MS`.
 */
const SHUTDOWN_FORCED_AFTER = '6 s';

/**
 * Sends the SDK's own logs through the process's logger. Call once, before any worker.
 * @param metricsAddress where it is to expose its metrics; null: nowhere
 * @returns where it does
 */
export function installRuntime(log: Logger, metricsAddress: string | null = null): string | null {
  const levels = {
    TRACE: 'trace',
    DEBUG: 'debug',
    INFO: 'info',
    WARN: 'warn',
    ERROR: 'error',
  } as const;
  const logger = new DefaultLogger('INFO', ({ level, message, meta }) => {
    log[levels[level]]({ ...meta }, message);
  });
  // Signals are handled by the process itself, which stops things in their order.
  const options = { logger, shutdownSignals: [] };
  if (metricsAddress === null) {
    Runtime.install(options);
    return null;
  }
  try {
    Runtime.install({ ...options, telemetryOptions: { metrics: metricsAt(metricsAddress) } });
    return metricsAddress;
  } catch (error) {
    log.warn({ error: String(error) }, "no metrics of Temporal's SDK");
    Runtime.install(options);
    return null;
  }
}

/** In the units and with the endings that Prometheus' own rules ask for. */
function metricsAt(bindAddress: string) {
  const prometheus = { bindAddress, countersTotalSuffix: true, unitSuffix: true };
  return { prometheus: { ...prometheus, useSecondsForDurations: true } };
}

/** Connects a worker to Temporal. @throws Error naming the address when nothing answers. */
export async function connectNative(settings: TemporalSettings): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(connectionOptions(settings) as NativeConnectionOptions);
  } catch (error) {
    throw new Error(
      `no Temporal server answers at ${settings.address}: start it, or set TEMPORAL_ADDRESS`,
      {
        cause: error,
      },
    );
  }
}

const CONNECT_AGAIN_FIRST_MS = 500;
/** A server that is back is noticed within this. */
const CONNECT_AGAIN_MAX_MS = 5_000;

/**
 * The same for who has other work meanwhile: waits for a server that is away.
 * @throws Stopped when the process is to stop
 */
export async function connectNativeWhenThere(
  settings: TemporalSettings,
  signal: AbortSignal,
  log: Logger,
): Promise<NativeConnection> {
  for (let pauseMs = CONNECT_AGAIN_FIRST_MS; ; pauseMs *= 2) {
    try {
      return await unlessStopped(signal, connectNative(settings));
    } catch (error) {
      if (error instanceof Stopped) throw error;
      log.warn({ error: String(error) }, 'no work is taken yet');
    }
    await unlessStopped(signal, sleep(Math.min(pauseMs, CONNECT_AGAIN_MAX_MS)));
  }
}

/** What a worker of this system is told; `payloadKeys`: with which its payloads are encrypted, none for not at all. */
export type OwnOptions = Pick<
  WorkerOptions,
  'connection' | 'namespace' | 'taskQueue' | 'activities'
> & { readonly payloadKeys?: readonly PayloadKey[] };

/** The converter of payloads, where there are keys. */
export function convertedBy(keys: readonly PayloadKey[]): Pick<WorkerOptions, 'dataConverter'> {
  const dataConverter = dataConverterOf(keys);
  return dataConverter ? { dataConverter } : {};
}

/** Runs workflows and their local activities. */
export async function createTradeWorker({
  payloadKeys = [],
  ...options
}: OwnOptions): Promise<Worker> {
  const { interceptors, watch } = activityFailpoints();
  const { workflowModules = [], ...code } = workflowCode(payloadKeys.length > 0);
  const activity = [...temporalTracing().activity, ...(interceptors.activity ?? [])];
  const worker = await Worker.create({
    ...options,
    ...convertedBy(payloadKeys),
    interceptors: { activity, ...(workflowModules.length > 0 && { workflowModules }) },
    sinks: { ...FAILPOINT_SINKS, ...TRACE_SINKS },
    ...code,
    maxCachedWorkflows: CACHED_WORKFLOWS_MAX,
    stickyQueueScheduleToStartTimeout: STICKY_SCHEDULE_TO_START,
    shutdownGraceTime: SHUTDOWN_GRACE,
    shutdownForceTime: SHUTDOWN_FORCED_AFTER,
  });
  watch(worker);
  return worker;
}

/** Runs activities only; `concurrent` bounds how many at once. Aborted, `lost` leaves those in hand to others. */
export async function createActivityWorker(
  { payloadKeys = [], ...options }: OwnOptions,
  concurrent: number,
  lost?: AbortSignal,
): Promise<Worker> {
  const { interceptors, watch } = activityFailpoints();
  const worker = await Worker.create({
    ...options,
    ...convertedBy(payloadKeys),
    interceptors: {
      activity: [
        ...(lost ? [leavingWhen(lost)] : []),
        ...temporalTracing().activity,
        ...(interceptors.activity ?? []),
      ],
    },
    maxConcurrentActivityTaskExecutions: concurrent,
    shutdownGraceTime: SHUTDOWN_GRACE,
    shutdownForceTime: SHUTDOWN_FORCED_AFTER,
  });
  watch(worker);
  return worker;
}

/** Runs workers until they are shut down. @throws what ended one of them before that. */
export async function runUntilShutdown(workers: readonly Worker[], log: Logger): Promise<void> {
  const ends = await Promise.allSettled(workers.map((worker) => worker.run()));
  for (const end of ends) {
    if (end.status === 'fulfilled') continue;
    if (!(end.reason instanceof GracefulShutdownPeriodExpiredError)) throw end.reason;
    log.warn('activities still ran at the end; they are run again elsewhere');
  }
}
