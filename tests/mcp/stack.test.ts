/** MCP on real parts: what is previewed is executed once, whoever calls and over whatever; what is read-only stays so. */
import { spawn } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getDefaultEnvironment } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { LedgerReport } from '../../gateway/ledger/report.js';
import { identify } from '../../scripts/lib/processes.mjs';
import { launchNodeChild, type LaunchedPart } from '../../supervisor/node-child.js';
import { SECRET, token } from '../api/support.js';
import { isProtected } from '../support/at-rest.js';
import { builtFile } from '../support/built.js';
import { freePort } from '../support/ports.js';
import { startStack, type TestStack } from '../support/stack.js';
import { temporalAddress } from '../support/temporal.js';
import { expectNothingJudged } from '../support/verdicts.js';
import { BALLAST, overHttp, overStdio, refusal, toolNames, use } from './support.js';

/** Calls of one execution, all at once, over each of two connections. */
const AT_ONCE = 10;
const READY_LIMIT_MS = 60_000;

let folder: string;
let stack: TestStack;
let env: Record<string, string>;
let api: LaunchedPart;
let pipe: Client;
let http: Client;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-mcp-'));
  stack = await startStack();
  const { databaseUrl: DATABASE_URL, queuePrefix: TASK_QUEUE_PREFIX } = stack;
  env = { DATABASE_URL, TASK_QUEUE_PREFIX, TEMPORAL_ADDRESS: await temporalAddress() };
  env = { ...env, BALLAST_STATE_DIR: folder, JWT_SECRET: SECRET };
  const port = await freePort();
  api = launchNodeChild({
    ...{ name: 'api', script: builtFile('api/main.js'), args: [], readyLimitMs: READY_LIMIT_MS },
    logFile: join(folder, 'api.log'),
    env: { ...process.env, ...env, API_PORT: String(port) },
  });
  await api.ready();
  http = await overHttp(`http://127.0.0.1:${port}`, await token());
  pipe = await overStdio(['--allow-trading'], env);
}, 180_000);
afterAll(async () => {
  await pipe?.close();
  await http?.close();
  if (api && !api.hasExited()) await api.stop();
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const ledger = () => stack.gateway.control<LedgerReport>('/ledger');

interface Previewed {
  readonly preview: {
    readonly preview_id: string;
    readonly state: string;
    readonly shows: {
      readonly orders: readonly { readonly role: string; readonly quantity: string }[];
      readonly sizing: { readonly quantity: string };
      readonly what_if: { readonly commission: string };
    };
  };
}
interface Executed {
  readonly outcome: string;
  readonly trade_id: string;
  readonly is_new: boolean;
  readonly is_judged: boolean;
  readonly preview: Previewed['preview'] | null;
}

const market = { ticker: 'aapl', side: 'BUY', order_type: 'Market' };

describe('[MCP-1] over both transports', () => {
  test('[PRV-2] a preview sends nothing; executed many times at once it is one trade, with its actor', async () => {
    await stack.gateway.control('/market', { paused: true });
    await stack.gateway.control('/prices', { AAPL: 100 });
    const wanted = { ...market, quantity: 10, stop_loss: '95', take_profit: '110' };
    const { preview } = await use<Previewed>(pipe, 'preview_trade', wanted);
    expect(preview).toMatchObject({ state: 'approved', symbol: 'AAPL' });
    expect(preview.shows.orders.map(({ role, quantity }) => [role, quantity])).toEqual([
      ...[['ENTRY', '10'] as [string, string], ['STOP', '10'], ['TARGET', '10']],
    ]);
    expect(preview.shows.what_if.commission).toBe('1');
    expect((await ledger()).orders).toEqual([]);

    const calls = Array.from({ length: AT_ONCE }, () => [pipe, http]).flat();
    const args = { preview_id: preview.preview_id };
    const ends = await Promise.all(calls.map((by) => use<Executed>(by, 'execute_trade', args)));
    const [tradeId, ...others] = new Set(ends.map(({ trade_id: id }) => id));
    expect(others).toEqual([]);
    expect(ends.filter(({ is_new: isNew }) => isNew)).toHaveLength(1);
    expect(ends.every(({ outcome }) => outcome === 'executed')).toBe(true);
    await stack.waitFor(tradeId!, isProtected);
    expect((await ledger()).orders).toHaveLength(3);
    expect(await stack.db.trade.count()).toBe(1);
    const [entry] = await stack.db.auditEntry.findMany({
      where: { action: { contains: 'preview' } },
    });
    expect(entry?.actor).toMatch(/^mcp\b/);

    const positions = await use(http, 'get_positions');
    expect(positions).toMatchObject({ items: [{ symbol: 'AAPL', quantity: '10' }] });
    const shown = await use(pipe, 'get_trade', { trade_id: tradeId });
    expect(shown).toMatchObject({ trade: { state: 'OPEN', is_protected: true } });
  }, 180_000);

  test('a trade without a quantity is sized; a resting entry is cancelled', async () => {
    await stack.gateway.control('/prices', { MSFT: 100 });
    const limit = { order_type: 'Limit', limit_price: '99.5', stop_loss: '98' };
    const { preview } = await use<Previewed>(http, 'preview_trade', {
      ...{ ticker: 'MSFT', side: 'BUY' },
      ...limit,
    });
    expect(preview).toMatchObject({ state: 'approved' });
    expect(Number(preview.shows.sizing.quantity)).toBeGreaterThan(0);
    const { preview_id: id } = preview;
    const { trade_id: tradeId } = await use<Executed>(http, 'execute_trade', { preview_id: id });
    const isAtBroker = (trade: { readonly state: string }) => trade.state === 'ENTERING';
    await stack.waitFor(tradeId, isAtBroker);
    interface Orders {
      items: { id: string; role: string; symbol: string }[];
    }
    const { items } = await use<Orders>(pipe, 'get_orders', { ticker: 'MSFT' });
    const entry = items.find(({ role }) => role === 'ENTRY');
    expect(entry).toMatchObject({ symbol: 'MSFT' });
    await use(pipe, 'cancel_order', { order_id: entry!.id });
    await stack.waitFor(tradeId, ({ state }) => state === 'CANCELLED');
    expectNothingJudged(await ledger());
  }, 180_000);

  test('[PRV-2] what has moved is not sent: a new preview is given to be shown', async () => {
    await stack.gateway.control('/prices', { IBM: 100 });
    const wanted = { ...market, ticker: 'IBM', quantity: '5', stop_loss: '90' };
    const { preview } = await use<Previewed>(pipe, 'preview_trade', wanted);
    const { preview_id: id } = preview;
    await stack.db.$executeRaw`UPDATE previews SET as_shown_until = made_at WHERE id = ${id}::uuid`;
    await stack.gateway.control('/prices', { IBM: 103 });
    const before = (await ledger()).orders.length;
    const changed = await use<Executed>(pipe, 'execute_trade', { preview_id: id });
    expect(changed).toMatchObject({ outcome: 'changed', trade_id: null, is_new: false });
    expect(changed.preview?.preview_id).not.toBe(id);
    expect((await ledger()).orders).toHaveLength(before);
    await stack.db.$executeRaw`UPDATE previews SET expires_at = made_at WHERE id = ${id}::uuid`;
    const { code, next } = await refusal(pipe, 'execute_trade', { preview_id: id });
    expect([code, next]).toEqual(['PREVIEW_EXPIRED', expect.stringContaining('preview_trade')]);
  }, 180_000);

  test('what would be denied is shown with its checks, and can not be executed', async () => {
    const wanted = { ...market, quantity: 10, stop_loss: '250' };
    const { preview } = await use<Previewed>(http, 'preview_trade', wanted);
    expect(preview.state).toBe('denied');
    const args = { preview_id: preview.preview_id };
    expect(await refusal(http, 'execute_trade', args)).toMatchObject({ code: 'PREVIEW_DENIED' });
  }, 120_000);
});

describe('[MCP-1] over standard input and output', () => {
  test('read-only unless allowed: it previews, and neither lists nor does what trades', async () => {
    const reader = await overStdio([], env);
    try {
      const names = await toolNames(reader);
      expect(names).toEqual(
        (await toolNames(pipe)).filter((name) => !/^(execute|cancel)/.test(name)),
      );
      const wanted = { ...market, quantity: 1, stop_loss: '95' };
      const { preview } = await use<Previewed>(reader, 'preview_trade', wanted);
      const before = await stack.db.trade.count();
      const args = { preview_id: preview.preview_id };
      const { code } = await refusal(reader, 'execute_trade', args);
      expect(code).toBe('TRADING_NOT_ALLOWED');
      expect(await stack.db.trade.count()).toBe(before);
    } finally {
      await reader.close();
    }
  }, 120_000);

  test('nothing is written but the protocol; what was asked is answered when the input ends', async () => {
    const asked = [
      {
        ...{ id: 1, method: 'initialize' },
        params: {
          ...{ protocolVersion: '2025-06-18', capabilities: {} },
          clientInfo: { name: 'test', version: '1' },
        },
      },
      { method: 'notifications/initialized' },
      { id: 2, method: 'tools/call', params: { name: 'get_health', arguments: {} } },
      { id: 3, method: 'tools/call', params: { name: 'get_account', arguments: {} } },
    ];
    const lines = asked.map((message) => JSON.stringify({ jsonrpc: '2.0', ...message }));
    const { out, code } = await piped(`${lines.join('\n')}\nnot of the protocol\n`, env);
    const answers = out.map((line) => JSON.parse(line) as { id: number; result: object });
    expect(answers.map(({ id }) => id).sort()).toEqual([1, 2, 3]);
    const account = answers.find(({ id }) => id === 3)?.result;
    expect(account).toMatchObject({ structuredContent: { items: [{ is_paper: true }] } });
    expect(code).toBe(0);
  }, 60_000);

  test('what else prints does not get between its lines', async () => {
    const stray = 'data:text/javascript,setInterval(() => console.log("stray"), 1).unref()';
    const ping = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'get_health' } };
    const settings = { ...env, NODE_OPTIONS: `--import=${encodeURI(stray)}` };
    const { out, err } = await piped(`${JSON.stringify(ping)}\n`, settings);
    // While it starts, nobody reads yet what it prints.
    const answer = out.findIndex((line) => line.startsWith('{'));
    expect(JSON.parse(out[answer]!)).toMatchObject({ id: 1 });
    expect(out.slice(answer + 1)).toEqual([]);
    const serving = err.findIndex((line) => line.startsWith('serving'));
    expect(err.slice(serving)).toContain('stray');
  }, 60_000);

  test('tools are there while nothing runs, and reach what is started after them', async () => {
    const { DATABASE_URL, ...nowhere } = env;
    const lost = await overStdio([], nowhere);
    try {
      const { code, message } = await refusal(lost, 'get_trades');
      expect([code, message.untrusted]).toEqual([
        'UNAVAILABLE',
        expect.stringContaining('npm start'),
      ]);
      started({ DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' });
      expect(await use(lost, 'get_health')).toMatchObject({ status: 'down' });
      started({ DATABASE_URL: DATABASE_URL! });
      expect(await use(lost, 'get_account')).toMatchObject({ items: [{ is_paper: true }] });
    } finally {
      await lost.close();
      rmSync(join(folder, 'runtime.json'));
    }
  }, 60_000);
});

/** The note that a start leaves of what it runs. */
function started(running: Record<string, string>): void {
  const runtime = { supervisor: identify(), env: running };
  const file = join(folder, 'runtime.json');
  writeFileSync(`${file}.new`, JSON.stringify(runtime));
  renameSync(`${file}.new`, file);
}

/** Runs `ballast mcp` on an input that ends. @returns what it prints, line by line, and its exit code */
function piped(
  input: string,
  settings: Record<string, string>,
): Promise<{ out: string[]; err: string[]; code: number | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BALLAST, 'mcp'], {
      env: { ...getDefaultEnvironment(), ...settings },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    const lines = (text: string) => text.split('\n').filter(Boolean);
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ out: lines(out), err: lines(err), code }));
    child.stdin.end(input);
  });
}
