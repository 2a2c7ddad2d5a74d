/**
 * What a person can do to a trade in the Temporal UI, played on the whole stack: terminate, cancel, delete, reset, pause a
 * workflow, pause an activity. None of it sends an order twice, or leaves shares without their stop
 * (docs/temporal-ui.md says what each does).
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { commandTrade, isTradeRunning } from '../../client/trades.js';
import { tradeWorkflowId } from '../../contract/workflows.js';
import { arm } from '../../failpoints/arm.js';
import type { LedgerReport } from '../../gateway/ledger/report.js';
import { findProgram } from '../../scripts/infra/find-program.js';
import { freePort } from '../../scripts/infra/ports.js';
import { TEMPORAL } from '../../scripts/infra/temporal-programs.js';
import { startTemporal, type RunningTemporal } from '../../scripts/infra/temporal.js';
import { isAtRest } from '../support/at-rest.js';
import { startStack, type TestStack, type TradeFacts } from '../support/stack.js';
import { expectNothingJudged } from '../support/verdicts.js';
import { untilTrue } from '../support/workers.js';

/** A sweep, its age limit, and a start, on a busy machine. */
const SWEPT_MS = 60_000;
const SCENE_MS = 150_000;
/** What must be missing a workflow for 10 s to be taken up, and is looked for every 10 s. */
const SWEEPS_MS = 22_000;
/** An approved entry that waited longer for its write is planned anew. */
const SEND_WINDOW_MS = 1_500;

let temporal: RunningTemporal;
let stack: TestStack;
/** From the beginning on, so that sweeps have looked at it when its turn comes. */
let paused: { tradeId: string; atMs: number };
const folder = mkdtempSync(join(tmpdir(), 'ballast-ui-'));
const failpoints = join(folder, 'failpoints');

beforeAll(async () => {
  temporal = await startTemporal({
    path: (await findProgram(TEMPORAL)).path,
    port: await freePort(),
    uiPort: await freePort(),
    dbFile: undefined,
    logFile: join(folder, 'temporal.log'),
    // Off by default: the server calls it an experiment.
    dynamicConfig: { 'frontend.WorkflowPauseEnabled': 'true' },
  });
  stack = await startStack({
    temporalAddress: temporal.address,
    env: { BALLAST_FAILPOINTS: failpoints, ENTRY_SEND_WINDOW_MS: String(SEND_WINDOW_MS) },
  });
  const tradeId = await open('META');
  const request = { namespace, ...executionOf(tradeId), reason: 'a test' };
  await service().pauseWorkflowExecution({ ...request, requestId: randomUUID() });
  paused = { tradeId, atMs: Date.now() };
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  await temporal?.server.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

async function submit(symbol: string, extra: Record<string, unknown> = {}): Promise<string> {
  const exits = { stop_loss_pct: '0.05', take_profit_pct: '0.06' };
  const signal = { id: `ui-${symbol}`, strategy_id: `ui-${symbol}`, symbol, side: 'BUY' };
  return (await stack.submit({ ...signal, ...exits, quantity: '10', ...extra })).tradeId;
}

async function open(symbol: string): Promise<string> {
  const tradeId = await submit(symbol);
  await stack.waitFor(tradeId, isAtRest);
  return tradeId;
}

const hasRested = (trade: TradeFacts) =>
  trade.orders.length > 0 && trade.orders.every((order) => order.intent === 'SENT');
const resting = { order_type: 'LMT', entry_price: '62.50' };

const handleOf = (tradeId: string) => stack.temporal.workflow.getHandle(tradeWorkflowId(tradeId));
const service = () => stack.temporal.workflowService;
const namespace = 'default';
const executionOf = (tradeId: string) => ({ workflowId: tradeWorkflowId(tradeId) });

/** As the UI's "Reset" to the first workflow task; signals and updates are applied again. */
async function reset(tradeId: string): Promise<void> {
  const { events } = await handleOf(tradeId).fetchHistory();
  const first = events?.find((event) => event.workflowTaskCompletedEventAttributes);
  await service().resetWorkflowExecution({
    namespace,
    workflowExecution: executionOf(tradeId),
    reason: 'a test',
    workflowTaskFinishEventId: first!.eventId,
    requestId: randomUUID(),
  });
}

const ledger = () => stack.gateway.control<LedgerReport>('/ledger');

async function entriesIn(symbol: string): Promise<number> {
  const { orders } = await ledger();
  return orders.filter((order) => order.symbol === symbol && order.role === 'entry').length;
}

const ordersSent = async () => (await ledger()).orders.length;

async function watchedAgain(tradeIds: readonly string[]): Promise<void> {
  for (const tradeId of tradeIds) {
    const isRunning = () => isTradeRunning(stack.temporal, tradeId);
    await untilTrue(`trade ${tradeId} has a workflow`, isRunning, SWEPT_MS);
  }
}

async function close(tradeId: string): Promise<TradeFacts> {
  const answer = await commandTrade(stack.temporal, tradeId, 'close', {
    key: 'end',
    actor: 'test',
  });
  expect(answer.verdict).toBe('accepted');
  return stack.waitFor(tradeId, (trade) => trade.realizedPnl !== null);
}

/** Cancels the stop in TWS, and waits until another stands in its place. */
async function stopReplaced(tradeId: string, symbol: string): Promise<void> {
  await stack.gateway.control('/faults', { name: 'manual-cancel', symbol, role: 'stop' });
  const isReplaced = ({ orders, isProtected }: TradeFacts) =>
    isProtected && orders.filter(({ role }) => role === 'STOP').length === 2;
  await stack.waitFor(tradeId, isReplaced);
}

test(
  '[TRD-15] terminated, cancelled and deleted, at each step: each goes on, no entry is sent twice',
  async () => {
    arm(failpoints, 'activity.enter.started', { action: 'delay', seconds: 3 });
    const entering = await submit('MSFT');
    await untilTrue('it is about to enter', async () => {
      const { raw } = await handleOf(entering).describe();
      return (raw.pendingActivities ?? []).some(
        ({ activityType }) => activityType?.name === 'enter',
      );
    });
    await handleOf(entering).terminate('a test');
    const [held, cancelled, deleted] = [await open('AAPL'), await open('IBM'), await open('XOM')];
    const rests = await submit('KO', resting);
    await stack.waitFor(rests, hasRested);

    await handleOf(held).terminate('a test');
    await handleOf(rests).terminate('a test');
    await handleOf(cancelled).cancel();
    const execution = executionOf(deleted);
    await service().deleteWorkflowExecution({ namespace, workflowExecution: execution });
    // It fills while nobody tells its story: its stop was sent with it.
    await stack.gateway.control('/prices', { KO: 62 });
    const all = [entering, held, cancelled, deleted, rests];
    await watchedAgain(all);
    for (const tradeId of all) {
      await stack.waitFor(tradeId, isAtRest);
      expect((await close(tradeId)).state).toBe('CLOSED');
    }
    for (const symbol of ['MSFT', 'AAPL', 'IBM', 'XOM', 'KO']) {
      expect([symbol, await entriesIn(symbol)]).toEqual([symbol, 1]);
    }
  },
  SCENE_MS,
);

test(
  '[TRD-1] reset to the first task, open, resting and closed: nothing is sent',
  async () => {
    const [held, closed] = [await open('NVDA'), await open('JPM')];
    const rests = await submit('PEP', { order_type: 'LMT', entry_price: '100' });
    await stack.waitFor(rests, hasRested);
    const { realizedPnl } = await close(closed);
    await handleOf(closed).result();
    const before = await ordersSent();
    for (const tradeId of [held, rests, closed]) await reset(tradeId);
    await handleOf(closed).result();
    const answers = await Promise.all([held, rests].map((id) => handleOf(id).query('story')));
    expect(answers).toHaveLength(2);
    expect(await ordersSent()).toBe(before);
    const again = await stack.db.trade.findUniqueOrThrow({ where: { id: closed } });
    expect([again.state, again.realizedPnl?.toFixed()]).toEqual(['CLOSED', realizedPnl?.toFixed()]);
    expect((await close(held)).state).toBe('CLOSED');
  },
  SCENE_MS,
);

test(
  '[TRD-3] while a workflow is paused the guard puts a stop in place of a cancelled one',
  async () => {
    await stopReplaced(paused.tradeId, 'META');
    // Beyond two sweeps: nobody takes it for a trade without a workflow.
    const isSwept = () => Date.now() > paused.atMs + SWEEPS_MS;
    await untilTrue('sweeps have looked at it', isSwept, SWEPT_MS);
    const { tradeId } = paused;
    expect(await stack.db.tradeEvent.count({ where: { tradeId, kind: 'taken_up' } })).toBe(0);
    const request = { namespace, ...executionOf(tradeId), reason: 'a test' };
    await service().unpauseWorkflowExecution({ ...request, requestId: randomUUID() });
    expect((await close(tradeId)).state).toBe('CLOSED');
  },
  SCENE_MS,
);

async function pendingActivity(tradeId: string): Promise<string> {
  let id = '';
  await untilTrue('an activity is tried again', async () => {
    const { raw } = await handleOf(tradeId).describe();
    const waits = raw.pendingActivities?.find(({ lastFailure }) => lastFailure);
    id = waits?.activityId ?? '';
    return id !== '';
  });
  return id;
}

test(
  '[TRD-3] an activity that is paused: the guard does its work, and it finds it done',
  async () => {
    const tradeId = await open('ORCL');
    arm(failpoints, 'activity.pursue.started', { action: 'throw', match: { tradeId } });
    await stack.gateway.control('/faults', { name: 'manual-cancel', symbol: 'ORCL', role: 'stop' });
    const activity = {
      namespace,
      execution: executionOf(tradeId),
      id: await pendingActivity(tradeId),
    };
    await service().pauseActivity(activity);
    const isReplaced = ({ orders, isProtected }: TradeFacts) =>
      isProtected && orders.filter(({ role }) => role === 'STOP').length === 2;
    await stack.waitFor(tradeId, isReplaced);
    await service().resetActivity(activity);
    const closed = await close(tradeId);
    expect(closed.orders.filter(({ role }) => role === 'STOP')).toHaveLength(2);
  },
  SCENE_MS,
);

test(
  '[TRD-1] an entry that was paused beyond its window is planned anew, and sent once',
  async () => {
    arm(failpoints, 'enter.claim.commit.before', { action: 'throw' });
    const tradeId = await submit('PG');
    const activity = {
      namespace,
      execution: executionOf(tradeId),
      id: await pendingActivity(tradeId),
    };
    await service().pauseActivity(activity);
    const { createdAt } = await stack.db.trade.findUniqueOrThrow({ where: { id: tradeId } });
    const isLate = () => Date.now() > createdAt.getTime() + 2 * SEND_WINDOW_MS;
    await untilTrue('its window is over', isLate);
    expect(await entriesIn('PG')).toBe(0);
    await service().unpauseActivity(activity);
    await stack.waitFor(tradeId, isAtRest);
    expect(await entriesIn('PG')).toBe(1);
    await close(tradeId);
  },
  SCENE_MS,
);

test('[GWY-7] and the referee saw nothing but the stops that were cancelled by hand', async () => {
  const report = await ledger();
  const { unprotectedShareSeconds } = report.verdicts;
  expect(report.breaches.map(({ symbol }) => symbol).sort()).toEqual(['META', 'ORCL']);
  expectNothingJudged(report, { unprotectedShareSeconds });
});
