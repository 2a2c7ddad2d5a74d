import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startGateway } from '../support/gateway.js';
import type { TestGateway } from '../support/gateway.js';
import { ledgerOf } from './support/trader.js';

const ORDERS = 10_000;
/** Two free cores do well over a thousand; what grows with the square of the orders falls below this. */
const ORDERS_PER_SECOND_MIN = 100;
/** The quotes of some ten seconds show room for so many shares. */
const FILLED_ORDERS = 5_000;
const MEMORY_MAX_BYTES = 700_000_000;
const CLIENT = fileURLToPath(new URL('./support/load-client.mjs', import.meta.url));

let gateway: TestGateway | undefined;
let stateDir = '';

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'ballast-load-'));
});

afterEach(async () => {
  await gateway?.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

async function start(): Promise<TestGateway> {
  gateway = await startGateway({ stateDir, flags: ['--pacing', 'off', '--cash', '100000000'] });
  return gateway;
}

/** Runs the load client against it. */
async function load(to: TestGateway, orders: number, kind: 'resting' | 'filling') {
  const run = promisify(execFile);
  const args = [CLIENT, String(to.port), String(orders), kind];
  const { stdout } = await run(process.execPath, args);
  const { memoryBytes } = await to.control<{ memoryBytes: number }>('/health');
  const sent = JSON.parse(stdout) as { acknowledged: number; perSecond: number; errors: string[] };
  console.log(`${kind}: ${sent.perSecond} orders a second, ${Math.round(memoryBytes / 1e6)} MB`);
  expect(sent).toMatchObject({ acknowledged: orders, errors: [] });
  expect(memoryBytes).toBeLessThan(MEMORY_MAX_BYTES);
  expect(sent.perSecond).toBeGreaterThan(ORDERS_PER_SECOND_MIN);
}

test('[GWY-6] orders that fill are as fast as those that rest, and none is lost', async () => {
  const first = await start();
  await load(first, FILLED_ORDERS, 'filling');
  const { orders, executions, positions, verdicts } = await ledgerOf(first);
  expect([orders.length, executions.length]).toEqual([FILLED_ORDERS, FILLED_ORDERS]);
  expect(new Set(executions.map((each) => each.execId)).size).toBe(FILLED_ORDERS);
  expect(positions).toMatchObject([{ symbol: 'AAPL', position: String(FILLED_ORDERS) }]);
  expect(verdicts).toMatchObject({ duplicateEntries: 0, reReferencedEntries: 0 });
}, 150_000);

test('[GWY-6] ten thousand orders through one connection: none lost, memory bounded', async () => {
  const first = await start();
  await load(first, ORDERS, 'resting');
  const { orders, verdicts, messages } = await ledgerOf(first);
  expect(orders).toHaveLength(ORDERS);
  expect(new Set(orders.map((order) => order.permId)).size).toBe(ORDERS);
  expect(orders.every((order) => order.status === 'Submitted')).toBe(true);
  expect(messages.byId['3']).toBe(ORDERS);
  expect(verdicts).toMatchObject({ duplicateEntries: 0, reReferencedEntries: 0 });

  await first.kill();
  const startedMs = performance.now();
  const again = await start();
  console.log(`started again on them within ${Math.round(performance.now() - startedMs)} ms`);
  const after = await ledgerOf(again);
  expect(after.orders).toEqual(orders);
}, 150_000);
