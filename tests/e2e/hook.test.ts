/** The alert of a chart on real parts (SIG-6): however often it is delivered, and whatever is down, it is one trade. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { LedgerReport } from '../../gateway/ledger/report.js';
import { launchNodeChild, type LaunchedPart } from '../../supervisor/node-child.js';
import { ballast } from '../cli/support.js';
import { isProtected } from '../support/at-rest.js';
import { builtFile } from '../support/built.js';
import { freePort } from '../support/ports.js';
import { startStack, type TestStack } from '../support/stack.js';
import { temporalAddress } from '../support/temporal.js';
import { expectNothingJudged } from '../support/verdicts.js';

const READY_LIMIT_MS = 60_000;
/** Nothing listens there. */
const NO_TEMPORAL = '127.0.0.1:1';

interface Api {
  readonly part: LaunchedPart;
  readonly url: string;
  readonly logFile: string;
}

let folder: string;
let stack: TestStack;
let api: Api;
/** The same, which can't reach Temporal. */
let cutOff: Api;
/** `/hooks/` and the token. */
let path = '';

async function startApi(name: string, temporal: string): Promise<Api> {
  const port = await freePort();
  const logFile = join(folder, `${name}.log`);
  const part = launchNodeChild({
    ...{ name, script: builtFile('api/main.js'), args: [], logFile },
    readyLimitMs: READY_LIMIT_MS,
    env: {
      ...process.env,
      ...{ DATABASE_URL: stack.databaseUrl, TASK_QUEUE_PREFIX: stack.queuePrefix },
      ...{ TEMPORAL_ADDRESS: temporal, API_PORT: String(port), BALLAST_STATE_DIR: folder },
      LOG_LEVEL: 'trace',
    },
  });
  await part.ready();
  return { part, url: `http://127.0.0.1:${port}`, logFile };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-hook-'));
  // With a stop for all that have none, a chart's exit could open a short where that is allowed.
  stack = await startStack({ env: { DEFAULT_STOP_LOSS_PCT: '0.05' } });
  api = await startApi('api', await temporalAddress());
  cutOff = await startApi('api-cut-off', NO_TEMPORAL);
  const env = {
    ...{ DATABASE_URL: stack.databaseUrl, BALLAST_STATE_DIR: folder },
    ...{ TASK_QUEUE_PREFIX: stack.queuePrefix, API_PUBLIC_URL: 'https://trade.example' },
  };
  const made = await ballast(['hook', 'create', 'chart', '--strategy', 'momentum'], { env });
  path = new URL(made.out.trim()).pathname;
}, 120_000);
afterAll(async () => {
  for (const started of [api, cutOff]) {
    if (started && !started.part.hasExited()) await started.part.stop();
  }
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** As TradingView fills in the example of docs/webhooks.md. */
const alertOf = (symbol: string) => ({
  ...{ ticker: `NASDAQ:${symbol}`, action: 'buy', order_id: 'Long Entry', interval: '5' },
  timenow: `${new Date().toISOString().slice(0, 19)}Z`,
  ...{ contracts: '10', stop_loss_pct: '0.05', take_profit_pct: '0.06' },
});

async function deliver({ url }: Api, body: unknown) {
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const answer = await fetch(`${url}${path}`, init);
  const told = (await answer.json()) as { trade_id: string; is_new: boolean };
  return { status: answer.status, ...told };
}

async function entriesOf(symbol: string): Promise<number> {
  const { orders } = await stack.gateway.control<LedgerReport>('/ledger');
  return orders.filter((order) => order.symbol === symbol && order.orderType === 'MKT').length;
}

test('[SIG-6] [SIG-2] an alert that is delivered three times, with the workers down in between, is one trade', async () => {
  const alert = alertOf('AAPL');
  const first = await deliver(api, alert);
  expect(first).toMatchObject({ status: 202, is_new: true });
  await stack.killWorker('trade-worker');
  const second = await deliver(api, alert);
  await stack.startWorker('trade-worker');
  const third = await deliver(api, alert);
  for (const repeat of [second, third]) expect(repeat).toEqual({ ...first, is_new: false });
  const trade = await stack.waitFor(first.trade_id, isProtected);
  expect([trade.symbol, trade.state]).toEqual(['AAPL', 'OPEN']);
  expect(await stack.db.trade.count()).toBe(1);
  expect(await entriesOf('AAPL')).toBe(1);
}, 120_000);

test('[SIG-6] [SIG-2] one that is delivered while Temporal is away is taken, and starts by itself', async () => {
  const alert = alertOf('MSFT');
  const first = await deliver(cutOff, alert);
  expect(first).toMatchObject({ status: 202, is_new: true });
  const again = await deliver(cutOff, alert);
  expect(again).toEqual({ ...first, is_new: false });
  await stack.waitFor(first.trade_id, isProtected);
  expect(await deliver(api, alert)).toEqual({ ...first, is_new: false });
  expect(await entriesOf('MSFT')).toBe(1);
  expectNothingJudged(await stack.gateway.control<LedgerReport>('/ledger'));
}, 120_000);

test('[SIG-6] a chart that goes flat closes, and opens nothing where there is nothing to close', async () => {
  await stack.db.account.updateMany({ data: { settings: { allowShort: true } } });
  const [open] = await stack.db.trade.findMany({ where: { symbol: 'AAPL', state: 'OPEN' } });
  const flat = { action: 'sell', market_position: 'flat', prev_market_position: 'long' };
  const first = await deliver(api, { ...alertOf('AAPL'), ...flat, order_id: 'Exit' });
  const closing = await stack.waitFor(first.trade_id, ({ state }) => state === 'DENIED');
  expect(closing.denialCodes).toContain('CLOSED_OPPOSITE');
  await stack.waitFor(open!.id, ({ state }) => state === 'CLOSED');
  const second = await deliver(api, { ...alertOf('AAPL'), ...flat, order_id: 'Exit again' });
  const { denialCodes } = await stack.waitFor(second.trade_id, ({ state }) => state === 'DENIED');
  expect(denialCodes).toEqual(['BELOW_MINIMUM_SIZE']);
}, 120_000);

test('[SIG-6] [SIG-4] an alert that opens, and is delivered after the one that closes, opens nothing', async () => {
  const at = (beforeNowMs: number) =>
    `${new Date(Date.now() - beforeNowMs).toISOString().slice(0, 19)}Z`;
  const [opens, closes] = [{ timenow: at(4_000) }, { timenow: at(2_000) }];
  const flat = { action: 'sell', market_position: 'flat', prev_market_position: 'long' };
  const first = await deliver(api, { ...alertOf('IBM'), ...flat, ...closes, order_id: 'Exit' });
  await stack.waitFor(first.trade_id, ({ state }) => state === 'DENIED');
  const second = await deliver(api, { ...alertOf('IBM'), ...opens });
  const { denialCodes } = await stack.waitFor(second.trade_id, ({ state }) => state === 'DENIED');
  expect(denialCodes).toEqual(['SIGNAL_OVERTAKEN']);
  expect(await entriesOf('IBM')).toBe(0);
}, 120_000);

test('[SIG-6] what is logged of all that names the webhook, and never its token', async () => {
  const refused = await deliver(api, { ...alertOf('AAPL'), action: 'hold' });
  expect(refused.status).toBe(400);
  const long = await fetch(`${api.url}${path}${'x'.repeat(500)}`, { method: 'POST' });
  const unreadable = await fetch(`${api.url}${path}%E0%A4`, { method: 'POST' });
  expect([long.status, unreadable.status]).toEqual([404, 400]);
  expect(await long.text()).not.toContain(path);
  expect(await unreadable.text()).not.toContain(path);
  const log = () => readFileSync(api.logFile, 'utf8');
  const deadline = Date.now() + READY_LIMIT_MS;
  while (!log().includes('an alert was refused') && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const line = log()
    .split('\n')
    .find((each) => each.includes('an alert was refused'));
  expect(JSON.parse(line ?? '{}')).toMatchObject({ hook: 'chart', fields: ['action'] });
  const token = path.replace('/hooks/', '');
  expect(token.length).toBeGreaterThan(40);
  for (const { logFile } of [api, cutOff]) {
    expect(readFileSync(logFile, 'utf8')).not.toContain(token);
  }
}, 90_000);
