/**
 * Commands that meet other local activities (U1): what comes of it must replay. A worker hears of their
 * ends one by one, a replay of all at once; so each that is made slower here ends after the next began.
 */
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { bundleWorkflowCode, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { failedTasks } from '../../chaos/harness/history.js';
import { temporalAddress } from '../support/temporal.js';
import { CLOSED, ScriptedTrade, type Script } from './support/scripted-trade.js';

const here = dirname(fileURLToPath(import.meta.url));
/** What is begun first ends well after the rest. */
const SLOW_MS = 400;
/** The server has what was sent by then. */
const ARRIVES_MS = 500;

let workflowBundle: WorkflowBundleWithSourceMap;
let trade: ScriptedTrade;
beforeAll(async () => {
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: join(here, '../../workflows/index.ts'),
  });
}, 60_000);
afterEach(async () => {
  await trade?.end();
}, 30_000);

async function open(script: (trade: () => ScriptedTrade) => Script): Promise<ScriptedTrade> {
  trade = await ScriptedTrade.open(
    await temporalAddress(),
    script(() => trade),
  );
  return trade;
}

/** Its history tells of no failed task, and is told anew without one. */
async function expectToReplay(): Promise<void> {
  const { handle } = trade;
  const history = await handle.fetchHistory();
  expect(failedTasks(history.events ?? [])).toEqual([]);
  await Worker.runReplayHistory({ workflowBundle }, history, handle.workflowId);
}

const slowPlan = (of: () => ScriptedTrade): Script => ({
  plan: async () => {
    await sleep(SLOW_MS);
    const snapshot = of().snapshot({ state: 'RECEIVED', heldQuantity: '0' });
    const approved = { decisionId: 'd', summary: 's', quantity: '10', closeByMs: null };
    return { kind: 'approved', snapshot, ...approved };
  },
});

test('[TRD-5] commands that come before any worker run beside no plan', async () => {
  await open(slowPlan);
  await trade.start();
  const asked = Promise.all([
    trade.update('cancelEntry', 'early'),
    trade.update('closeTrade', 'too'),
  ]);
  await sleep(ARRIVES_MS);
  await trade.startWorkers();
  expect((await asked).map(({ verdict }) => verdict)).toEqual(['accepted', 'accepted']);
  await trade.until(async () => (await trade.story()).step === 'monitoring');
  await expectToReplay();
}, 60_000);

test('[TRD-5] commands that meet a timer after a restart are recorded one after the other', async () => {
  const holdingMs = 3_000;
  await open((of) => ({
    enter: async () => ({
      kind: 'acknowledged',
      snapshot: of().snapshot({ openedAtMs: Date.now() }),
    }),
    recordCommand: async ({ key }) => {
      if (key === 'max_holding') await sleep(SLOW_MS);
      return of().answer('refused');
    },
  }));
  await trade.startWorkers();
  await trade.start({ maxHoldingMs: holdingMs });
  await trade.until(async () => (await trade.story()).step === 'monitoring');
  await trade.stopWorkers();
  await sleep(holdingMs);
  const asked = Promise.all([
    trade.update('cancelEntry', 'late'),
    trade.update('closeTrade', 'later'),
  ]);
  await sleep(ARRIVES_MS);
  await trade.startWorkers();
  await asked;
  await trade.until(() => trade.count('recordCommand') >= 3);
  await trade.until(async () => (await trade.story()).step === 'monitoring');
  await expectToReplay();
}, 60_000);

test('[TRD-1] a reset to the first task, with commands applied again, goes on and replays', async () => {
  await open(slowPlan);
  await trade.startWorkers();
  await trade.start();
  await trade.until(async () => (await trade.story()).step === 'monitoring');
  await trade.update('cancelEntry', 'one');
  await trade.update('closeTrade', 'two');
  const { workflowService } = trade.client;
  const { workflowId } = trade.handle;
  const events = (await trade.handle.fetchHistory()).events ?? [];
  const first = events.find((event) => event.workflowTaskCompletedEventAttributes);
  await workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId },
    reason: 'test',
    workflowTaskFinishEventId: first?.eventId,
    requestId: randomUUID(),
    resetReapplyType: 3,
  });
  await trade.until(() => trade.count('plan') >= 2 && trade.count('recordCommand') >= 4);
  await trade.until(async () => (await trade.story()).step === 'monitoring');
  await expectToReplay();
  await trade.tell(trade.snapshot(CLOSED));
  await expect(trade.handle.result()).resolves.toMatchObject({ state: 'CLOSED' });
}, 60_000);
