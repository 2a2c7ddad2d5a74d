/** What a worker counts and exposes by itself: nothing of it may hurt who trades. */
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { BrokerFact } from '../../domain/broker/fact.js';
import type { Logger } from '../../config/logger.js';
import type { MetricsListener } from '../../telemetry/listen.js';
import { createRegistry } from '../../telemetry/registry.js';
import { temporalTracing } from '../../telemetry/temporal.js';
import { startTracing } from '../../telemetry/tracing.js';
import { createMeters } from '../../worker/broker/meters.js';
import { exposeMetrics, registryFor } from '../../worker/metrics.js';
import { parseMetrics } from './support.js';

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

const warned: string[] = [];
const log = {
  warn: (_fields: object, message: string) => warned.push(message),
} as unknown as Logger;

async function taken(): Promise<number> {
  const server: Server = createServer();
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function scraped(listener: MetricsListener | null) {
  open.push(listener!);
  const answer = await fetch(`http://127.0.0.1:${listener!.port}/metrics`);
  return parseMetrics(await answer.text());
}

describe('[OPS-4] what a broker worker counts', () => {
  test('is by the names of the catalogue, before there is a link and with one', async () => {
    const registry = createRegistry('broker worker');
    const meters = createMeters(registry);
    expect(
      parseMetrics(await registry.text())
        .get('ballast_broker_connected')
        ?.samples.get(''),
    ).toBe(0);
    const waiting = { proof: 0, protect: 2, entry: 1, query: 0 };
    meters.watch(() => ({
      ...{ isReady: true, maySend: true, generation: 7, heldCallbacks: 3, stuckTrades: 1 },
      pacing: { used: 12, limit: 50, waiting },
    }));
    meters.sent('entry', 'written', 250);
    meters.told(40);
    const found = parseMetrics(await registry.text());
    const value = (name: string, labels = '') => found.get(name)?.samples.get(labels);
    expect(value('ballast_broker_generation')).toBe(7);
    expect(value('ballast_pacing_used')).toBe(12);
    expect(value('ballast_pacing_waiting', '{priority="protect"}')).toBe(2);
    expect(value('ballast_inbox_stuck')).toBe(1);
    expect(value('ballast_broker_send_seconds', '_sum{priority="entry"}')).toBe(0.25);
    expect(value('ballast_event_told_seconds', '_sum')).toBe(0.04);
  });

  test('a number that is none is missed, and nobody fails of it', () => {
    const meters = createMeters(createRegistry('broker worker'));
    const fact = { receivedAtMs: 'yesterday' } as unknown as BrokerFact;
    expect(() => meters.committed([fact])).not.toThrow();
    expect(() => meters.told(NaN)).not.toThrow();
    expect(() => meters.sent('entry', 'written', NaN)).not.toThrow();
  });

  test('no process makes a metric of another one', () => {
    expect(() => createRegistry('api').counter('ballast_broker_sends_total')).toThrow(
      'broker worker',
    );
  });
});

describe('[OPS-4] where a worker exposes it', () => {
  test('nowhere unless it is told where', async () => {
    expect(registryFor('broker worker', undefined)).toBeNull();
    expect(await exposeMetrics({ port: undefined, registry: null, log })).toBeNull();
  });

  test('a port that is taken is told, and the process goes on', async () => {
    const port = await taken();
    const registry = registryFor(null, port);
    expect(await exposeMetrics({ port, registry, log })).toBeNull();
    expect(warned.at(-1)).toMatch(/port of its own/);
  });

  test('its own numbers also while the SDK does not answer', async () => {
    const listener = await exposeMetrics({
      ...{ port: 0, registry: registryFor(null, 0), log },
      sdkAddress: '127.0.0.1:1',
    });
    expect((await scraped(listener)).has('process_resident_memory_bytes')).toBe(true);
  });
});

test('[OPS-4] nothing is traced unless it is said where to', async () => {
  const { stop } = await startTracing({ service: 'test', endpoint: undefined });
  expect(temporalTracing().client).toEqual([]);
  expect(temporalTracing().activity).toEqual([]);
  await stop();
});
