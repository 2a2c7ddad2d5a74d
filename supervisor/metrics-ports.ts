/** Where the workers of this start expose their metrics: the block's own ports, unless somebody has set others. */
import type { Ports } from './ports.js';

const PURPOSE_OF = {
  BROKER_WORKER_METRICS_PORT: 'broker-worker-metrics',
  TRADE_WORKER_METRICS_PORT: 'trade-worker-metrics',
  NOTIFIER_METRICS_PORT: 'notifier-metrics',
  WATCHDOG_METRICS_PORT: 'watchdog-metrics',
} as const satisfies Record<string, keyof Ports>;

/** Sets what is not set. @returns the ports as they are then, for the note about this start */
export function withMetricsPorts(env: NodeJS.ProcessEnv, ports: Ports): Ports {
  const taken = { ...ports };
  for (const [name, purpose] of Object.entries(PURPOSE_OF)) {
    env[name] = env[name]?.trim() || String(ports[purpose]);
    taken[purpose] = Number(env[name]);
  }
  return taken;
}
