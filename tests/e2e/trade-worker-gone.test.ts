/** A trade worker that is gone is missed within seconds, though Temporal lists it for minutes (API-1). */
import { afterAll, beforeAll, test } from '@jest/globals';
import { healthReader } from '../../app/health.js';
import { openShared, type SharedApp } from '../../app/users.js';
import { loadConfig } from '../../config/index.js';
import { startStack, type TestStack } from '../support/stack.js';
import { temporalAddress } from '../support/temporal.js';
import { untilTrue } from '../support/workers.js';

/** Far less than the minute and a half that Temporal's list takes. */
const MISSED_WITHIN_MS = 40_000;

let stack: TestStack;
let shared: SharedApp;
beforeAll(async () => {
  stack = await startStack();
  const env = {
    DATABASE_URL: stack.databaseUrl,
    TEMPORAL_ADDRESS: await temporalAddress(),
    TASK_QUEUE_PREFIX: stack.queuePrefix,
    BALLAST_STATE_DIR: stack.stateDir,
  };
  shared = openShared(loadConfig(env), { poolSize: 2, answerTimeoutMs: 5_000 });
}, 120_000);
afterAll(async () => {
  await shared?.close();
  await stack?.stop();
}, 60_000);

const state = async () => {
  const { parts } = await healthReader(shared)();
  return parts.find(({ name }) => name === 'trade worker')?.state;
};

test.each(['killWorker', 'stopWorker'] as const)(
  '[API-1] [TRD-1] a trade worker is missed soon after %s, and seen when it is back',
  async (end) => {
    await untilTrue('it is at work', async () => (await state()) === 'up', MISSED_WITHIN_MS);
    await stack[end]('trade-worker');
    const endedAtMs = performance.now();
    await untilTrue('it is missed', async () => (await state()) === 'down', MISSED_WITHIN_MS);
    console.log(`${end}: missed after ${Math.round(performance.now() - endedAtMs)} ms`);
    await stack.startWorker('trade-worker');
    await untilTrue('it is back', async () => (await state()) === 'up', MISSED_WITHIN_MS);
  },
  150_000,
);
