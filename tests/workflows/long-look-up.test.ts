/** An entry of unknown fate may be looked up for days: its history must stay bounded (T4). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findProgram } from '../../scripts/infra/find-program.js';
import { freePort } from '../../scripts/infra/ports.js';
import { startTemporal, type RunningTemporal } from '../../scripts/infra/temporal.js';
import { TEMPORAL } from '../../scripts/infra/temporal-programs.js';
import { ScriptedTrade } from './support/scripted-trade.js';

/** More than a plan and an entry make, fewer than with two look-ups. */
const EVENTS_OF_A_RUN = 20;
const LOOK_UPS = 4;

let folder: string;
let temporal: RunningTemporal;
let trade: ScriptedTrade | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-long-look-up-'));
  const { path } = await findProgram(TEMPORAL);
  temporal = await startTemporal({
    path,
    port: await freePort(),
    uiPort: await freePort(),
    dbFile: undefined,
    logFile: join(folder, 'temporal.log'),
    dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': EVENTS_OF_A_RUN },
  });
}, 90_000);
afterAll(async () => {
  await trade?.end();
  await temporal?.server.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

test('[TRD-10] goes on in new runs, and is planned again once it is proven absent', async () => {
  const atMs: number[] = [];
  const mine = await ScriptedTrade.open(temporal.address, {
    enter: async () => {
      const isFirst = mine.count('enter') === 1;
      const snapshot = isFirst
        ? mine.snapshot({ state: 'ENTRY_UNKNOWN', heldQuantity: '0' })
        : mine.snapshot();
      return { kind: isFirst ? 'unknown' : 'acknowledged', snapshot };
    },
    lookUpEntry: async () => {
      atMs.push(Date.now());
      const unsent = { heldQuantity: '0', isProtected: false };
      if (atMs.length < LOOK_UPS) {
        return { kind: 'unknown', snapshot: mine.snapshot({ state: 'ENTRY_UNKNOWN', ...unsent }) };
      }
      const snapshot = mine.snapshot({ state: 'RECEIVED', ...unsent });
      return { kind: 'not_sent', reason: 'proven absent', snapshot };
    },
  });
  trade = mine;
  await mine.startWorkers();
  await mine.start();
  await mine.until(async () => (await mine.story()).step === 'monitoring', 40_000);
  expect(mine.calls.filter((call) => call !== 'lookUpEntry')).toEqual([
    ...['plan', 'enter'],
    ...['warmMarket', 'plan', 'enter'],
  ]);
  const { historyLength, raw } = await mine.handle.describe();
  expect(historyLength).toBeLessThan(2 * EVENTS_OF_A_RUN);
  const { runId, firstRunId } = raw.workflowExecutionInfo as {
    runId?: string;
    firstRunId?: string;
  };
  expect(runId ?? raw.workflowExecutionInfo?.execution?.runId).not.toBe(firstRunId);
  // What the earlier runs waited counts: the pauses go on growing.
  expect(atMs.at(-1)! - atMs.at(-2)!).toBeGreaterThanOrEqual(4_000);
}, 90_000);
