import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, test } from '@jest/globals';
import { startGateway } from '../support/gateway.js';
import type { TestGateway } from '../support/gateway.js';
import { ledgerOf } from './support/trader.js';

const ORDERS = 10_000;
/** Two free cores do well over a thousand; on a machine that is busy with others, less is no fault. */
const ORDERS_PER_SECOND_MIN = 400;
const MEMORY_MAX_BYTES = 700_000_000;
const CLIENT = fileURLToPath(new URL('./support/load-client.mjs', import.meta.url));

let gateway: TestGateway | undefined;
const stateDir = mkdtempSync(join(tmpdir(), 'ballast-load-'));

afterEach(async () => {
  await gateway?.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

async function start(): Promise<TestGateway> {
  gateway = await startGateway({ stateDir, flags: ['--pacing', 'off', '--cash', '100000000'] });
  return gateway;
}

test('[GWY-6] ten thousand orders through one connection: none lost, memory bounded', async () => {
  const first = await start();
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [CLIENT, String(first.port), String(ORDERS)]);
  const sent = JSON.parse(stdout) as { acknowledged: number; perSecond: number; errors: string[] };
  const { memoryBytes } = await first.control<{ memoryBytes: number }>('/health');
  console.log(`${sent.perSecond} orders a second, ${Math.round(memoryBytes / 1e6)} MB`);
  expect(sent).toMatchObject({ acknowledged: ORDERS, errors: [] });

  const { orders, verdicts, messages } = await ledgerOf(first);
  expect(orders).toHaveLength(ORDERS);
  expect(new Set(orders.map((order) => order.permId)).size).toBe(ORDERS);
  expect(orders.every((order) => order.status === 'Submitted')).toBe(true);
  expect(messages.byId['3']).toBe(ORDERS);
  expect(verdicts).toMatchObject({ duplicateEntries: 0, reReferencedEntries: 0 });
  expect(memoryBytes).toBeLessThan(MEMORY_MAX_BYTES);
  expect(sent.perSecond).toBeGreaterThan(ORDERS_PER_SECOND_MIN);

  await first.kill();
  const startedMs = performance.now();
  const again = await start();
  console.log(`started again on them within ${Math.round(performance.now() - startedMs)} ms`);
  const after = await ledgerOf(again);
  expect(after.orders).toEqual(orders);
}, 150_000);
