/** Signals that wait for a person's word over the death of everything but the database (SIG-3), on real parts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ApprovalView } from '../../contract/views.js';
import { tradeWorkflowId } from '../../contract/workflows.js';
import type { LedgerReport } from '../../gateway/ledger/report.js';
import { findProgram } from '../../scripts/infra/find-program.js';
import { freePort } from '../../scripts/infra/ports.js';
import { startTemporal, type RunningTemporal } from '../../scripts/infra/temporal.js';
import { TEMPORAL } from '../../scripts/infra/temporal-programs.js';
import { ballast } from '../cli/support.js';
import { isAtRest } from '../support/at-rest.js';
import { startGateway } from '../support/gateway.js';
import { startStack, type TestStack, type TradeFacts } from '../support/stack.js';
import { expectNothingJudged } from '../support/verdicts.js';

/** Over before everything runs again, and long enough to be asked. */
const SHORT_MS = 20_000;
/** A start of everything on busy cores, the wait for the link, and an entry. */
const RESTARTED_MS = 90_000;

let folder: string;
let temporal: RunningTemporal;
let ports: { readonly port: number; readonly uiPort: number };
let stack: TestStack;

/** The same server, with what it knew. */
async function startServer(): Promise<RunningTemporal> {
  const { path } = await findProgram(TEMPORAL);
  const files = { dbFile: join(folder, 'temporal.db'), logFile: join(folder, 'temporal.log') };
  return startTemporal({ path, ...ports, ...files });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-approval-'));
  ports = { port: await freePort(), uiPort: await freePort() };
  temporal = await startServer();
  stack = await startStack({
    temporalAddress: temporal.address,
    gateway: { stateDir: join(folder, 'gateway') },
    env: { APPROVAL: 'required', LEASE_TTL_MS: '2000', LEASE_RENEW_MS: '500' },
  });
}, 90_000);
afterAll(async () => {
  await stack?.stop();
  await temporal?.server.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

async function submit(symbol: string, change: Record<string, unknown> = {}): Promise<string> {
  const { tradeId } = await stack.submit({
    ...{ id: `approval-${symbol}`, strategy_id: `approval-${symbol}`, symbol, side: 'BUY' },
    ...{ quantity: '10', stop_loss_pct: '0.05', take_profit_pct: '0.06', ...change },
  });
  await stack.waitFor(tradeId, ({ state }) => state === 'AWAITING_APPROVAL');
  return tradeId;
}

const run = (...argv: string[]) => {
  const { databaseUrl: DATABASE_URL, queuePrefix: TASK_QUEUE_PREFIX } = stack;
  const env = { DATABASE_URL, TASK_QUEUE_PREFIX, TEMPORAL_ADDRESS: temporal.address };
  return ballast(argv, { env });
};

const ledger = () => stack.gateway.control<LedgerReport>('/ledger');
const isDenied = ({ state }: TradeFacts) => state === 'DENIED';
const storyOf = (tradeId: string) =>
  stack.temporal.workflow
    .getHandle(tradeWorkflowId(tradeId))
    .query<{ wait: object | null }>('story');

/** Everything but the database, which all tests share. */
async function killEverything(): Promise<void> {
  await Promise.all([stack.killWorker('broker-worker'), stack.killWorker('trade-worker')]);
  await stack.gateway.kill();
  process.kill(temporal.server.pid()!, 'SIGKILL');
  await temporal.server.exited;
}

async function startEverything(): Promise<void> {
  temporal = await startServer();
  const { port, controlPort, stateDir } = stack.gateway;
  stack.gateway = await startGateway({ stateDir, port, controlPort });
  await Promise.all([stack.startWorker('broker-worker'), stack.startWorker('trade-worker')]);
}

test('[SIG-3] approvals wait over a restart of everything; what is approved enters, and nothing else', async () => {
  const patient = await submit('AAPL');
  const decidedInTheDark = await submit('MSFT');
  const unwanted = await submit('IBM');
  const expires_at = new Date(Date.now() + SHORT_MS).toISOString();
  const forgotten = await submit('KO', { expires_at });
  const listed = JSON.parse((await run('approvals', '--json')).out) as ApprovalView[];
  expect(listed.map(({ trade_id: id }) => id).sort()).toEqual(
    [patient, decidedInTheDark, unwanted, forgotten].sort(),
  );
  expect(listed[0]).toMatchObject({ symbol: 'KO', quantity: '10', expires_at });
  expect((await run('trades')).out).toContain('waits to be approved: BUY 10 AAPL @ ');
  expect((await storyOf(patient)).wait).toMatchObject({ then: 'deny' });
  expect(await stack.db.reservation.count()).toBe(0);
  expect((await ledger()).orders).toEqual([]);

  await killEverything();
  // A row is a decision: nobody has to be there to hear it.
  for (const argv of [
    ['approve', decidedInTheDark],
    ['reject', unwanted, '--reason', 'too late'],
  ]) {
    const { code, err } = await run(...argv);
    expect(code).toBe(0);
    expect(err).toContain('it is recorded; it is carried out once the workers run again');
  }
  await startEverything();

  await stack.waitFor(decidedInTheDark, isAtRest, RESTARTED_MS);
  for (const tradeId of [unwanted, forgotten]) {
    const { denialCodes } = await stack.waitFor(tradeId, isDenied, RESTARTED_MS);
    expect(denialCodes).toEqual(['NOT_APPROVED']);
  }
  const row = await stack.db.trade.findUniqueOrThrow({ where: { id: patient } });
  expect(row.state).toBe('AWAITING_APPROVAL');

  expect(await run('approve', patient)).toMatchObject({ code: 0, out: 'approved\n' });
  const second = await run('reject', patient);
  expect(second.code).toBe(1);
  expect(second.out).toMatch(/^refused: it was approved by cli:\S+ at \d{4}-\d\d-\d\dT/);
  const late = await run('approve', forgotten);
  expect(late.code).toBe(1);
  expect(late.out).toContain('its time was over at');

  await stack.waitFor(patient, isAtRest);
  const { orders } = await ledger();
  expect([...new Set(orders.map(({ symbol }) => symbol))].sort()).toEqual(['AAPL', 'MSFT']);
  expect(orders.filter(({ role }) => role === 'entry')).toHaveLength(2);
  const stops = orders.filter(({ orderType }) => orderType === 'STP');
  expect(stops.map(({ armed }) => armed)).toEqual([true, true]);
  for (const tradeId of [patient, decidedInTheDark]) {
    expect((await run('close', tradeId)).code).toBe(0);
    await stack.waitFor(tradeId, ({ realizedPnl }) => realizedPnl !== null);
  }
  expectNothingJudged(await ledger());
}, 240_000);
