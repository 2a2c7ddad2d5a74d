/** What runs do when the broker can't be asked: the real workflows, with answers that are written down. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WorkflowFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, type Worker } from '@temporalio/worker';
import { openTemporal } from '../../client/temporal.js';
import type { AccountDay, DayBegun, DayEnded } from '../../contract/activities.js';
import type { ScheduledInput, ScheduledResult } from '../../contract/schedules.js';
import { brokerQueue, tradeQueue } from '../../contract/workflows.js';
import { JOBS, type JobName } from '../../domain/schedules/jobs.js';
import { createActivityWorker, createTradeWorker } from '../../worker/temporal-worker.js';
import { temporalAddress, uniquePrefix } from '../support/temporal.js';

Runtime.install({ logger: new DefaultLogger('WARN') });

const ACCOUNT = 'DU1000001';
const prefix = uniquePrefix();
const calls: string[] = [];
let client: Client;
let connection: NativeConnection;
let workers: Worker[];
let ended: Promise<unknown>;

const SUMMARY = {
  opened: 0,
  closed: 2,
  denied: 0,
  fills: 4,
  realizedPnl: '12.5',
  commissions: '4',
};

const atDatabase = {
  beginDay: async ({ day }: AccountDay): Promise<DayBegun> => {
    calls.push(`begin ${day}`);
    return { kind: 'begun', startEquity: '100000', source: 'close' };
  },
  endDay: async ({ day }: AccountDay): Promise<DayEnded> => {
    calls.push(`end ${day}`);
    const open = { openCount: 2, unprotectedCount: 1, open: [], atMs: 0 };
    return { summary: { ...SUMMARY, ...open }, closeEquity: null, written: true, archived: 0 };
  },
};

/** As when the time for it is over. */
const away = async () => {
  throw ApplicationFailure.nonRetryable('the link is down');
};

beforeAll(async () => {
  const address = await temporalAddress();
  client = await openTemporal({ address, namespace: 'default' });
  connection = await NativeConnection.connect({ address });
  const on = (taskQueue: string, activities: object) => ({
    ...{ connection, namespace: 'default', taskQueue, activities },
  });
  const broker = { fetchValues: away, verifyAccount: away, sweepAccount: away };
  workers = [
    await createTradeWorker(on(tradeQueue(prefix), atDatabase)),
    await createActivityWorker(on(brokerQueue(prefix, ACCOUNT, 'protect'), broker), 5),
  ];
  ended = Promise.allSettled(workers.map((worker) => worker.run()));
}, 60_000);
afterAll(async () => {
  for (const worker of workers ?? []) worker.shutdown();
  await ended;
  await connection?.close();
  await client?.connection.close();
}, 60_000);

function run(job: JobName, due: string): Promise<ScheduledResult> {
  const input: ScheduledInput = {
    ...{ accountId: 'a', brokerAccountId: ACCOUNT, queuePrefix: prefix },
    dueAtMs: Date.parse(due),
  };
  return client.workflow.execute(JOBS[job].workflow, {
    workflowId: `${prefix}${job}-${due}`,
    taskQueue: tradeQueue(prefix),
    args: [input],
    workflowExecutionTimeout: JOBS[job].runMaxMs,
  }) as Promise<ScheduledResult>;
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(() => null).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(WorkflowFailedError);
  return String((error as WorkflowFailedError).cause);
}

test('[SCH-1] a day begins and ends without the broker, and says what it lacked', async () => {
  const begun = await run('daily-reset', '2026-11-24T14:30:00Z');
  expect(begun).toMatchObject({ day: '2026-11-24', done: true });
  expect(begun.summary).toContain('the broker gave no values now');
  const over = await run('end-of-day', '2026-11-27T18:05:00Z');
  expect(over.summary).toBe(
    '2 trades closed, 4 fills, 12.5 realized, 4 commissions; 2 open, 1 UNPROTECTED; ' +
      'no equity of the close',
  );
  expect(calls).toEqual(['begin 2026-11-24', 'end 2026-11-27']);
}, 60_000);

test('[SCH-1] a sweep that could not read the broker sums the day up, fails, and says where to look', async () => {
  const failure = await failureOf(run('midnight-sweep', '2026-11-25T04:20:00Z'));
  expect(failure).toContain('the broker could not be read before its midnight');
  expect(calls).toContain('end 2026-11-24');
  // A holiday has no summary.
  await failureOf(run('midnight-sweep', '2026-11-27T04:20:00Z'));
  expect(calls).not.toContain('end 2026-11-26');
}, 60_000);

test('[SCH-1] a verification that could not read the broker fails instead of saying that all is well', async () => {
  const failure = await failureOf(run('verify-exits', '2026-11-24T14:00:00Z'));
  expect(failure).toContain('Activity task failed');
}, 60_000);
