/**
 * What a running installation exposes: a real trade at the paper gateway, scraped from the API and from each worker, and
 * once more after the broker worker was killed. Alerts and panels are checked against it.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PROCESS_METRICS } from '../../telemetry/process-metrics.js';
import { SYSTEM_METRICS } from '../../telemetry/system-metrics.js';
import { call, servedApi, token, type ServedApi } from '../api/support.js';
import { isProtected } from '../support/at-rest.js';
import { freePort } from '../support/ports.js';
import { startStack, type TestStack } from '../support/stack.js';
import { temporalAddress } from '../support/temporal.js';
import { untilTrue } from '../support/workers.js';
import { expressions, metricsIn, parseMetrics, type Exposed } from './support.js';

let stack: TestStack;
let api: ServedApi;
let brokerPort = 0;
let tradePort = 0;
let taken = 0;

beforeAll(async () => {
  [brokerPort, tradePort] = [await freePort(), await freePort()];
  stack = await startStack({
    env: {
      BROKER_WORKER_METRICS_PORT: String(brokerPort),
      TRADE_WORKER_METRICS_PORT: String(tradePort),
    },
  });
  const { databaseUrl: DATABASE_URL, queuePrefix: TASK_QUEUE_PREFIX } = stack;
  const TEMPORAL_ADDRESS = await temporalAddress();
  api = await servedApi({ DATABASE_URL, TASK_QUEUE_PREFIX, TEMPORAL_ADDRESS });
  const body = { strategy_id: 'one', symbol: 'AAPL', side: 'BUY', quantity: '10' };
  const { tradeId } = await stack.submit({ id: 'm-1', ...body, stop_loss_pct: '0.05' });
  await stack.waitFor(tradeId, isProtected);
  // A stop above the price of a buy: denied, with its reason.
  const { tradeId: denied } = await stack.submit({ id: 'm-2', ...body, stop_loss: '99999' });
  await stack.waitFor(denied, ({ state }) => state === 'DENIED');
  // What another worker had counted on this connection.
  taken = await systemValue('ballast_unprotected_share_seconds_total');
}, 120_000);
afterAll(async () => {
  await api?.close();
  await stack?.stop();
}, 60_000);

async function ofSystem(): Promise<Map<string, Exposed>> {
  const { status, text, type } = await call(api, '/metrics');
  expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  return parseMetrics(text);
}

async function ofWorker(port: number): Promise<Map<string, Exposed>> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(answer.status).toBe(200);
  return parseMetrics(await answer.text());
}

const valueOf = (found: Map<string, Exposed>, name: string, labels = '') =>
  found.get(name)?.samples.get(labels);

async function systemValue(name: string, labels = ''): Promise<number> {
  return valueOf(await ofSystem(), name, labels) ?? NaN;
}

describe('[OPS-4] [API-1] GET /metrics', () => {
  test('has every metric of the catalogue with its type, and what a trade has made of them', async () => {
    const found = await ofSystem();
    for (const [name, { kind }] of Object.entries(SYSTEM_METRICS)) {
      expect([name, found.get(name)?.type]).toEqual([name, kind]);
    }
    const value = (name: string, labels = '') => valueOf(found, name, labels);
    expect(value('ballast_positions', '{stop="armed"}')).toBe(1);
    expect(value('ballast_positions', '{stop="missing"}')).toBe(0);
    expect(value('ballast_unarmed_seconds')).toBe(0);
    expect(value('ballast_trades', '{state="OPEN"}')).toBe(1);
    expect(value('ballast_trades', '{state="DENIED"}')).toBe(1);
    expect(value('ballast_orders', '{role="ENTRY",status="EXECUTED"}')).toBe(1);
    expect(value('ballast_signals_total')).toBe(2);
    expect(value('ballast_fills_total', '{owner="ballast",side="BUY"}')).toBeGreaterThan(0);
    expect(value('ballast_signal_sent_seconds', '_count')).toBe(1);
    expect(value('ballast_sent_acknowledged_seconds', '_count')).toBeGreaterThan(1);
    expect(value('ballast_links', '{state="ready"}')).toBe(1);
    expect(value('ballast_part_up', '{part="trade worker"}')).toBe(1);
    expect(value('ballast_halt_file')).toBe(0);
    expect(value('ballast_mode', '{level="installation",mode="ACTIVE"}')).toBe(1);
    const codes = [...(found.get('ballast_risk_denials_total')?.samples ?? [])];
    expect(codes.some(([labels, count]) => /STOP/.test(labels) && count === 1)).toBe(true);
    expect([...(found.get('ballast_metrics_read_failed')?.samples.values() ?? [])]).toEqual([
      0, 0, 0, 0,
    ]);
  });

  test('names no account, no symbol, no strategy and no id', async () => {
    const { text } = await call(api, '/metrics');
    expect(text).not.toMatch(/DU\d|AAPL|"one"|[0-9a-f]{8}-[0-9a-f]{4}/);
  });

  test('counts requests by pattern, and takes no word of theirs', async () => {
    await call(api, '/api/v1/trades/00000000-0000-4000-8000-000000000000?symbol=ZZZ');
    await call(api, '/zzz');
    const { text } = await call(api, '/metrics');
    const requests = parseMetrics(text).get('ballast_http_requests_total')?.samples;
    expect(requests?.get('{method="GET",route="/api/v1/trades/:id",status="4xx"}')).toBe(1);
    expect(requests?.get('{method="any",route="none",status="4xx"}')).toBe(1);
    expect(text).not.toMatch(/zzz/i);
  });

  test('[API-2] needs the owner’s token, unless a setting opens it', async () => {
    expect((await call(api, '/metrics', { token: null })).status).toBe(401);
    const wrong = await token({ scopes: ['trade'] });
    expect((await call(api, '/metrics', { token: wrong })).body.code).toBe('SCOPE_MISSING');
    await stack.db.user.create({ data: { name: 'other' } });
    const other = await token({ user: 'other' });
    expect((await call(api, '/metrics', { token: other })).body.code).toBe('OWNER_ONLY');
    const TEMPORAL_ADDRESS = await temporalAddress();
    const { databaseUrl: DATABASE_URL } = stack;
    const open = await servedApi({ DATABASE_URL, TEMPORAL_ADDRESS, METRICS_OPEN: 'true' });
    try {
      expect((await call(open, '/metrics', { token: null })).status).toBe(200);
    } finally {
      await open.close();
    }
  });

  test('answers while the database is away: it says so, and shows nothing old', async () => {
    const url = 'postgresql://nobody@127.0.0.1:1/x';
    const gone = await servedApi({
      DATABASE_URL: url,
      METRICS_OPEN: 'true',
      TEMPORAL_ADDRESS: '127.0.0.1:1',
    });
    try {
      const { status, text } = await call(gone, '/metrics', { token: null });
      const found = parseMetrics(text);
      expect(status).toBe(200);
      expect(valueOf(found, 'ballast_part_up', '{part="database"}')).toBe(0);
      expect(valueOf(found, 'ballast_metrics_read_failed', '{group="now"}')).toBe(1);
      expect(found.get('ballast_positions')?.samples.size).toBe(0);
    } finally {
      await gone.close();
    }
  });
});

describe('[OPS-4] each worker', () => {
  test('exposes what it counts, Node’s numbers and those of Temporal’s SDK', async () => {
    const found = await ofWorker(brokerPort);
    const own = Object.entries(PROCESS_METRICS).filter(([, { from }]) => from === 'broker worker');
    for (const [name, { kind }] of own) expect([name, found.get(name)?.type]).toEqual([name, kind]);
    expect(valueOf(found, 'ballast_broker_connected')).toBe(1);
    expect(valueOf(found, 'ballast_broker_lease_held')).toBe(1);
    expect(valueOf(found, 'ballast_pacing_limit')).toBeGreaterThan(0);
    expect(valueOf(found, 'ballast_event_committed_seconds', '_count')).toBeGreaterThan(2);
    const sent = '{priority="entry",outcome="written"}';
    expect(valueOf(found, 'ballast_broker_sends_total', sent)).toBe(1);
    expect(found.has('nodejs_eventloop_lag_seconds')).toBe(true);
    await untilTrue('the SDK shows its numbers', async () =>
      [...(await ofWorker(brokerPort)).keys()].some((name) => name.startsWith('temporal_')),
    );
  });

  test('shows to this machine alone, and nothing else at its address', async () => {
    expect((await fetch(`http://127.0.0.1:${brokerPort}/other`)).status).toBe(404);
    const post = await fetch(`http://127.0.0.1:${brokerPort}/metrics`, { method: 'POST' });
    expect(post.status).toBe(404);
  });

  test('what alerts and panels ask for is there', async () => {
    const pages = [await ofSystem(), await ofWorker(brokerPort), await ofWorker(tradePort)];
    const names = new Set(pages.flatMap((page) => [...page.keys()]));
    const asked = new Set(expressions().flatMap(([, expr]) => metricsIn(expr)));
    expect([...asked].filter((name) => !names.has(name))).toEqual([]);
  });

  test('killed, it sets nothing back that matters', async () => {
    const before = await ofSystem();
    await stack.db.$executeRaw`UPDATE connections SET health = jsonb_set(health, '{guardTotals}',
      '{"breaches": 3, "unprotectedShareSeconds": 12.5, "excessShareSeconds": 0}')`;
    await stack.killWorker('broker-worker');
    await stack.db.$executeRaw`UPDATE connections SET health = jsonb_set(health, '{guardTotals}',
      '{"breaches": 3, "unprotectedShareSeconds": 12.5, "excessShareSeconds": 0}')`;
    await stack.startWorker('broker-worker');
    await untilTrue('it publishes', async () => {
      const row = await stack.db.connection.findFirstOrThrow();
      return row.ready && 'guardTotals' in (row.health as object);
    });
    const after = await ofSystem();
    const counters = Object.entries(SYSTEM_METRICS).filter(([, { kind }]) => kind === 'counter');
    for (const [name] of counters) {
      for (const [labels, value] of before.get(name)?.samples ?? []) {
        expect([name, labels, (valueOf(after, name, labels) ?? -1) >= value]).toEqual([
          name,
          labels,
          true,
        ]);
      }
    }
    expect(valueOf(after, 'ballast_unprotected_share_seconds_total')).toBeGreaterThanOrEqual(12.5);
    expect(valueOf(after, 'ballast_breaches_total')).toBeGreaterThanOrEqual(3);
    expect(taken).toBeGreaterThanOrEqual(0);
  });
});
