/** 10,000 open trades: a restart reads all of it, commits what is new, and is READY soon (B7). */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startStack, type TestStack } from '../support/stack.js';
import { openCopies } from './support/clone.js';

const COPIES = Number(process.env['TEST_OPEN_TRADES'] ?? 9_999);
const READY_LIMIT_MS = 60_000;
const MEMORY_LIMIT_KB = 1.5 * 1024 * 1024;

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack({
    gateway: { flags: ['--paused', '--pacing', 'off', '--cash', '1000000000'] },
    env: { MAX_POSITION_PCT: '1' },
  });
}, 60_000);
afterAll(() => stack?.stop(), 60_000);

/** The most memory that the worker with the link ever had, in kB. */
async function peakMemoryKb(): Promise<number> {
  const { leaseHolder } = await stack.db.connection.findFirstOrThrow();
  const pid = leaseHolder!.split('/')[1]!;
  const [, peak] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return Number(peak);
}

test('[BRK-12] 10,000 open trades: from restart to READY in a minute, and within 1.5 GiB', async () => {
  await openCopies(stack, COPIES);
  const eventsBefore = await stack.db.brokerEvent.count();
  const startedAtMs = performance.now();
  await stack.startWorker('broker-worker');
  const tookMs = performance.now() - startedAtMs;
  const peakKb = await peakMemoryKb();
  const events = (await stack.db.brokerEvent.count()) - eventsBefore;
  console.log({ tookMs: Math.round(tookMs), peakMb: Math.round(peakKb / 1024), events });
  expect(tookMs).toBeLessThan(READY_LIMIT_MS);
  expect(peakKb).toBeLessThan(MEMORY_LIMIT_KB);
  // What was known costs no row: nothing but the shares that were bought in bulk is new.
  expect(events).toBeLessThan(10);
}, 400_000);
