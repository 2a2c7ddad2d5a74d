/** Previews on real parts (PRV-1, PRV-2): nothing is sent or reserved, and what is executed is sent once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PreviewView } from '../../contract/views.js';
import { arm, taken } from '../../failpoints/arm.js';
import type { Action, FailpointName } from '../../failpoints/table.js';
import type { LedgerReport } from '../../gateway/ledger/report.js';
import { ballast } from '../cli/support.js';
import { temporalAddress } from '../support/temporal.js';
import { isProtected } from '../support/at-rest.js';
import { startStack, type TestStack } from '../support/stack.js';
import { expectNothingJudged } from '../support/verdicts.js';

/** Retries of one execution, all at once. */
const AT_ONCE = 20;

let folder: string;
let stack: TestStack;
let env: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-preview-'));
  stack = await startStack({ env: { BALLAST_FAILPOINTS: points() } });
  const { databaseUrl: DATABASE_URL, queuePrefix: TASK_QUEUE_PREFIX } = stack;
  env = { DATABASE_URL, TASK_QUEUE_PREFIX, TEMPORAL_ADDRESS: await temporalAddress() };
}, 90_000);
afterAll(async () => {
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const points = () => join(folder, 'points');

const run = (...argv: string[]) => ballast(argv, { env });
const ledger = () => stack.gateway.control<LedgerReport>('/ledger');

test('[PRV-1] [PRV-2] a preview shows all and sends nothing; executed many times at once it is one order', async () => {
  const fields = ['symbol=AAPL', 'side=BUY', 'quantity=10', 'stop_loss_pct=0.05'];
  const made = await run('preview', ...fields, 'take_profit_pct=0.06', '--json');
  expect({ ...made, out: '' }).toEqual({ code: 0, out: '', err: '' });
  const preview = JSON.parse(made.out) as PreviewView;
  const { orders, what_if: cost, checks, quote, sizing } = preview.shows!;
  expect(preview).toMatchObject({ state: 'approved', symbol: 'AAPL', trade_id: null });
  expect(orders).toMatchObject([
    { role: 'ENTRY', side: 'BUY', order_type: 'MKT', quantity: '10', time_in_force: 'DAY' },
    { role: 'STOP', side: 'SELL', order_type: 'STP', quantity: '10', time_in_force: 'GTC' },
    { role: 'TARGET', side: 'SELL', order_type: 'LMT', quantity: '10', time_in_force: 'GTC' },
  ]);
  expect(cost).toMatchObject({ commission: '1', initial_margin_change: expect.any(String) });
  expect(checks.every(({ outcome }) => outcome === 'passed')).toBe(true);
  expect({ quote, sizing }).toMatchObject({ quote: { kind: 'live' }, sizing: { approved: true } });
  expect(await stack.db.reservation.count()).toBe(0);
  expect(await stack.db.signal.count()).toBe(0);
  expect((await ledger()).orders).toEqual([]);

  const ends = await Promise.all(
    Array.from({ length: AT_ONCE }, () => run('execute', preview.preview_id, '--json')),
  );
  const told = ends.map(({ out }) => JSON.parse(out) as { trade_id: string; is_new: boolean });
  const [tradeId, ...others] = new Set(told.map(({ trade_id: id }) => id));
  expect(others).toEqual([]);
  expect(told.filter(({ is_new: isNew }) => isNew)).toHaveLength(1);
  const trade = await stack.waitFor(tradeId!, isProtected);
  expect(trade.plannedQuantity?.toString()).toBe('10');
  const sent = (await ledger()).orders;
  const terms = ({ role }: { role: string }) => orders.find((order) => order.role === role)!;
  expect(sent).toHaveLength(orders.length);
  expect(await stack.db.trade.count()).toBe(1);
  const shown = await stack.db.order.findMany({ where: { tradeId: tradeId! } });
  for (const { role, terms: wanted } of shown) {
    expect(wanted).toMatchObject({ quantity: terms({ role }).quantity });
  }

  const again = await run('execute', preview.preview_id);
  expect(again).toEqual({
    code: 0,
    out: `${tradeId}\n`,
    err: 'executed before: nothing new was sent\n',
  });
}, 120_000);

interface Outcome {
  readonly outcome: string;
  readonly trade_id?: string;
  readonly preview?: PreviewView;
  readonly error?: { readonly code: string };
}

async function execute(previewId: string): Promise<Outcome> {
  return JSON.parse((await run('execute', previewId, '--json')).out) as Outcome;
}

test('[PRV-2] later it is compared with a new one: moved, that one is shown; about the same, it runs', async () => {
  await stack.gateway.control('/market', { paused: true });
  await stack.gateway.control('/prices', { MSFT: 100 });
  const fields = ['symbol=MSFT', 'side=BUY', 'stop_loss=90', 'risk_pct=0.001'];
  const { out } = await run('preview', ...fields, '--json');
  const preview = JSON.parse(out) as PreviewView;
  const { preview_id: previewId } = preview;
  await stack.db
    .$executeRaw`UPDATE previews SET as_shown_until = made_at WHERE id = ${previewId}::uuid`;
  await stack.gateway.control('/prices', { MSFT: 101 });
  const changed = await execute(previewId);
  expect(changed).toMatchObject({ outcome: 'changed', preview: { replaces: previewId } });
  expect(
    await stack.db.signal.count({ where: { body: { path: ['symbol'], equals: 'MSFT' } } }),
  ).toBe(0);

  await stack.gateway.control('/prices', { MSFT: 100 });
  // Within ten seconds the same new preview is compared with.
  await stack.db.$executeRaw`UPDATE previews SET created_at = created_at - interval '1 minute'`;
  const executed = await execute(previewId);
  expect(executed).toMatchObject({ outcome: 'executed', is_new: true });
  await stack.waitFor(executed.trade_id!, isProtected);
  expect(await execute(changed.preview!.preview_id)).toMatchObject({
    outcome: 'refused',
    error: { code: 'SIGNAL_KNOWN' },
  });
  expectNothingJudged(await ledger());
}, 120_000);

/** The step that makes it fails or repeats there, once. */
const STRIKES: readonly (readonly [FailpointName, Action])[] = [
  ['activity.makePreview.started', 'throw'],
  ['preview.id.take.after', 'throw'],
  ['preview.save.before', 'throw'],
  ['preview.save.after', 'throw'],
  ['activity.makePreview.done', 'throw'],
  ['activity.makePreview.done', 'repeat'],
];

test('[PRV-1] [PRF-3] it is made all the same where its step fails or runs twice, and nothing is sent', async () => {
  const before = (await ledger()).orders.length;
  for (const [index, [point, action]] of STRIKES.entries()) {
    arm(points(), point, { action, count: 1 });
    const { code, out } = await run(
      'preview',
      'symbol=IBM',
      'side=BUY',
      'stop_loss_pct=0.05',
      '--json',
    );
    expect({ point, code }).toEqual({ point, code: 0 });
    expect(JSON.parse(out)).toMatchObject({ state: 'approved' });
    expect(taken(points())).toHaveLength(index + 1);
  }
  expect((await ledger()).orders).toHaveLength(before);
}, 120_000);
