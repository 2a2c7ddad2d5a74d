/** Reconciliation through the whole system: workers, Temporal, the gateway, and the command (REC-1 to REC-3). */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startReconcile } from '../../client/reconcile.js';
import {
  RECONCILE_WORKFLOW,
  reconcileWorkflowId,
  type ReconcileInput,
  type ReconcileResult,
} from '../../contract/reconcile.js';
import { tradeQueue } from '../../contract/workflows.js';
import type { ReconciliationView } from '../../contract/views.js';
import { ballast } from '../cli/support.js';
import { isAtRest } from '../support/at-rest.js';
import { startStack, type TestStack } from '../support/stack.js';
import { temporalAddress } from '../support/temporal.js';
import { untilTrue } from '../support/workers.js';

let stack: TestStack;
let accountId: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  stack = await startStack({ gateway: { flags: ['--cash', '10000000'] } });
  accountId = (await stack.db.account.findFirstOrThrow()).id;
  env = {
    DATABASE_URL: stack.databaseUrl,
    TEMPORAL_ADDRESS: await temporalAddress(),
    TASK_QUEUE_PREFIX: stack.queuePrefix,
    BALLAST_STATE_DIR: stack.stateDir,
  };
}, 120_000);
afterAll(() => stack?.stop(), 60_000);

/** The first look has been taken; the second one comes ten seconds after it. */
const LOOKED_MS = 4_000;

let count = 0;
async function openTrade(symbol: string): Promise<string> {
  count += 1;
  const { tradeId } = await stack.submit({
    ...{ id: `reconcile-${count}`, strategy_id: `strategy-${count}`, symbol, side: 'BUY' },
    ...{ quantity: '10', stop_loss_pct: '0.05' },
  });
  await stack.waitFor(tradeId, isAtRest);
  return tradeId;
}

async function reconcile(): Promise<ReconciliationView> {
  const { out, err } = await ballast(['reconcile', '--json'], { env });
  if (out === '') throw new Error(err);
  const { reconciliations } = JSON.parse(out) as { reconciliations: ReconciliationView[] };
  return reconciliations[0]!;
}

/** The books' quantity of a contract, as if a fill had been lost or invented. */
async function moveBooks(symbol: string, change: number, isExternal: boolean): Promise<void> {
  const where = { symbol, strategyId: isExternal ? null : { not: null } };
  await stack.db.position.updateMany({ where, data: { quantity: { increment: change } } });
}

test('[REC-1] the start itself has reconciled the account, once', async () => {
  const where = { accountId, cause: 'start', finishedAt: { not: null } };
  const hasRun = async () => (await stack.db.reconciliation.count({ where })) === 1;
  await untilTrue('it was reconciled at the start', hasRun, 20_000);
  expect(await stack.db.reconciliation.findFirst({ where })).toMatchObject({ outcome: 'clean' });
}, 30_000);

test('[REC-1] on demand: what was compared, no finding, exit code 0, at once', async () => {
  await openTrade('AAPL');
  const startedAtMs = performance.now();
  const { code, out } = await ballast(['reconcile'], { env });
  expect(code).toBe(0);
  expect(out).toContain('0 findings');
  expect(out).toMatch(/open trades\s+1/);
  expect(performance.now() - startedAtMs).toBeLessThan(5_000);
}, 60_000);

test('[REC-1] two at once are one run, also when a schedule starts one under its own id', async () => {
  const before = await stack.db.reconciliation.count({ where: { accountId } });
  const of = { accountId, queuePrefix: stack.queuePrefix };
  await stack.db.$executeRaw`UPDATE positions SET quantity = quantity - 1 WHERE symbol = 'AAPL'`;
  const first = await startReconcile(stack.temporal, of, 'demand');
  const second = await startReconcile(stack.temporal, of, 'reconnect');
  const scheduled = await stack.temporal.workflow.start<
    (input: ReconcileInput) => Promise<ReconcileResult>
  >(RECONCILE_WORKFLOW, {
    workflowId: `${reconcileWorkflowId(accountId)}-2026-11-22T00:00:00Z`,
    taskQueue: tradeQueue(stack.queuePrefix),
    args: [{ accountId, trigger: 'schedule' }],
  });
  expect(await scheduled.result()).toMatchObject({ outcome: 'joined' });
  await sleep(LOOKED_MS);
  await stack.db.$executeRaw`UPDATE positions SET quantity = quantity + 1 WHERE symbol = 'AAPL'`;
  expect(await second.result()).toEqual(await first.result());
  // Mended before the second look: what does not last is no finding.
  expect(await first.result()).toMatchObject({ outcome: 'clean' });
  expect(await stack.db.reconciliation.count({ where: { accountId } })).toBe(before + 1);
  const alone = await stack.temporal.workflow.start<
    (input: ReconcileInput) => Promise<ReconcileResult>
  >(RECONCILE_WORKFLOW, {
    workflowId: `${reconcileWorkflowId(accountId)}-2026-11-22T00:05:00Z`,
    taskQueue: tradeQueue(stack.queuePrefix),
    args: [{ accountId, trigger: 'schedule' }],
  });
  expect(await alone.result()).toMatchObject({ outcome: 'clean' });
}, 60_000);

test('[REC-1] on demand what differs now is found, though a run that looked before is under way', async () => {
  const of = { accountId, queuePrefix: stack.queuePrefix };
  await moveBooks('AAPL', -0.2, false);
  const before = await startReconcile(stack.temporal, of, 'reconnect');
  await sleep(LOOKED_MS);
  // Worth less than what pauses an account. Other than what it saw first, so the run that is under way finds nothing that lasts.
  await moveBooks('AAPL', -0.2, false);
  const { findings, trigger } = await reconcile();
  await moveBooks('AAPL', 0.4, false);
  expect(await before.result()).toMatchObject({ outcome: 'clean', findings: 0 });
  expect([trigger, findings.map(({ kind, symbol }) => `${kind} ${symbol}`)]).toEqual([
    'demand',
    expect.arrayContaining(['position_more AAPL']),
  ]);
}, 90_000);

test('[REC-2] shares that came without an order of ours are counted as external, and nothing is sent', async () => {
  const order = { symbol: 'KO', action: 'BUY', quantity: 5 };
  await stack.gateway.control('/faults', { name: 'external-order', ...order });
  // Its execution is in the picture, and so in the books: no difference.
  expect(await reconcile()).toMatchObject({ outcome: 'clean' });
  await moveBooks('KO', -2, true);
  const orders = await stack.db.orderIncarnation.count();
  const report = await reconcile();
  expect(report).toMatchObject({
    outcome: 'found',
    findings: [
      { kind: 'external_position', symbol: 'KO', difference: '2', step: 'count_external' },
    ],
  });
  const external = await stack.db.position.findFirstOrThrow({ where: { symbol: 'KO' } });
  expect(external.quantity.toFixed()).toBe('5');
  expect(await stack.db.orderIncarnation.count()).toBe(orders);
  expect(await stack.db.notification.count({ where: { kind: 'external_position' } })).toBe(1);
  expect(await reconcile()).toMatchObject({ outcome: 'clean' });
}, 90_000);

test('[REC-2] an order of somebody else is told of, and lives on', async () => {
  const order = { symbol: 'KO', action: 'BUY', quantity: 5, limit: 1 };
  await stack.gateway.control('/faults', { name: 'external-order', ...order });
  const { findings, outcome } = await reconcile();
  expect({ outcome, findings }).toMatchObject({
    outcome: 'found',
    findings: [{ kind: 'foreign_order', symbol: 'KO', step: 'none', done: 'nothing' }],
  });
  const again = await reconcile();
  expect(again.findings).toHaveLength(1);
}, 60_000);

test('[REC-3] over 100 USD unexplained: entries paused, alert, report; a person resumes, once', async () => {
  const tradeId = await openTrade('IBM');
  await moveBooks('IBM', -3, false);
  const report = await reconcile();
  expect(report).toMatchObject({ outcome: 'recovery' });
  const kinds = report.findings.map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(['position_more', 'books_differ']));
  expect(Number(report.unexplained_value)).toBeGreaterThan(100);
  expect(await stack.db.pause.count({ where: { kind: 'recovery', liftedAt: null } })).toBe(1);
  expect(await stack.db.notification.count({ where: { kind: 'recovery' } })).toBe(1);
  const denied = await stack.submit({
    ...{ id: 'while-paused', strategy_id: 'other', symbol: 'MSFT', side: 'BUY' },
    ...{ quantity: '1', stop_loss_pct: '0.05' },
  });
  await stack.waitFor(denied.tradeId, ({ state }) => state === 'DENIED');
  const told = await stack.db.tradeEvent.findMany({ where: { tradeId, kind: 'reconciled' } });
  expect(told).toHaveLength(2);
  expect((await ballast(['doctor'], { env })).out).toContain('ballast reconcile');

  expect((await ballast(['resume'], { env })).code).toBe(0);
  const again = await reconcile();
  expect(again.outcome).toBe('found');
  expect(await stack.db.pause.count({ where: { kind: 'recovery', liftedAt: null } })).toBe(0);
  await moveBooks('IBM', -1, false);
  expect((await reconcile()).outcome).toBe('recovery');
  await moveBooks('IBM', 4, false);
  await ballast(['resume'], { env });
}, 150_000);

test('[REC-1] after a break of the link it is reconciled again', async () => {
  const before = await stack.db.reconciliation.count({ where: { cause: 'reconnect' } });
  await stack.gateway.control('/faults', { name: 'connection-cut' });
  const where = { cause: 'reconnect', finishedAt: { not: null } };
  const hasRun = async () => (await stack.db.reconciliation.count({ where })) > before;
  await untilTrue('it was reconciled', hasRun, 40_000);
}, 60_000);
