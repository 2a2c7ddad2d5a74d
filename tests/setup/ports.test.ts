/** Checkouts that run side by side never share a port. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { withMetricsPorts } from '../../supervisor/metrics-ports.js';
import { claimPorts, type ClaimedPorts } from '../../supervisor/ports.js';

let folder: string;
let env: NodeJS.ProcessEnv;
let server: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-ports-'));
  env = { BALLAST_CACHE_DIR: join(folder, 'cache') };
});
afterEach(() => {
  server?.close();
  rmSync(folder, { recursive: true });
});

const claim = (checkout: string): Promise<ClaimedPorts> => claimPorts(join(folder, checkout), env);

test('[OPS-1] claims at the same time get different blocks', async () => {
  const claims = await Promise.all(['a', 'b', 'c', 'd'].map(claim));
  const all = claims.flatMap(({ ports }) => Object.values(ports));
  expect(new Set(all).size).toBe(all.length);
});

test('[OPS-1] a checkout gets its block again', async () => {
  const first = await claim('a');
  const second = await claim('b');
  first.release();
  second.release();
  expect((await claim('b')).ports).toEqual(second.ports);
});

test('a block of which one port is in use is passed over', async () => {
  const { ports, release } = await claim('a');
  release();
  server = createServer().listen(ports.gateway, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  const elsewhere = await claim('a');
  expect(elsewhere.ports).not.toEqual(ports);
  expect(elsewhere.moved).toContain(`something else listens on ${ports.gateway} (gateway)`);
  elsewhere.release();
  await new Promise((resolve) => server?.close(resolve));
  server = undefined;
  // Bookmarks are of the first addresses.
  expect(await claim('a')).toMatchObject({ ports, moved: null });
});

test('[OPS-1] a block that another checkout has taken meanwhile is told too', async () => {
  const first = await claim('a');
  first.release();
  await claim('b');
  expect((await claim('a')).moved).toContain('another checkout has the ports');
});

test('the claim of a dead process is dropped', async () => {
  await claim('a');
  const claims = join(folder, 'cache', 'ports');
  const file = join(claims, readdirSync(claims).find((name) => name.endsWith('.json')) ?? '');
  writeFileSync(file, JSON.stringify({ holder: { pid: 2 ** 22 + 1, started: '' } }));
  const again = await claim('b');
  expect(existsSync(file)).toBe(true);
  expect(file).toContain(`${again.ports.postgres}.json`);
});

test('[OPS-4] each worker is given a port for its metrics, unless somebody has set one', async () => {
  const { ports } = await claim('metrics');
  const env: NodeJS.ProcessEnv = { TRADE_WORKER_METRICS_PORT: '9462', NOTIFIER_METRICS_PORT: ' ' };
  const taken = withMetricsPorts(env, ports);
  expect(taken['trade-worker-metrics']).toBe(9_462);
  expect(env['BROKER_WORKER_METRICS_PORT']).toBe(String(ports['broker-worker-metrics']));
  expect(env['NOTIFIER_METRICS_PORT']).toBe(String(ports['notifier-metrics']));
  expect(new Set(Object.values(taken)).size).toBe(Object.values(ports).length);
});
