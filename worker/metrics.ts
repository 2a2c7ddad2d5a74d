/** A worker's own metrics: what it counts, and what Temporal's SDK counts beside it, at one address of this machine. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../config/logger.js';
import { listenForScrapes, type MetricsListener } from '../telemetry/listen.js';
import type { Source } from '../telemetry/metric.js';
import { createRegistry, type ProcessRegistry } from '../telemetry/registry.js';

/** The SDK answers from memory. */
const SDK_ANSWERS_MS = 2_000;

/** What a process counts into; null where it exposes nothing, and so need not count. */
export function registryFor(
  source: Source | null,
  port: number | undefined,
): ProcessRegistry | null {
  return port === undefined ? null : createRegistry(source);
}

export interface Exposed {
  /** Undefined: nowhere. */
  readonly port: number | undefined;
  readonly registry: ProcessRegistry | null;
  /** Where the SDK exposes its own (`host:port`); null: it doesn't. */
  readonly sdkAddress?: string | null;
  readonly log: Logger;
}

/**
 * Exposes them until the process ends. Whoever trades does not fail for want of metrics: a port that is taken is told,
 * and nothing listens.
 */
export async function exposeMetrics(exposed: Exposed): Promise<MetricsListener | null> {
  const { port, registry, sdkAddress = null, log } = exposed;
  if (port === undefined || registry === null) return null;
  const text = async () => `${await registry.text()}${await sdkText(sdkAddress)}`;
  try {
    return await listenForScrapes(port, text);
  } catch (error) {
    log.warn({ port, error: String(error) }, 'no metrics: give this process a port of its own');
    return null;
  }
}

/** Empty while the SDK does not answer: what the process counts itself is shown without it. */
async function sdkText(address: string | null): Promise<string> {
  if (address === null) return '';
  try {
    const signal = AbortSignal.timeout(SDK_ANSWERS_MS);
    return await (await fetch(`http://${address}/metrics`, { signal })).text();
  } catch {
    return '';
  }
}

/** An address for the SDK, which takes none that it finds itself; null where the process exposes nothing. */
export async function sdkAddressFor(port: number | undefined): Promise<string | null> {
  if (port === undefined) return null;
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen(0, '127.0.0.1', resolve);
    });
    return `127.0.0.1:${(probe.address() as AddressInfo).port}`;
  } catch {
    return null; // no port is free: its numbers are missed, and nothing else
  } finally {
    await new Promise((resolve) => probe.close(resolve));
  }
}
