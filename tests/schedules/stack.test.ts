/** Jobs of the day on real parts: what each does, what a late or second run does, and what is shown of it. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bundleWorkflowCode, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import type { App } from '../../app/app.js';
import { listSchedules } from '../../app/schedules.js';
import { describeSchedule } from '../../client/schedules.js';
import { loadConfig } from '../../config/index.js';
import { scheduleId, type ScheduledInput, type ScheduledResult } from '../../contract/schedules.js';
import { tradeQueue } from '../../contract/workflows.js';
import { tradingDay } from '../../domain/calendar.js';
import { closeOf, holidaysAround, openOf, previousTradingDay } from '../../domain/exchange-days.js';
import { dueOf } from '../../domain/schedules/due.js';
import { JOB_NAMES, JOBS, type JobName } from '../../domain/schedules/jobs.js';
import { isAtRest } from '../support/at-rest.js';
import { startStack, type TestStack } from '../support/stack.js';
import { untilTrue } from '../support/workers.js';

const here = dirname(fileURLToPath(import.meta.url));
const WAIT_MS = 30_000;

let stack: TestStack;
let account: { id: string; brokerAccountId: string };
let workflowBundle: WorkflowBundleWithSourceMap;

beforeAll(async () => {
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: join(here, '../../workflows/index.ts'),
  });
  stack = await startStack({
    env: {
      SCHEDULES_ENABLED: 'true',
      // What the guard would find by itself is left to the jobs.
      GUARD_INTERVAL_MS: '300000',
      ACK_TIMEOUT_MS: '1000',
    },
  });
  account = await stack.db.account.findFirstOrThrow();
  const isThere = async () =>
    (await describeSchedule(stack.temporal, idOf('daily-reset'))) !== null;
  await untilTrue('there are schedules', isThere, WAIT_MS);
}, 120_000);
afterAll(async () => {
  for (const job of JOB_NAMES) {
    const handle = stack?.temporal.schedule.getHandle(idOf(job));
    await handle?.delete().catch(() => undefined);
  }
  await stack?.stop();
}, 60_000);

const idOf = (job: JobName) => scheduleId(stack.queuePrefix, job, account.brokerAccountId);

let runs = 0;
/** Runs a job as if it had been due at that instant; what it did replays. */
async function run(job: JobName, dueAtMs: number): Promise<ScheduledResult> {
  runs += 1;
  const { queuePrefix } = stack;
  const { id: accountId, brokerAccountId } = account;
  const input: ScheduledInput = { accountId, brokerAccountId, queuePrefix, dueAtMs };
  const handle = await stack.temporal.workflow.start(JOBS[job].workflow, {
    workflowId: `${queuePrefix}${job}-${runs}`,
    taskQueue: tradeQueue(queuePrefix),
    args: [input],
    workflowExecutionTimeout: JOBS[job].runMaxMs,
  });
  const result = (await handle.result()) as ScheduledResult;
  await Worker.runReplayHistory({ workflowBundle }, await handle.fetchHistory(), handle.workflowId);
  return result;
}

const signal = (symbol: string) => ({
  ...{ id: `clock-${symbol}`, strategy_id: `strategy-${symbol}`, symbol, side: 'BUY' },
  ...{ quantity: '10', stop_loss_pct: '0.05', take_profit_pct: '0.06' },
});

test('[SCH-1] each schedule can be triggered by hand, and its run says what there was to do', async () => {
  for (const job of JOB_NAMES) {
    const handle = stack.temporal.schedule.getHandle(idOf(job));
    const atMs = Date.now();
    await handle.trigger();
    const last = async () => {
      const views = await listSchedules(appOf());
      return views.find((view) => view.job === job)?.last ?? null;
    };
    await untilTrue(`${job} ran`, async () => (await last())?.status === 'COMPLETED', WAIT_MS);
    const ended = await last();
    if (job === 'reconcile') {
      expect(ended).toMatchObject({ day: null, done: true, summary: 'clean' });
      continue;
    }
    const due = dueOf(job, atMs);
    expect(ended?.day).toBe(due.day);
    if (due.kind === 'nothing') expect(ended?.summary).toBe(`nothing: ${due.reason}`);
    else expect(ended?.summary).not.toBe('');
  }
}, 120_000);

function appOf(): App {
  const config = loadConfig({ TASK_QUEUE_PREFIX: stack.queuePrefix });
  const temporal = () => Promise.resolve(stack.temporal);
  const { db, userId } = stack;
  return { config, db, userId, actor: 'test', temporal, close: () => Promise.resolve() };
}

test('[SCH-1] the schedules are listed with their next run on both clocks, and a pause as such', async () => {
  await stack.temporal.schedule.getHandle(idOf('end-of-day')).pause('away');
  const views = await listSchedules(appOf());
  expect(views.map(({ job }) => job)).toEqual([...JOB_NAMES]);
  const sweep = views.find(({ job }) => job === 'midnight-sweep');
  expect(sweep?.next_at_new_york).toMatch(/^\d{4}-\d\d-\d\d 23:20$/);
  expect(sweep?.next_at).toMatch(/T0[34]:20:00/);
  const paused = views.find(({ job }) => job === 'end-of-day');
  expect(paused).toMatchObject({ is_paused: true, note: 'away', next_at: null });
}, 60_000);

test('[SCH-1] a pause outlives the worker that made the schedule', async () => {
  await stack.killWorker('trade-worker');
  await stack.startWorker('trade-worker');
  // It has looked once it has begun to work.
  expect((await run('daily-reset', Date.parse('2026-11-26T14:30:00Z'))).done).toBe(false);
  const found = await describeSchedule(stack.temporal, idOf('end-of-day'));
  expect(found?.state).toMatchObject({ paused: true, note: 'away' });
}, 60_000);

test('[SCH-1] a reset begins its day once, by however many; one of yesterday begins nothing', async () => {
  const day = tradingDay(Date.now(), holidaysAround(Date.now()));
  // On a trading day an earlier test has begun it.
  await stack.db.accountDay.deleteMany();
  const both = await Promise.all([
    run('daily-reset', openOf(day)),
    run('daily-reset', openOf(day)),
  ]);
  expect(both.map(({ done }) => done).sort()).toEqual([false, true]);
  const before = previousTradingDay(day);
  expect(await run('daily-reset', openOf(before))).toEqual({
    day: before,
    done: false,
    summary: 'nothing: a later day has begun',
  });
  const rows = await stack.db.accountDay.findMany({ where: { startEquity: { not: null } } });
  expect(rows.map((row) => row.day.toISOString().slice(0, 10))).toEqual([day]);
}, 60_000);

test('[SCH-1] a holiday does nothing, and says so', async () => {
  const thanksgiving = Date.parse('2026-11-26T14:30:00Z');
  for (const job of ['verify-exits', 'daily-reset', 'end-of-day'] as const) {
    expect(await run(job, thanksgiving)).toEqual({
      day: '2026-11-26',
      done: false,
      summary: 'nothing: 2026-11-26 is no trading day',
    });
  }
}, 60_000);

test('[SCH-1] before the open a stop that is gone is found and placed again', async () => {
  const { tradeId } = await stack.submit(signal('AAPL'));
  await stack.waitFor(tradeId, isAtRest);
  await stack.gateway.control('/faults', { name: 'order-vanished', role: 'stop', symbol: 'AAPL' });
  const isGone = async () => {
    const orders = await stack.gateway.control<{
      contracts: { symbol: string; unprotectedShares: string }[];
    }>('/ledger');
    return orders.contracts.some((row) => Number(row.unprotectedShares) > 0);
  };
  await untilTrue('its stop is gone', isGone, WAIT_MS);
  const result = await run('verify-exits', Date.parse('2026-11-25T14:00:00Z'));
  expect(result).toMatchObject({ day: '2026-11-25', done: true });
  await stack.waitFor(tradeId, isAtRest);
  await untilTrue('it is covered', async () => !(await isGone()), WAIT_MS);
  expect((await run('verify-exits', Date.parse('2026-11-25T14:00:00Z'))).summary).toBe(
    '1 looked at, 0 repaired; all as they should be',
  );
}, 120_000);

test('[SCH-1] the sweep finds out what is of unknown fate before midnight', async () => {
  await stack.gateway.control('/faults', { name: 'order-dropped', symbol: 'MSFT', count: 3 });
  const { tradeId } = await stack.submit(signal('MSFT'));
  await stack.waitFor(tradeId, ({ state }) => state === 'ENTRY_UNKNOWN');
  const { done, summary } = await run('midnight-sweep', Date.now());
  expect(done).toBe(true);
  // The stop that vanished before may be in doubt as well.
  expect(summary).toMatch(/^swept, [12] of unknown fate were found out/);
  const { state } = await stack.waitFor(tradeId, (trade) => trade.state !== 'ENTRY_UNKNOWN');
  expect(state).not.toBe('ENTRY_UNKNOWN');
}, 120_000);

test('[SCH-1] a day that is past is summed up once', async () => {
  const day = previousTradingDay(tradingDay(Date.now(), holidaysAround(Date.now())));
  const dueAtMs = closeOf(day)! + 300_000;
  expect(await run('end-of-day', dueAtMs)).toMatchObject({ day, done: true });
  const again = await run('end-of-day', dueAtMs);
  expect(again.done).toBe(false);
  expect(again.summary).toContain('it stood so already');
}, 60_000);
