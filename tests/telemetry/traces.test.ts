/**
 * One trace from a request to the broker's message, over five processes: what the receiver of traces is sent. Payloads
 * are encrypted meanwhile, and the histories that come of it are replayed by workers with and without traces.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bundleWorkflowCode, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { dataConverterOf } from '../../client/data-converter.js';
import { parsePayloadKeys } from '../../contract/payload-keys.js';
import { tradeWorkflowId } from '../../contract/workflows.js';
import { decimal } from '../../domain/money.js';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { launchNodeChild, type LaunchedPart } from '../../supervisor/node-child.js';
import { SECRET, token } from '../api/support.js';
import { isAtRest, isProtected } from '../support/at-rest.js';
import { builtFile } from '../support/built.js';
import { freePort } from '../support/ports.js';
import { plainOf, rawHistory } from '../support/raw-history.js';
import { startStack, type TestStack, type TradeFacts } from '../support/stack.js';
import { temporalAddress } from '../support/temporal.js';
import { untilTrue } from '../support/workers.js';
import { startReceiver, type ReceivedSpan, type Receiver } from './receiver.js';

const TRACE = 'aaaabbbbccccddddeeeeffff00001111';
/** Spans leave a process every second; a sweep that came first ends the wait for those of the request. */
const TOLD_WITHIN_MS = 10_000;
const CALLER = '1234567890abcdef';
const TEMPORAL_PAYLOAD_KEYS = `k1=${randomBytes(32).toString('base64url')}`;

let receiver: Receiver;
let stack: TestStack;
let api: LaunchedPart;
let env: Record<string, string>;
let url = '';
const linesOf = (process: string) =>
  readFileSync(join(stack.stateDir, `${process}.log`), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

beforeAll(async () => {
  receiver = await startReceiver();
  const traced = {
    TEMPORAL_PAYLOAD_KEYS,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-key=of%20the%20test',
  };
  stack = await startStack({ env: traced });
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  env = {
    ...traced,
    ...{ DATABASE_URL: stack.databaseUrl, TASK_QUEUE_PREFIX: stack.queuePrefix },
    ...{ TEMPORAL_ADDRESS: await temporalAddress(), API_PORT: String(port), JWT_SECRET: SECRET },
    BALLAST_STATE_DIR: stack.stateDir,
  };
  api = launchNodeChild({
    ...{
      name: 'api',
      script: builtFile('api/main.js'),
      args: [],
      logFile: join(stack.stateDir, 'api.log'),
    },
    ...{ readyLimitMs: 60_000, env: { ...process.env, ...env } },
  });
  await api.ready();
}, 120_000);
afterAll(async () => {
  await api?.stop();
  await stack?.stop();
  await receiver?.close();
}, 60_000);

const signal = (id: string, strategy: string) => ({
  ...{ id, strategy_id: strategy, symbol: 'AAPL', side: 'BUY', quantity: '10' },
  stop_loss_pct: '0.05',
});

const headOf = async (traceId: string) => ({
  authorization: `Bearer ${await token()}`,
  'content-type': 'application/json',
  traceparent: `00-${traceId}-${CALLER}-01`,
});

/** The stop at the broker stands there, as it was read back. */
const isMovedTo = (trade: TradeFacts, price: string): boolean =>
  isAtRest(trade) && trade.stopPrice !== null && decimal(String(trade.stopPrice)).eq(price);

const named = (name: string, traceId: string) =>
  receiver.spans().find((span) => span.name === name && span.traceId === traceId);

/** The names from a span up to the first of its trace that was received. */
function pathUp(from: ReceivedSpan | undefined): string[] {
  const path: string[] = [];
  let span = from;
  while (span !== undefined) {
    path.push(span.name);
    const { parentSpanId, traceId } = span;
    span = receiver
      .spans()
      .find((each) => each.spanId === parentSpanId && each.traceId === traceId);
  }
  return path;
}

/**
 * Up from the broker message of a trace, once its last span is there. Each process sends its own by itself, so any of them
 * may come last.
 */
const pathFrom = async (traceId: () => string, first: string, timeoutMs?: number) => {
  const path = () => pathUp(named('broker message', traceId()));
  await untilTrue(`the trace is whole, from ${first}`, () => path().at(-1) === first, timeoutMs);
  return path();
};

/** As workers have it, and without what carries traces, as those of before had it. */
let bundles: readonly WorkflowBundleWithSourceMap[] = [];

async function bundled(): Promise<typeof bundles> {
  const workflows = join(projectRoot(), 'workflows');
  const code = {
    workflowsPath: join(workflows, 'index.ts'),
    failureConverterPath: join(workflows, 'failure-converter.ts'),
  };
  const workflowInterceptorModules = [join(workflows, 'trace.ts')];
  if (bundles.length === 0) {
    bundles = [
      await bundleWorkflowCode({ ...code, workflowInterceptorModules }),
      await bundleWorkflowCode(code),
    ];
  }
  return bundles;
}

async function historyReplays(tradeId: string): Promise<void> {
  const workflowId = tradeWorkflowId(tradeId);
  const history = await stack.temporal.workflow.getHandle(workflowId).fetchHistory();
  const dataConverter = dataConverterOf(parsePayloadKeys(TEMPORAL_PAYLOAD_KEYS))!;
  for (const workflowBundle of await bundled()) {
    await Worker.runReplayHistory({ workflowBundle, dataConverter }, history, workflowId);
  }
}

let tradeId = '';

test('[OPS-4] one trace goes from an HTTP request over workflow and activity to the broker message', async () => {
  const answer = await fetch(`${url}/api/v1/signals`, {
    method: 'POST',
    headers: await headOf(TRACE),
    body: JSON.stringify(signal('t-1', 'one')),
  });
  expect(answer.status).toBe(202);
  ({ trade_id: tradeId } = (await answer.json()) as { trade_id: string });
  const trade = await stack.waitFor(tradeId, isProtected);
  const path = await pathFrom(() => TRACE, 'POST /api/v1/signals');
  const message = named('broker message', TRACE);
  expect(path).toEqual([
    'broker message',
    'broker send',
    'RunActivity:enter',
    'RunWorkflow:trade',
    'StartWorkflow:trade',
    'POST /api/v1/signals',
  ]);
  expect(named('POST /api/v1/signals', TRACE)?.parentSpanId).toBe(CALLER);
  const refs = trade.orders.map(({ clientOrderId }) => clientOrderId).sort();
  expect([...(message?.attributes['ballast.order_refs'] as string[])].sort()).toEqual(refs);
  const services = receiver.spans().map(({ service }) => service);
  expect([...new Set(services)].sort()).toEqual([
    'ballast-api',
    'ballast-broker-worker',
    'ballast-trade-worker',
  ]);
  expect(receiver.headers()['x-key']).toBe('of the test');
}, 90_000);

test('[OPS-4] the log of the request names the trace and the trade, those of the steps the trade', async () => {
  const answered = linesOf('api').find(
    ({ route, method }) => route === '/api/v1/signals' && method === 'POST',
  );
  expect(answered).toMatchObject({ trace_id: TRACE, tradeId });
  const told = (process: string) => () =>
    linesOf(process).flatMap((line) => (line['tradeId'] === tradeId ? [String(line['msg'])] : []));
  expect(told('broker-worker')()).toEqual(
    expect.arrayContaining(['planned', 'written to the broker', 'a fill is booked']),
  );
  const other = await stack.submit({ ...signal('denied-1', 'denied'), quantity: '0.001' });
  await stack.waitFor(other.tradeId, ({ state }) => state === 'DENIED');
  await untilTrue('its end is in the log', () =>
    linesOf('trade-worker').some(
      (line) => line['tradeId'] === other.tradeId && line['msg'] === 'the trade is over',
    ),
  );
});

test('[OPS-4] a command to a trade is a trace of its own, up to what it has the broker told', async () => {
  // A sweep may tell the workflow first, once in a while: then the move is part of the trade's own trace.
  for (const [index, factor] of ['1.005', '1.010', '1.015'].entries()) {
    const traceId = `cccc0000cccc0000cccc0000cccc000${index}`;
    const { stopPrice } = await stack.waitFor(tradeId, isAtRest);
    const price = decimal(String(stopPrice)).mul(factor).toDecimalPlaces(2).toString();
    const answer = await fetch(`${url}/api/v1/trades/${tradeId}`, {
      method: 'PATCH',
      headers: await headOf(traceId),
      body: JSON.stringify({ stop_price: price }),
    });
    expect([answer.status, await answer.text()]).toEqual([202, expect.any(String)]);
    await stack.waitFor(tradeId, (trade) => isMovedTo(trade, price));
    const path = await pathFrom(() => traceId, 'PATCH /api/v1/trades/:id', TOLD_WITHIN_MS).catch(
      () => null,
    );
    if (path === null) continue;
    expect(path.slice(0, 2)).toEqual(['broker message', 'broker send']);
    expect(path.slice(-2)).toEqual(['SignalWorkflow:tradeChanged', 'PATCH /api/v1/trades/:id']);
    return;
  }
  throw new Error('no move was part of the trace of whoever asked for it');
}, 120_000);

test('[OPS-4] a command of the command line begins a trace', async () => {
  const file = join(stack.stateDir, 'signal.json');
  writeFileSync(file, JSON.stringify(signal('t-3', 'three')));
  const args = [join(projectRoot(), 'bin/ballast.mjs'), 'signal', file];
  await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...env } });
  const begun = () => receiver.spans().find(({ name }) => name === 'ballast signal');
  const path = await pathFrom(() => begun()?.traceId ?? '', 'ballast signal');
  expect(begun()?.parentSpanId).toBe('');
  expect(path.slice(-3)).toEqual(['RunWorkflow:trade', 'StartWorkflow:trade', 'ballast signal']);
}, 90_000);

test('[OPS-5] the header of a trace is all that is not encrypted, and holds nothing but ids', async () => {
  const plain = plainOf(await rawHistory(stack.temporal, tradeWorkflowId(tradeId)));
  expect(plain.length).toBeGreaterThan(0);
  for (const text of plain) {
    expect(text).toMatch(/^\{"traceparent":"00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]"\}$/);
  }
});

test('[TRD-10] the history of a trade with a trace replays with and without what carries traces', async () => {
  await historyReplays(tradeId);
}, 90_000);

test('[TRD-10] a trade that began without a trace goes on under workers that make them, and replays with both', async () => {
  // Told to Temporal by this process, which traces nothing.
  const { tradeId: plain } = await stack.submit(signal('t-2', 'two'));
  await stack.waitFor(plain, isProtected);
  await historyReplays(plain);
  const ofTrade = receiver.spans().filter(({ attributes }) => {
    const { temporalWorkflowId: workflow } = attributes;
    return workflow === tradeWorkflowId(plain);
  });
  expect(ofTrade).toEqual([]);
}, 90_000);
